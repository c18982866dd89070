//! Every minute: move the timers that are due from the table to the delay queue.

use casement_service::ports::{Clock, DelayQueue, Timers};
use casement_service::{Later, Sweep};
use lambda_runtime::Diagnostic;

/// The function.
#[derive(Debug)]
pub struct TimerSweep<S, D, C> {
    /// Moves the timers.
    pub use_case: Sweep<S, D, C>,
}

/// A run stopped early. The next one, a minute later, begins again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sweep stopped: {0}")]
pub struct SweepStopped(String);

impl From<Later> for SweepStopped {
    fn from(later: Later) -> Self {
        later.event.count();
        Self(later.cause)
    }
}

impl From<SweepStopped> for Diagnostic {
    fn from(stopped: SweepStopped) -> Self {
        Self {
            error_type: "SweepStopped".to_owned(),
            error_message: stopped.to_string(),
        }
    }
}

impl<S: Timers, D: DelayQueue, C: Clock> TimerSweep<S, D, C> {
    /// One run.
    ///
    /// # Errors
    /// The table or the queue failed. Lambda counts it as an error, which the alarm watches.
    pub async fn run(&self) -> Result<(), SweepStopped> {
        let swept = self.use_case.run().await?;
        if swept.queued > 0 {
            tracing::info!(
                queued = swept.queued,
                "timers were handed to the delay queue"
            );
        }
        Ok(())
    }
}
