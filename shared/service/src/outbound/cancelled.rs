//! Cancelling held replies when an agent asks for it.

use casement_core::conversation::Conversation;
use casement_core::identity::IssueId;
use casement_core::ledger::{LedgerEntry, LedgerKey, OutboundKey, decide_send_claim};
use casement_core::notes::Note;
use casement_core::reply::Comment;

use super::Outbound;
use crate::app::Ports;
use crate::claim::{Claim, claim, close};
use crate::failure::{Failure, Outcome};
use crate::ports::*;

impl<P: Ports> Outbound<P> {
    /// Cancels every reply of the conversation that was held when `command` was written: the
    /// webhook may come again when others are held.
    pub(super) async fn cancel_held(
        &self,
        conversation: &Conversation,
        command: &Comment,
        issue: &IssueId,
    ) -> Result<Outcome, Failure> {
        let mut held = self.held_replies(conversation).await?;
        held.retain(|reply| reply.created <= command.created);
        let note = Note::Cancelled { count: held.len() };
        let about = format!("cancel:{}", command.id.as_str());
        self.tell(issue, &note, about).await?;
        for reply in &held {
            self.cancel(conversation, reply).await?;
        }
        Ok(Outcome::Done("cancelled"))
    }

    /// Closes the reply in the ledger, so that no later webhook about its comment sends it after
    /// all, and takes it off.
    pub(super) async fn cancel(
        &self,
        conversation: &Conversation,
        reply: &HeldReply,
    ) -> Result<(), Failure> {
        let now = self.app.clock.now();
        let ledger_key = LedgerKey::Outbound(OutboundKey::comment(&reply.comment_id, 0));
        let first = LedgerEntry {
            conversation: Some(conversation.key.clone()),
            issue_id: Some(reply.issue_id.clone()),
            source_created: Some(reply.created),
            ..LedgerEntry::claimed(now)
        };
        match claim(&self.app.store, &ledger_key, first, decide_send_claim, now).await? {
            Claim::Ours(entry) => {
                close(&self.app.store, &ledger_key, entry, LedgerEntry::cancelled).await?;
            }
            // A part of it was sent before: the rest is not sent any more.
            Claim::Settled(entry) => {
                close(
                    &self.app.store,
                    &ledger_key,
                    entry,
                    LedgerEntry::without_the_rest,
                )
                .await?;
            }
        }
        self.take_off(&conversation.key, reply, false).await
    }
}
