//! The inbound queue: a customer's message becomes a request or a comment, and opens the window.

use std::convert::Infallible;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use casement_aws::queues::follow;
use casement_aws::visibility::SqsVisibility;
use casement_core::identity::ConversationKey;
use casement_core::identity_change::former_key;
use casement_core::queue::{InboundQueueMessage, decode};
use casement_lambda::batch::{BatchRunner, Record, Returned};
use casement_lambda::outcome;
use casement_service::Inbound;
use casement_service::ports::{
    Clock, DelayQueue, Jira, MediaFiles, OutboundQueue, SettingsSource, Store,
};
use lambda_runtime::LambdaEvent;

/// The function.
#[derive(Debug)]
pub struct InboundMessages<S, J, W, Q, T, C> {
    /// Takes a message in.
    pub use_case: Inbound<S, J, W, Q, T, C>,
    /// What runs the batch.
    pub runner: BatchRunner,
    /// When a failed message comes back.
    pub visibility: SqsVisibility,
}

impl<S, J, W, Q, T, C> InboundMessages<S, J, W, Q, T, C>
where
    S: Store,
    J: Jira,
    W: MediaFiles,
    Q: OutboundQueue + DelayQueue,
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
        match decode(&record.body).map_err(outcome::not_understood)? {
            InboundQueueMessage::CustomerMessage(message) => {
                let customer = message.from.identifiers().next().unwrap_or_default();
                let conversation = ConversationKey::new(&message.phone_number_id, customer);
                let result = self.use_case.receive(&message, record.last).await;
                outcome::report("customer_message", &conversation.fingerprint(), result)
            }
            InboundQueueMessage::IdentityChange(change) => {
                let conversation = former_key(&change).fingerprint();
                let result = self.use_case.change_identity(&change).await;
                outcome::report("identity_change", &conversation, result)
            }
        }
    }
}
