//! The inbound queue: a customer's message becomes a request or a comment, and opens the window.

use casement_core::model::queue::{InboundQueueMessage, decode};
use casement_lambda::batch::{Record, Returned};
use casement_lambda::{Cloud, Function, Worker, outcome};
use casement_service::Inbound;
use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = Function::start(env!("CARGO_CRATE_NAME"))?;
    let worker = InboundMessages(Inbound {
        app: function.app()?,
        whatsapp: function.whatsapp()?,
        outbound: function.outbound_queue()?,
        delays: function.delay_queue()?,
    });
    let queue = function.environment.inbound_queue()?;
    let runner = function.runner_for_files()?;
    function.work(queue, runner, worker).await
}

/// Takes in what customers write.
struct InboundMessages(Inbound<Cloud>);

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
