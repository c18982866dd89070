//! Sending the parts of a comment, each once.

use casement_core::attachment::NotSendable;
use casement_core::conversation::Conversation;
use casement_core::fate::WhatsappCode;
use casement_core::identity::{CommentId, IssueId, PhoneNumberId, Recipient, Wamid};
use casement_core::ledger::{LedgerEntry, LedgerKey, LedgerState, OutboundKey, OutboundSource};
use casement_core::notes::Note;
use casement_core::reply::{Answer, AnswerPart, Comment, Sending};
use casement_core::status::Delivery;
use casement_core::text::one_line;

use super::Outbound;
use crate::app::Ports;
use crate::delivery;
use crate::event::Event;
use crate::failure::Failure;
use crate::note::{self, Before};
use crate::ports::*;
use crate::sending::{Attempt, Sent as Once, Was, WhenClosed, send_once};

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

impl<P: Ports> Outbound<P> {
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
        let digest = comment.digest();
        for (number, part) in (0..).zip(&parts) {
            let to = Addressed {
                key: OutboundKey::comment(&comment.id, number),
                number: &conversation.key.phone_number_id,
                recipient: &sending.recipient,
                in_answer_to: sending.in_answer_to.as_ref().filter(|_| number == 0),
                window_is_open: conversation.window_is_open(self.app.clock.now()),
            };
            let first = LedgerEntry {
                conversation: Some(conversation.key.clone()),
                issue_id: Some(issue.clone()),
                source_created: Some(comment.created),
                source_updated: Some(comment.updated),
                digest: Some(digest.clone()),
                parts: count,
                ..LedgerEntry::claimed(self.app.clock.now())
            };
            let ledger_key = LedgerKey::Outbound(to.key.clone());
            if !to.window_is_open && !self.is_settled(&ledger_key).await? {
                return Ok(Sent::Closed);
            }
            let send = async |entry| {
                if !typing {
                    self.show_typing(conversation).await;
                    typing = true;
                }
                self.send_part(&to, part, entry).await
            };
            let when_closed = WhenClosed::Wait {
                seems_open: to.window_is_open,
            };
            let (store, clock) = (&self.app.store, &self.app.clock);
            let sent = send_once(store, clock, &to.key, first, when_closed, send).await?;
            match (sent, part.bare_file()) {
                ((Once::Accepted(_), Was::Now), _) => result = Sent::Yes,
                ((Once::Accepted(_), Was::Before), _) => result = result.or_before(),
                ((Once::TakenBack, _), _) => return Ok(Sent::Before),
                ((Once::WindowClosed, _), _) => return Ok(Sent::Closed),
                // The attempt that was refused may not have come to saying so.
                ((Once::Refused(code), _), Some(file)) => {
                    self.show_failure(&comment.id, code).await?;
                    left_out.push((file.name.clone(), NotSendable::Refused { code }));
                }
                // The first failure of a text ends the comment; what follows is not sent.
                ((Once::Refused(code), was), None) => {
                    self.tell_of_refusal(&comment.id, issue, code).await?;
                    return Ok(match was {
                        Was::Now => Sent::Refused(code),
                        Was::Before => Sent::Before,
                    });
                }
            }
        }
        if !left_out.is_empty() {
            let about = format!("files:{}", comment.id.as_str());
            let files = left_out.into_iter().map(|(name, why)| (name.into(), why));
            let note = Note::FilesLeftOut {
                files: files.collect(),
            };
            note::leave(&self.app.jira, issue, &note, about, Before::Perhaps).await?;
        }
        if result == Sent::Yes {
            Event::Sent(self.app.clock.now() - comment.created).count();
        }
        Ok(result)
    }

    /// Whether WhatsApp has accepted or refused a message.
    pub(super) async fn is_settled(&self, key: &LedgerKey) -> Result<bool, Failure> {
        let entry = self.app.store.entry(key).await?;
        Ok(entry.is_some_and(|entry| entry.state == LedgerState::Settled))
    }

    async fn tell_of_refusal(
        &self,
        comment: &CommentId,
        issue: &IssueId,
        code: Option<WhatsappCode>,
    ) -> Result<(), Failure> {
        let source = OutboundSource::Comment(comment.clone());
        let (store, jira, clock) = (&self.app.store, &self.app.jira, &self.app.clock);
        delivery::tell_of_failure(store, jira, clock, issue, &source, code).await?;
        self.show_failure(comment, code).await
    }

    async fn show_failure(
        &self,
        comment: &CommentId,
        code: Option<WhatsappCode>,
    ) -> Result<(), Failure> {
        let news = Delivery::Failed(code);
        delivery::show(
            &self.app.store,
            &self.app.jira,
            &self.app.clock,
            comment,
            news,
        )
        .await
    }

    /// One message on its way.
    async fn send_part(
        &self,
        to: &Addressed<'_>,
        part: &AnswerPart,
        entry: LedgerEntry,
    ) -> Result<Attempt, Failure> {
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
                            name: &one_line(&file.name),
                            caption: caption.as_deref(),
                        };
                        self.send_message(to, message).await
                    }
                    Err(failure) => Err(failure.clone()),
                };
                (sent, entry)
            }
        };
        Ok((sent.map(AcceptedTemplate::from), entry))
    }
}
