//! At the due moment: look again, decide, and hand the notice to the only sender.

use casement_core::conversation::NoticeState;
use casement_core::identity::ConversationKey;
use casement_core::notice::{NoticeDecision, SkipReason, decide_notice};
use casement_core::queue::OutboundQueueMessage;

use crate::event::Event;
use crate::failure::{Later, Outcome};
use crate::ports::{Clock, Conversations, OutboundQueue};
use crate::saving::leave_notice;

/// The use case of `delay-notice`.
#[derive(Debug)]
pub struct DueNotices<S, Q, C> {
    /// The table.
    pub store: S,
    /// The outbound queue.
    pub queue: Q,
    /// The clock.
    pub clock: C,
}

impl<S: Conversations, Q: OutboundQueue, C: Clock> DueNotices<S, Q, C> {
    /// Decides about the notice of one silence. A timer may ring twice.
    ///
    /// # Errors
    /// [`Later`]: put the message back. Even if it is lost, the sweep finds the timer again.
    pub async fn ring(&self, key: &ConversationKey, generation: u32) -> Result<Outcome, Later> {
        let Some(conversation) = self.store.load(key).await? else {
            return Ok(Outcome::Ignored("unknown_conversation"));
        };
        match decide_notice(&conversation, generation, self.clock.now()) {
            NoticeDecision::Send { issue, .. } => {
                let notice = OutboundQueueMessage::DelayNotice {
                    conversation: key.clone(),
                    generation,
                    issue_id: issue.id,
                };
                let Some(due_at) = conversation.due_at else {
                    return Ok(Outcome::Ignored("queued_before"));
                };
                // With the time, since one that is put off rings again, which is no repetition.
                let due_at = due_at.timestamp();
                let id = format!("notice:{}:{generation}:{due_at}", key.fingerprint());
                self.queue.enqueue(&notice, &id).await?;
                leave_notice(&self.store, conversation, generation, NoticeState::Queued).await?;
                Ok(Outcome::Done("notice_queued"))
            }
            // The timer stays in the table, where the sweep finds it.
            NoticeDecision::Wait(_) => Ok(Outcome::Ignored("not_due")),
            // A timer of an earlier silence says nothing about this one.
            NoticeDecision::Skip(SkipReason::Superseded) => Ok(Outcome::Ignored("superseded")),
            NoticeDecision::Skip(reason) => {
                leave_notice(&self.store, conversation, generation, NoticeState::Skipped).await?;
                Event::NoticeSkipped(reason.as_str()).count();
                Ok(Outcome::Ignored(reason.as_str()))
            }
        }
    }
}
