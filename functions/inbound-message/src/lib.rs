//! The inbound queue: a customer's message becomes a request or a comment, and opens the window.

use casement_core::model::queue::{InboundQueueMessage, decode};
use casement_lambda::batch::{Record, Returned};
use casement_lambda::{Cloud, Worker, outcome};
use casement_service::Inbound;

/// Takes in what customers write.
pub struct InboundMessages(pub Inbound<Cloud>);

impl Worker for InboundMessages {
    async fn handle(&self, record: &Record) -> Result<(), Returned> {
        let message: InboundQueueMessage = decode(&record.body).map_err(outcome::not_understood)?;
        let conversation = message.group().fingerprint();
        let (kind, result) = match message {
            InboundQueueMessage::CustomerMessage(message) => {
                let result = self.0.receive(&message, record.attempt).await;
                ("customer_message", result)
            }
            InboundQueueMessage::IdentityChange(change) => {
                let result = self.0.change_identity(&change).await;
                ("identity_change", result)
            }
        };
        outcome::report(kind, &conversation, result)
    }
}
