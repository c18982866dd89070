//! Sending the parts of a comment, each once.

use casement_core::conversation::Conversation;
use casement_core::fate::{CallFailure, Fate, WhatsappCode, fate};
use casement_core::identity::IssueId;
use casement_core::ledger::{
    LedgerEntry, LedgerKey, OutboundKey, OutboundSource, decide_send_claim,
};
use casement_core::notes::Note;
use casement_core::reply::{Comment, Sending};
use casement_core::status::Delivery;
use chrono::Duration;

use super::Outbound;
use crate::claim::{Claim, claim, close};
use crate::failure::Failure;
use crate::note::{self, Before};
use crate::ports::{Clock, Jira, Messenger, OutgoingMessage, SettingsSource, Store};

/// How long to wait when Meta says "closed" although our clock says "clearly open". In rare
/// cases Meta lags behind the customer's message (Cloud API, "Send messages": known issue).
const SECOND_OPINION: Duration = Duration::seconds(45);

/// What became of a comment's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// WhatsApp has accepted all.
    Yes,
    /// WhatsApp had accepted or refused all before this attempt.
    Before,
    /// WhatsApp will never deliver it; the agent is told.
    Refused(Option<WhatsappCode>),
    /// Meta says that the window is closed.
    Closed,
}

impl<S, J, W, T, C> Outbound<S, J, W, T, C>
where
    S: Store,
    J: Jira,
    W: Messenger,
    T: SettingsSource,
    C: Clock,
{
    pub(super) async fn send_parts(
        &self,
        conversation: &Conversation,
        comment: &Comment,
        issue: &IssueId,
        sending: &Sending,
    ) -> Result<Sent, Failure> {
        let mut result = Sent::Before;
        for (part, text) in (0..).zip(&sending.parts) {
            let key = OutboundKey::comment(&comment.id, part);
            let now = self.clock.now();
            let first = LedgerEntry {
                conversation: Some(conversation.key.clone()),
                issue_id: Some(issue.clone()),
                source_created: Some(comment.created),
                source_updated: Some(comment.updated),
                ..LedgerEntry::claimed(now)
            };
            let ledger_key = LedgerKey::Outbound(key.clone());
            match claim(&self.store, &ledger_key, first, decide_send_claim, now).await? {
                Claim::Settled(entry) if matches!(entry.delivery, Some(Delivery::Failed(_))) => {
                    // The first failure ended the comment; the parts after it were not sent.
                    return Ok(Sent::Before);
                }
                Claim::Settled(_) => {}
                Claim::Ours(entry) => {
                    match self
                        .send_part(conversation, sending, &key, text, entry)
                        .await?
                    {
                        Sent::Yes => result = Sent::Yes,
                        Sent::Refused(code) => {
                            let about = format!("failed:{}", key.source);
                            let note = Note::NotDelivered { code };
                            note::leave(&self.jira, issue, &note, about, Before::Perhaps).await?;
                            return Ok(Sent::Refused(code));
                        }
                        other => return Ok(other),
                    }
                }
            }
        }
        if result == Sent::Yes && !sending.files.is_empty() {
            let about = format!("files:{}", comment.id.as_str());
            note::leave(
                &self.jira,
                issue,
                &Note::FilesLeftOut,
                about,
                Before::Perhaps,
            )
            .await?;
        }
        Ok(result)
    }

    async fn send_part(
        &self,
        conversation: &Conversation,
        sending: &Sending,
        key: &OutboundKey,
        text: &str,
        entry: LedgerEntry,
    ) -> Result<Sent, Failure> {
        let number = &conversation.key.phone_number_id;
        let callback = key.to_string();
        let sent = self
            .whatsapp
            .send(
                number,
                &sending.recipient,
                OutgoingMessage::Text(text),
                &callback,
            )
            .await;
        let ledger_key = LedgerKey::Outbound(key.clone());
        let now = self.clock.now();
        let issue = entry.issue_id.clone();
        let failure = match sent {
            Ok(wamid) => {
                close(&self.store, &ledger_key, entry, |entry| LedgerEntry {
                    wamid: Some(wamid.clone()),
                    ..entry.settled()
                })
                .await?;
                if let (OutboundSource::Comment(comment), Some(issue)) = (&key.source, issue) {
                    self.remember(&wamid, comment.clone(), &issue).await;
                }
                return Ok(Sent::Yes);
            }
            Err(failure) => failure,
        };
        match fate(&failure) {
            Fate::Resolve => {
                close(&self.store, &ledger_key, entry, |entry| {
                    entry.unresolved(now)
                })
                .await?;
                Err(failure.into())
            }
            Fate::GiveUp | Fate::Gone => {
                let code = match failure {
                    CallFailure::Whatsapp(code) => Some(code),
                    _ => None,
                };
                close(&self.store, &ledger_key, entry, |entry| LedgerEntry {
                    delivery: Some(Delivery::Failed(code)),
                    ..entry.settled()
                })
                .await?;
                Ok(Sent::Refused(code))
            }
            Fate::Hold => {
                let clearly_open = conversation.window_is_open(now);
                let asked_once = entry.attempts == 1;
                close(&self.store, &ledger_key, entry, |entry| entry.released(now)).await?;
                if clearly_open && asked_once {
                    Err(Failure::NotYet(
                        "Meta says that the window is closed",
                        SECOND_OPINION,
                    ))
                } else {
                    Ok(Sent::Closed)
                }
            }
            Fate::Retry(_) | Fate::Pause => {
                close(&self.store, &ledger_key, entry, |entry| entry.released(now)).await?;
                Err(failure.into())
            }
        }
    }
}
