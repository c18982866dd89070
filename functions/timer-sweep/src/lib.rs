//! Every minute: move the timers that are due from the table to the delay queue, count what is
//! stuck, and, when it is time to, look Jira through for comments whose webhook never came.

use casement_aws::queues::SqsDelay;
use casement_lambda::Cloud;
use casement_service::{Later, Reconciliation, sweep};
use lambda_runtime::Diagnostic;

/// The function.
pub struct TimerSweep {
    /// The queue whose messages arrive later.
    pub delays: SqsDelay,
    /// Finds lost comments.
    pub reconciliation: Reconciliation<Cloud>,
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

impl TimerSweep {
    /// One run. The timers come first: they need nothing from Jira.
    ///
    /// # Errors
    /// The table or a queue failed. Lambda counts it as an error, which the alarm watches.
    pub async fn run(&self) -> Result<(), SweepStopped> {
        let app = &self.reconciliation.app;
        let swept = sweep(&app.store, &self.delays, &app.clock).await?;
        if swept.queued > 0 {
            tracing::info!(
                queued = swept.queued,
                "timers were handed to the delay queue"
            );
        }
        if swept.shards_left > 0 {
            tracing::warn!(
                queued = swept.queued,
                shards = swept.shards_left,
                "more timers are due than one run takes; the next run goes on"
            );
        }
        if swept.unsettled > 0 {
            tracing::warn!(
                unsettled = swept.unsettled,
                "customers' messages are not in Jira yet"
            );
        }
        self.reconcile().await;
        Ok(())
    }

    /// Looks Jira through. What stops it is logged and counted, and fails nothing: the mark stays
    /// where it is, the next run goes on from there, and the timers are moved all the same.
    async fn reconcile(&self) {
        let reconciled = match self.reconciliation.run().await {
            Ok(reconciled) => reconciled,
            Err(later) => {
                tracing::warn!(cause = later.cause, "Jira was not looked through");
                later.event.count();
                return;
            }
        };
        if reconciled.found > 0 {
            tracing::warn!(
                found = reconciled.found,
                "comments had not come by webhook and are handled now"
            );
        }
        if reconciled.unfinished {
            tracing::warn!("more was changed in Jira than one run looks through; the next goes on");
        }
    }
}
