//! The outbound queue: the only function that sends on WhatsApp.

use std::convert::Infallible;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use casement_aws::queues::follow;
use casement_aws::visibility::SqsVisibility;
use casement_core::queue::{OutboundQueueMessage, decode};
use casement_lambda::batch::{BatchRunner, Record, Returned};
use casement_lambda::outcome;
use casement_service::Outbound;
use casement_service::ports::{Clock, Jira, Messenger, SettingsSource, Store};
use lambda_runtime::LambdaEvent;

/// The function.
#[derive(Debug)]
pub struct OutboundMessages<S, J, W, T, C> {
    /// Carries a message out.
    pub use_case: Outbound<S, J, W, T, C>,
    /// What runs the batch.
    pub runner: BatchRunner,
    /// When a failed message comes back.
    pub visibility: SqsVisibility,
}

impl<S, J, W, T, C> OutboundMessages<S, J, W, T, C>
where
    S: Store,
    J: Jira,
    W: Messenger,
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
        let message: OutboundQueueMessage =
            decode(&record.body).map_err(outcome::not_understood)?;
        let result = self.use_case.carry_out(&message, record.last).await;
        outcome::report(kind(&message), message.group().as_str(), result)
    }
}

fn kind(message: &OutboundQueueMessage) -> &'static str {
    match message {
        OutboundQueueMessage::CommentCreated { .. } => "comment",
        OutboundQueueMessage::CommentEdited { .. } => "comment_edited",
        OutboundQueueMessage::CommentDeleted { .. } => "comment_deleted",
        OutboundQueueMessage::ReleaseHeld { .. } => "release",
        OutboundQueueMessage::DelayNotice { .. } => "delay_notice",
        OutboundQueueMessage::LostFile { .. } => "lost_file",
        OutboundQueueMessage::ConfirmWish { .. } => "confirm_wish",
    }
}
