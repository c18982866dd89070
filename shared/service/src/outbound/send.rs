//! Sending the parts of a comment, each once.

use casement_core::attachment::NotSendable;
use casement_core::conversation::Conversation;
use casement_core::fate::{Fate, WhatsappCode, fate};
use casement_core::identity::{CommentId, IssueId, PhoneNumberId, Recipient, Wamid};
use casement_core::ledger::{
    LedgerEntry, LedgerKey, LedgerState, OutboundKey, OutboundSource, decide_send_claim,
};
use casement_core::notes::Note;
use casement_core::reply::{Answer, AnswerPart, Comment, Sending};
use casement_core::status::Delivery;
use chrono::Duration;

use super::Outbound;
use crate::claim::{Claim, claim, close};
use crate::delivery;
use crate::event::Event;
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
    /// There was nothing in it that WhatsApp takes; the agent is told.
    Nothing,
    /// WhatsApp will never deliver it; the agent is told.
    Refused(Option<WhatsappCode>),
    /// The window is closed, by Meta's word or by our clock. What is left waits for the next.
    Closed,
}

/// Where a message goes, and under which key.
pub(super) struct Addressed<'a> {
    pub(super) key: OutboundKey,
    pub(super) number: &'a PhoneNumberId,
    pub(super) recipient: &'a Recipient,
    /// The customer's message that it answers.
    pub(super) in_answer_to: Option<&'a Wamid>,
    pub(super) window_is_open: bool,
}

impl Sent {
    /// With a message that was accepted before this attempt.
    fn or_before(self) -> Self {
        match self {
            Self::Nothing => Self::Before,
            other => other,
        }
    }
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
        let Answer {
            parts,
            mut left_out,
        } = self.answer(comment, issue, sending).await?;
        let mut result = Sent::Nothing;
        let mut typing = false;
        let count = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        for (number, part) in (0..).zip(&parts) {
            let to = Addressed {
                key: OutboundKey::comment(&comment.id, number),
                number: &conversation.key.phone_number_id,
                recipient: &sending.recipient,
                in_answer_to: sending.in_answer_to.as_ref().filter(|_| number == 0),
                window_is_open: conversation.window_is_open(self.clock.now()),
            };
            let now = self.clock.now();
            let first = LedgerEntry {
                conversation: Some(conversation.key.clone()),
                issue_id: Some(issue.clone()),
                source_created: Some(comment.created),
                source_updated: Some(comment.updated),
                parts: count,
                ..LedgerEntry::claimed(now)
            };
            let ledger_key = LedgerKey::Outbound(to.key.clone());
            if !to.window_is_open && !self.is_settled(&ledger_key).await? {
                return Ok(Sent::Closed);
            }
            let entry = match claim(&self.store, &ledger_key, first, decide_send_claim, now).await?
            {
                Claim::Ours(entry) => entry,
                Claim::Settled(entry) if entry.taken_back => return Ok(Sent::Before),
                Claim::Settled(entry) => match (entry.delivery, part.bare_file()) {
                    // The attempt that was refused may not have come to saying so.
                    (Some(Delivery::Failed(code)), Some(file)) => {
                        self.show_failure(&comment.id, code).await?;
                        left_out.push((file.name.clone(), NotSendable::Refused { code }));
                        continue;
                    }
                    // The first failure of a text ended the comment; what follows was not sent.
                    (Some(Delivery::Failed(code)), None) => {
                        self.tell_of_refusal(&comment.id, issue, code).await?;
                        return Ok(Sent::Before);
                    }
                    _ => {
                        // The attempt that sent it may not have come to this.
                        if let Some(wamid) = &entry.wamid {
                            self.remember(wamid, comment.id.clone(), issue).await?;
                        }
                        result = result.or_before();
                        continue;
                    }
                },
            };
            if !typing {
                self.show_typing(conversation).await;
                typing = true;
            }
            match (self.send_part(&to, part, entry).await?, part.bare_file()) {
                (Sent::Yes, _) => result = Sent::Yes,
                (Sent::Refused(code), Some(file)) => {
                    self.show_failure(&comment.id, code).await?;
                    left_out.push((file.name.clone(), NotSendable::Refused { code }));
                }
                (Sent::Refused(code), None) => {
                    self.tell_of_refusal(&comment.id, issue, code).await?;
                    return Ok(Sent::Refused(code));
                }
                (other, _) => return Ok(other),
            }
        }
        if !left_out.is_empty() {
            let about = format!("files:{}", comment.id.as_str());
            let note = Note::FilesLeftOut { files: left_out };
            note::leave(&self.jira, issue, &note, about, Before::Perhaps).await?;
        }
        if result == Sent::Yes {
            Event::Sent(self.clock.now() - comment.created).count();
        }
        Ok(result)
    }

    /// Whether WhatsApp has accepted or refused a message.
    pub(super) async fn is_settled(&self, key: &LedgerKey) -> Result<bool, Failure> {
        let entry = self.store.entry(key).await?;
        Ok(entry.is_some_and(|entry| entry.state == LedgerState::Settled))
    }

    async fn tell_of_refusal(
        &self,
        comment: &CommentId,
        issue: &IssueId,
        code: Option<WhatsappCode>,
    ) -> Result<(), Failure> {
        let source = OutboundSource::Comment(comment.clone());
        let (store, jira, clock) = (&self.store, &self.jira, &self.clock);
        delivery::tell_of_failure(store, jira, clock, issue, &source, code).await?;
        self.show_failure(comment, code).await
    }

    async fn show_failure(
        &self,
        comment: &CommentId,
        code: Option<WhatsappCode>,
    ) -> Result<(), Failure> {
        delivery::show(&self.store, &self.jira, comment, Delivery::Failed(code)).await
    }

    async fn send_part(
        &self,
        to: &Addressed<'_>,
        part: &AnswerPart,
        entry: LedgerEntry,
    ) -> Result<Sent, Failure> {
        let Addressed {
            key,
            window_is_open,
            ..
        } = to;
        let (sent, entry) = match part {
            AnswerPart::Text(text) => {
                let text = OutgoingMessage::Text(text);
                (self.send_message(to, text).await, entry)
            }
            AnswerPart::File { file, how, caption } => {
                let (uploaded, entry) = self.uploaded(to, file, *how, entry).await?;
                let sent = match &uploaded {
                    Ok(media) => {
                        let message = OutgoingMessage::File {
                            form: how.form,
                            media,
                            name: &file.name,
                            caption: caption.as_deref(),
                        };
                        self.send_message(to, message).await
                    }
                    Err(failure) => Err(failure.clone()),
                };
                (sent, entry)
            }
        };
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
                    self.remember(&wamid, comment.clone(), &issue).await?;
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
                let code = failure.whatsapp_code();
                Event::SendFailed(code).count();
                close(&self.store, &ledger_key, entry, |entry| {
                    entry.reported(Delivery::Failed(code), now).settled()
                })
                .await?;
                Ok(Sent::Refused(code))
            }
            Fate::Hold => {
                let asked_once = entry.attempts == 1;
                close(&self.store, &ledger_key, entry, |entry| entry.released(now)).await?;
                if *window_is_open && asked_once {
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
