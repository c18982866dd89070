//! Every minute: moves due timers from the table to the delay queue, counts stuck messages, and
//! every few minutes searches Jira for comments whose webhook never came.

use casement_aws::queues::SqsDelay;
use casement_lambda::{Cloud, Function};
use casement_service::{Later, Reconciliation, sweep};
use lambda_runtime::{Diagnostic, Error, LambdaEvent};
use serde::de::IgnoredAny;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = Function::start(env!("CARGO_CRATE_NAME"))?;
    let sweep = TimerSweep {
        delays: function.delay_queue()?,
        reconciliation: Reconciliation {
            app: function.app()?,
            outbound: function.outbound_queue()?,
        },
    };
    let handler = async |_tick: LambdaEvent<IgnoredAny>| sweep.run().await;
    function.serve(handler).await
}

/// The function.
struct TimerSweep {
    /// The queue whose messages arrive later.
    delays: SqsDelay,
    /// Finds lost comments.
    reconciliation: Reconciliation<Cloud>,
}

/// A run stopped early. The next one, a minute later, begins again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sweep stopped: {0}")]
struct SweepStopped(String);

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
    /// Makes one run. The timers come first: they do not need Jira.
    ///
    /// # Errors
    /// The table or a queue failed. Lambda counts it as an error, which the alarm watches.
    async fn run(&self) -> Result<(), SweepStopped> {
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

    /// Searches Jira. Logs and counts a failure without failing the run: the next run continues
    /// from the same mark, and the timers are moved anyway.
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
