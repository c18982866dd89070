//! Sending what nobody has written: one message, once, with a note about it.

use casement_core::fate::{CallFailure, Fate, fate};
use casement_core::identity::{ConversationKey, IssueId, Recipient};
use casement_core::ledger::{LedgerEntry, LedgerKey, OutboundKey, decide_send_claim};
use casement_core::notes::Note;

use super::Outbound;
use crate::claim::{Claim, claim, close};
use crate::event::Event;
use crate::failure::Failure;
use crate::note::{self, Before};
use crate::ports::{Clock, Jira, Messenger, OutgoingMessage, SettingsSource, Store};

/// A message that goes out by itself.
pub(super) struct Automatic<'a> {
    pub(super) conversation: &'a ConversationKey,
    /// What makes it happen once.
    pub(super) key: OutboundKey,
    pub(super) recipient: &'a Recipient,
    /// The request that keeps the record.
    pub(super) issue: &'a IssueId,
    pub(super) message: OutgoingMessage<'a>,
    /// What the agents read about it.
    pub(super) note: Note,
}

impl<S, J, W, T, C> Outbound<S, J, W, T, C>
where
    S: Store,
    J: Jira,
    W: Messenger,
    T: SettingsSource,
    C: Clock,
{
    /// Sends the message, if no earlier attempt has, and leaves the note. `false`: WhatsApp will not
    /// take it.
    pub(super) async fn send_automatic(&self, message: Automatic<'_>) -> Result<bool, Failure> {
        let ledger_key = LedgerKey::Outbound(message.key.clone());
        let now = self.clock.now();
        let first = LedgerEntry {
            conversation: Some(message.conversation.clone()),
            issue_id: Some(message.issue.clone()),
            ..LedgerEntry::claimed(now)
        };
        let claimed = claim(&self.store, &ledger_key, first, decide_send_claim, now).await?;
        let wamid = match claimed {
            Claim::Settled(entry) => entry.wamid,
            Claim::Ours(entry) => {
                let number = &message.conversation.phone_number_id;
                let callback = message.key.to_string();
                let sent =
                    self.whatsapp
                        .send(number, message.recipient, message.message, &callback);
                match sent.await {
                    Ok(wamid) => {
                        close(&self.store, &ledger_key, entry, |entry| LedgerEntry {
                            wamid: Some(wamid.clone()),
                            ..entry.settled()
                        })
                        .await?;
                        Some(wamid)
                    }
                    Err(failure) => {
                        let fate = fate(&failure);
                        let now = self.clock.now();
                        close(&self.store, &ledger_key, entry, |entry| match fate {
                            Fate::Resolve => entry.unresolved(now),
                            Fate::Retry(_) | Fate::Pause => entry.released(now),
                            Fate::Hold | Fate::GiveUp | Fate::Gone => entry.settled(),
                        })
                        .await?;
                        if matches!(fate, Fate::Hold | Fate::GiveUp | Fate::Gone) {
                            let code = match failure {
                                CallFailure::Whatsapp(code) => Some(code),
                                _ => None,
                            };
                            Event::SendFailed(code).count();
                            return Ok(false);
                        }
                        return Err(failure.into());
                    }
                }
            }
        };
        let about = message.key.source.to_string();
        let note = note::leave(
            &self.jira,
            message.issue,
            &message.note,
            about,
            Before::Perhaps,
        )
        .await?;
        if let Some(wamid) = wamid {
            self.remember(&wamid, note, message.issue).await?;
        }
        Ok(true)
    }
}
