//! The status queue: WhatsApp's reports about our messages reach the ledger, failures the agent.

use std::convert::Infallible;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use casement_aws::queues::follow;
use casement_aws::visibility::SqsVisibility;
use casement_core::queue::{StatusQueueMessage, decode};
use casement_lambda::batch::{BatchRunner, Record, Returned};
use casement_lambda::outcome;
use casement_service::Statuses;
use casement_service::ports::{
    Clock, Comments, Conversations, HeldReplies, Ledger, SettingsSource,
};
use lambda_runtime::LambdaEvent;

/// How often a report may be ahead of its ledger entry before it is taken for a report about
/// somebody else's message. The entry is written before the send, so that once is rare.
const MOST_RECEIVES: u32 = 5;

/// The function.
#[derive(Debug)]
pub struct MessageStatuses<S, J, T, C> {
    /// Notes a report.
    pub use_case: Statuses<S, J, T, C>,
    /// What runs the batch.
    pub runner: BatchRunner,
    /// When a failed message comes back.
    pub visibility: SqsVisibility,
}

impl<S, J, T, C> MessageStatuses<S, J, T, C>
where
    S: Ledger + Conversations + HeldReplies,
    J: Comments,
    T: SettingsSource,
    C: Clock,
{
    /// Handles a batch: every record alone, those of one group in order.
    ///
    /// # Errors
    /// None: records that failed are named in the response.
    pub async fn handle(
        &self,
        event: LambdaEvent<SqsEvent>,
    ) -> Result<SqsBatchResponse, Infallible> {
        let invocation = self.runner.invocation(&event.context);
        let record =
            async |record: &Record| follow(record.trail.clone(), self.record(record)).await;
        let visibility = async |handle: &str, wait| self.visibility.set(handle, wait).await;
        Ok(self
            .runner
            .run(event.payload, invocation, record, visibility)
            .await)
    }

    async fn record(&self, record: &Record) -> Result<(), Returned> {
        let StatusQueueMessage::Status(report) =
            decode(&record.body).map_err(outcome::not_understood)?;
        let patience_is_over = record.last || record.receives >= MOST_RECEIVES;
        let result = self.use_case.record(&report, patience_is_over).await;
        outcome::report(
            "status",
            report.callback.as_deref().unwrap_or_default(),
            result,
        )
    }
}
