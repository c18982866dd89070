//! The delay queue: at the due moment look again, decide, and hand the notice to the only sender.

use std::convert::Infallible;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use casement_aws::queues::follow;
use casement_aws::visibility::SqsVisibility;
use casement_core::queue::{DelayQueueMessage, decode};
use casement_lambda::batch::{BatchRunner, Record, Returned};
use casement_lambda::outcome;
use casement_service::DueNotices;
use casement_service::ports::{Clock, Conversations, OutboundQueue};
use lambda_runtime::LambdaEvent;

/// The function.
#[derive(Debug)]
pub struct DelayNotices<S, Q, C> {
    /// Decides about a notice.
    pub use_case: DueNotices<S, Q, C>,
    /// What runs the batch.
    pub runner: BatchRunner,
    /// When a failed message comes back.
    pub visibility: SqsVisibility,
}

impl<S, Q, C> DelayNotices<S, Q, C>
where
    S: Conversations,
    Q: OutboundQueue,
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
        let DelayQueueMessage::NoticeDue {
            conversation,
            generation,
        } = decode(&record.body).map_err(outcome::not_understood)?;
        let result = self.use_case.ring(&conversation, generation).await;
        outcome::report("notice_due", &conversation.fingerprint(), result)
    }
}
