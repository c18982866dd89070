//! Sends the parts of a comment, each once.

use casement_core::decide::reply::{Answer, AnswerPart, Sending};
use casement_core::model::attachment::NotSendable;
use casement_core::model::comment::Comment;
use casement_core::model::conversation::Conversation;
use casement_core::model::fate::{CallFailure, WhatsappCode};
use casement_core::model::identity::{CommentId, IssueId, Wamid};
use casement_core::model::ledger::{OutboundKey, OutboundSource, SentEntry, SentMessage};
use casement_core::model::status::Delivery;
use casement_core::say::notes::Note;
use casement_core::text::one_line;

use crate::app::{App, Outbound, Ports};
use crate::comment;
use crate::delivery;
use crate::event::Event;
use crate::failure::Failure;
use crate::note::{self, Attempted};
use crate::ports::*;
use crate::sending::{Addressed, Sent, Was, WhenClosed, send_once};

/// "Parameter value is not valid" and "Invalid parameter" (Cloud API, "Error codes"): Meta's errors
/// for an answer to a message that Meta does not know, or no longer.
const BAD_CONTEXT: [WhatsappCode; 2] = [WhatsappCode(131_009), WhatsappCode(100)];

/// The result of sending a comment's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// WhatsApp has accepted all.
    Yes,
    /// WhatsApp had accepted all before this attempt.
    Before,
    /// The comment was taken back, or kept back, before it was sent.
    TakenBack,
    /// The comment has nothing that WhatsApp takes; the agent is told.
    Nothing,
    /// WhatsApp had refused the comment before this attempt; the agent is told.
    RefusedBefore,
    /// WhatsApp will never deliver the comment; the agent is told.
    Refused(Option<WhatsappCode>),
    /// The window is closed, by Meta's word or by our clock. The remaining messages wait for the
    /// next.
    Closed,
}

impl Progress {
    /// Adds a message that was accepted before this attempt.
    fn or_before(self) -> Self {
        match self {
            Self::Nothing => Self::Before,
            other => other,
        }
    }
}

pub(crate) async fn send_parts<P: Ports>(
    outbound: &Outbound<P>,
    conversation: &Conversation,
    comment: &Comment,
    issue: &IssueId,
    sending: &Sending,
) -> Result<Progress, Failure> {
    let app = &outbound.app;
    let Answer {
        parts,
        mut left_out,
    } = super::files::answer(app, comment, issue, sending).await?;
    let mut result = Progress::Nothing;
    // Nobody has read the message or is typing when a rule writes.
    let mut typing = sending.by_rule;
    let count = u32::try_from(parts.len()).unwrap_or(u32::MAX);
    let read = comment.version();
    let mut took_over = sending.by_rule;
    for (number, part) in (0..).zip(&parts) {
        let to = Addressed {
            key: OutboundKey::comment(&comment.id, number),
            number: &conversation.key.phone_number_id,
            recipient: &sending.recipient,
            in_answer_to: sending.in_answer_to.as_ref().filter(|_| number == 0),
            window_is_open: conversation.window_is_open(app.clock.now()),
        };
        let first = SentMessage {
            source_created: Some(comment.created),
            read: Some(read.clone()),
            parts: count,
            by_rule: sending.by_rule,
            ..SentMessage::new(&conversation.key, issue)
        };
        if !to.window_is_open && !comment::is_settled(app, &to.key).await? {
            return Ok(Progress::Closed);
        }
        let send = async |entry: &mut SentEntry| {
            if !typing {
                super::typing::show_typing(outbound, conversation).await;
                typing = true;
            }
            send_part(outbound, &to, part, entry).await
        };
        let when_closed = WhenClosed::Wait {
            seems_open: to.window_is_open,
        };
        let sent = send_once(app, &to.key, first, when_closed, send).await?;
        if matches!(sent.0, Sent::Accepted(_)) && !took_over {
            super::take_over(app, conversation, &comment.id, issue, &to.key, sent.1).await?;
            took_over = true;
        }
        match (sent, part.bare_file()) {
            ((Sent::Accepted(_), Was::Now), _) => result = Progress::Yes,
            ((Sent::Accepted(_), Was::Before), _) => result = result.or_before(),
            ((Sent::TakenBack, _), _) => return Ok(Progress::TakenBack),
            ((Sent::WindowClosed, _), _) => return Ok(Progress::Closed),
            // The attempt that was refused may have ended before it told the agent.
            ((Sent::Refused(code), _), Some(file)) => {
                show_failure(app, &comment.id, code).await?;
                left_out.push((file.name.clone(), NotSendable::Refused { code }));
            }
            // The first failure of a text ends the comment; what follows is not sent.
            ((Sent::Refused(code), was), None) => {
                tell_of_refusal(app, &comment.id, issue, code).await?;
                return Ok(match was {
                    Was::Now => Progress::Refused(code),
                    Was::Before => Progress::RefusedBefore,
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
        note::leave(&app.jira, issue, &note, about, Attempted::Maybe).await?;
    }
    if result == Progress::Yes {
        Event::Sent(app.clock.now() - comment.created).count();
    }
    Ok(result)
}

async fn tell_of_refusal<P: Ports>(
    app: &App<P>,
    comment: &CommentId,
    issue: &IssueId,
    code: Option<WhatsappCode>,
) -> Result<(), Failure> {
    let source = OutboundSource::Comment(comment.clone());
    delivery::tell_of_failure(app, issue, &source, code).await?;
    show_failure(app, comment, code).await
}

async fn show_failure<P: Ports>(
    app: &App<P>,
    comment: &CommentId,
    code: Option<WhatsappCode>,
) -> Result<(), Failure> {
    let news = Delivery::Failed(code);
    let source = OutboundSource::Comment(comment.clone());
    delivery::show(app, &source, news).await
}

/// Sends one message.
async fn send_part<P: Ports>(
    outbound: &Outbound<P>,
    to: &Addressed<'_>,
    part: &AnswerPart,
    entry: &mut SentEntry,
) -> Result<Result<AcceptedTemplate, CallFailure>, Failure> {
    let sent = match part {
        AnswerPart::Text(text) => {
            let text = OutgoingMessage::Text(text);
            send_message(outbound, to, text).await
        }
        AnswerPart::File { file, how, caption } => {
            match &super::files::uploaded(outbound, to, file, *how, entry).await? {
                Ok(media) => {
                    let message = OutgoingMessage::File {
                        form: how.form,
                        media,
                        name: &one_line(&file.name),
                        caption: caption.as_deref(),
                    };
                    send_message(outbound, to, message).await
                }
                Err(failure) => Err(failure.clone()),
            }
        }
    };
    Ok(sent.map(AcceptedTemplate::from))
}

/// Sends a message, as an answer if it is one. If Meta does not take it as an answer, the message
/// goes without the quotation: its words matter more.
async fn send_message<P: Ports>(
    outbound: &Outbound<P>,
    to: &Addressed<'_>,
    message: OutgoingMessage<'_>,
) -> Result<Wamid, CallFailure> {
    let callback = to.key.to_string();
    if let Some(wamid) = to.in_answer_to {
        let answer = OutgoingMessage::Answer {
            to: wamid,
            message: &message,
        };
        let sent = outbound
            .whatsapp
            .send(to.number, to.recipient, answer, &callback);
        match sent.await {
            Err(CallFailure::Whatsapp { code, .. }) if BAD_CONTEXT.contains(&code) => {
                tracing::info!(%code, "an answer goes without what it answers");
            }
            sent => return sent,
        }
    }
    let sent = outbound
        .whatsapp
        .send(to.number, to.recipient, message, &callback);
    sent.await
}
