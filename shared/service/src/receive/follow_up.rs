//! Hands the sender its part of a customer's message.

use casement_core::decide::inbound::InboundPlan;
use casement_core::model::identity::IssueRef;
use casement_core::model::queue::{ConversationTask, OptOutTask, OutboundQueueMessage, WaitTask};

use super::Receiving;
use crate::app::Ports;
use crate::failure::Failure;
use crate::ports::*;

/// Enqueues the messages that the plan leaves to the sender.
pub(super) async fn enqueue<P: Ports>(
    receiving: &Receiving<'_, P>,
    plan: &InboundPlan,
    issue: &IssueRef,
) -> Result<(), Failure> {
    let outbound = &receiving.inbound.outbound;
    let conversation = plan.conversation.key.clone();
    let occasion = receiving.message.wamid.fingerprint();
    if plan.tell_of_lost_file {
        let told = OutboundQueueMessage::LostFile(WaitTask {
            conversation: conversation.clone(),
            generation: plan.conversation.notice_generation,
            issue_id: issue.id.clone(),
        });
        outbound
            .enqueue(&told, &format!("lost-file:{occasion}"))
            .await?;
    }
    if let Some(opt_out) = plan.opt_out {
        let confirm = OutboundQueueMessage::ConfirmOptOut(OptOutTask {
            conversation: conversation.clone(),
            opt_out,
            occasion: occasion.clone(),
            issue_id: issue.id.clone(),
        });
        outbound
            .enqueue(&confirm, &format!("opt-out:{occasion}"))
            .await?;
    }
    if plan.release_held {
        let release = OutboundQueueMessage::ReleaseHeld(ConversationTask {
            conversation,
            issue_id: issue.id.clone(),
        });
        outbound
            .enqueue(&release, &format!("release:{occasion}"))
            .await?;
    }
    Ok(())
}
