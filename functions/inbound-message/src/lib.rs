//! The inbound queue: a customer's message becomes a request or a comment, and opens the window.

use casement_core::decide::identity_change::former_key;
use casement_core::model::identity::ConversationKey;
use casement_core::model::queue::{InboundQueueMessage, decode};
use casement_lambda::batch::{Record, Returned};
use casement_lambda::{Cloud, Worker, outcome};
use casement_service::Inbound;

/// Takes in what customers write.
pub struct InboundMessages(pub Inbound<Cloud>);

impl Worker for InboundMessages {
    async fn handle(&self, record: &Record) -> Result<(), Returned> {
        match decode(&record.body).map_err(outcome::not_understood)? {
            InboundQueueMessage::CustomerMessage(message) => {
                let customer = message.from.identifiers().next().unwrap_or_default();
                let conversation = ConversationKey::new(&message.phone_number_id, customer);
                let result = self.0.receive(&message, record.attempt).await;
                outcome::report("customer_message", &conversation.fingerprint(), result)
            }
            InboundQueueMessage::IdentityChange(change) => {
                let conversation = former_key(&change).fingerprint();
                let result = self.0.change_identity(&change).await;
                outcome::report("identity_change", &conversation, result)
            }
        }
    }
}
