//! Sending what nobody has written: one message, once, with a note about it.

use casement_core::fate::WhatsappCode;
use casement_core::identity::{ConversationKey, IssueId, Recipient};
use casement_core::ledger::{LedgerEntry, OutboundKey};
use casement_core::notes::Note;

use super::Outbound;
use crate::app::Ports;
use crate::delivery;
use crate::failure::Failure;
use crate::note::{self, Before};
use crate::ports::*;
use crate::sending::{self, Sent, WhenClosed, send_once};

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

impl<P: Ports> Outbound<P> {
    /// Sends the message, if no earlier attempt has, and leaves the note. `false`: WhatsApp has
    /// refused it, now or before; unless that is for the window, the agents are told.
    pub(super) async fn send_automatic(&self, message: Automatic<'_>) -> Result<bool, Failure> {
        let first = LedgerEntry {
            conversation: Some(message.conversation.clone()),
            issue_id: Some(message.issue.clone()),
            ..LedgerEntry::claimed(self.app.clock.now())
        };
        let (store, jira, clock) = (&self.app.store, &self.app.jira, &self.app.clock);
        let send = async |entry| {
            let number = &message.conversation.phone_number_id;
            let callback = message.key.to_string();
            let (to, content) = (message.recipient, message.message);
            let sent = self.whatsapp.send(number, to, content, &callback).await;
            Ok((sent.map(AcceptedTemplate::from), entry))
        };
        let sent = send_once(store, clock, &message.key, first, WhenClosed::Refuse, send).await?;
        let source = &message.key.source;
        match sent.0 {
            Sent::Accepted(accepted) => {
                let (issue, about) = (message.issue, source.to_string());
                let left = note::leave(jira, issue, &message.note, about, Before::Perhaps).await?;
                sending::remember_note(store, &accepted.wamid, &message.note, left).await?;
                Ok(true)
            }
            Sent::Refused(code) => {
                if code != Some(WhatsappCode::WINDOW_CLOSED) {
                    delivery::tell_of_failure(store, jira, clock, message.issue, source, code)
                        .await?;
                }
                Ok(false)
            }
            Sent::WindowClosed | Sent::TakenBack => Ok(false),
        }
    }
}
