//! The outbound queue: the only function that sends on WhatsApp.

// A reply's nested futures exceed the compiler's default recursion limit.
#![recursion_limit = "256"]

use casement_core::model::queue::{OutboundQueueMessage, decode};
use casement_lambda::batch::{Record, Returned};
use casement_lambda::{Cloud, Function, Worker, outcome};
use casement_service::Outbound;
use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = Function::start(env!("CARGO_CRATE_NAME"))?;
    let worker = OutboundMessages(Outbound {
        app: function.app()?,
        whatsapp: function.whatsapp()?,
    });
    let queue = function.environment.outbound_queue()?;
    let runner = function.runner_for_files()?;
    function.work(queue, runner, worker).await
}

/// Carries out what the queue asks for.
struct OutboundMessages(Outbound<Cloud>);

impl Worker for OutboundMessages {
    async fn handle(&self, record: &Record) -> Result<(), Returned> {
        let message: OutboundQueueMessage =
            decode(&record.body).map_err(outcome::not_understood)?;
        let result = self.0.carry_out(&message, record.attempt).await;
        outcome::report(kind(&message), message.group().as_str(), result)
    }
}

fn kind(message: &OutboundQueueMessage) -> &'static str {
    match message {
        OutboundQueueMessage::CommentCreated(_) => "comment",
        OutboundQueueMessage::CommentEdited(_) => "comment_edited",
        OutboundQueueMessage::CommentDeleted(_) => "comment_deleted",
        OutboundQueueMessage::ReleaseHeld(_) => "release",
        OutboundQueueMessage::DelayNotice(_) => "delay_notice",
        OutboundQueueMessage::AnnounceHeld(_) => "announce_held",
        OutboundQueueMessage::KeepOpen(_) => "keep_open",
        OutboundQueueMessage::AgentAlert(_) => "agent_alert",
        OutboundQueueMessage::ExpireHeld(_) => "hold_expiry",
        OutboundQueueMessage::WindowField(_) => "window_field",
        OutboundQueueMessage::LostFile(_) => "lost_file",
        OutboundQueueMessage::ConfirmOptOut(_) => "confirm_opt_out",
    }
}
