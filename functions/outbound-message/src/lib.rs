//! The outbound queue: the only function that sends on WhatsApp.

// A reply's nested futures exceed the compiler's default recursion limit.
#![recursion_limit = "256"]

use casement_core::model::queue::{OutboundQueueMessage, decode};
use casement_lambda::batch::{Record, Returned};
use casement_lambda::{Cloud, Worker, outcome};
use casement_service::Outbound;

/// Carries out what the queue asks for.
pub struct OutboundMessages(pub Outbound<Cloud>);

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
        OutboundQueueMessage::CommentCreated { .. } => "comment",
        OutboundQueueMessage::CommentEdited { .. } => "comment_edited",
        OutboundQueueMessage::CommentDeleted { .. } => "comment_deleted",
        OutboundQueueMessage::ReleaseHeld { .. } => "release",
        OutboundQueueMessage::DelayNotice { .. } => "delay_notice",
        OutboundQueueMessage::AnnounceHeld { .. } => "announce_held",
        OutboundQueueMessage::KeepOpen { .. } => "keep_open",
        OutboundQueueMessage::AgentAlert { .. } => "agent_alert",
        OutboundQueueMessage::ExpireHeld { .. } => "hold_expiry",
        OutboundQueueMessage::WindowField { .. } => "window_field",
        OutboundQueueMessage::LostFile { .. } => "lost_file",
        OutboundQueueMessage::ConfirmOptOut { .. } => "confirm_opt_out",
    }
}
