//! The messages on the queues: tagged JSON with a version, since during a deployment two versions
//! of the functions run side by side.
//!
//! Outbound messages carry ids and never text.

use chrono::serde::ts_seconds;
use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::model::account::AccountEvent;
use crate::model::content::InboundMessage;
use crate::model::identity::{
    AccountId, BusinessAccountId, CommentId, ConversationKey, IdentityChange, IssueId,
    PhoneNumberId, Wamid,
};
use crate::model::opt_out::OptOut;
use crate::model::status::{StatusReport, TemplateChange};
use crate::model::timer::Timer;

/// The version that this code writes, and the only one it reads.
const VERSION: u8 = 1;

/// A message on the inbound queue. Group: one customer of one business number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum InboundQueueMessage {
    /// A customer wrote.
    CustomerMessage(Box<InboundMessage>),
    /// A customer's identifiers changed.
    IdentityChange(Box<IdentityChange>),
}

impl InboundQueueMessage {
    /// Returns the group: messages of one customer to one business number are handled in order. A
    /// change belongs to the group of the former identifiers, after the messages that came from
    /// them.
    #[must_use]
    pub fn group(&self) -> ConversationKey {
        match self {
            Self::CustomerMessage(message) => {
                let customer = message.from.identifiers().next().unwrap_or_default();
                ConversationKey::new(&message.phone_number_id, customer)
            }
            Self::IdentityChange(change) => change.former_key(),
        }
    }

    /// Returns the WhatsApp id of the message it came in.
    #[must_use]
    pub fn wamid(&self) -> &Wamid {
        match self {
            Self::CustomerMessage(message) => &message.wamid,
            Self::IdentityChange(change) => &change.wamid,
        }
    }
}

/// A message on the outbound queue. Group: one Jira issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OutboundQueueMessage {
    /// Somebody commented on an issue. A hint only: the comment is read again before anything
    /// is sent.
    CommentCreated(CommentEvent),
    /// Somebody edited a comment. It is handled like a new one: reading it shows whether the
    /// customer has it already.
    CommentEdited(CommentEvent),
    /// Somebody deleted a comment. A hint only: Jira is asked whether it is gone.
    CommentDeleted(CommentEvent),
    /// The customer wrote again: send the held replies.
    ReleaseHeld(ConversationTask),
    /// The customer has waited long enough to be told.
    DelayNotice(WaitTask),
    /// A reply is held and the customer may not know: announce it by a template.
    AnnounceHeld(ConversationTask),
    /// The window of a waiting customer closes soon: ask the customer to keep it open.
    KeepOpen(WindowTask),
    /// The window of a waiting customer closes soon: warn the agents.
    AgentAlert(WindowTask),
    /// Held replies may have waited too long.
    ExpireHeld(ConversationTask),
    /// The end of the window has moved, and the request may show it.
    WindowField(ConversationTask),
    /// A file of the customer did not get through WhatsApp. The customer cannot know that, and
    /// hears of it once in a wait.
    LostFile(WaitTask),
    /// The customer opted out of automatic messages, or in again: confirm it.
    ConfirmOptOut(OptOutTask),
}

/// A change of a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentEvent {
    pub issue_id: IssueId,
    pub comment_id: CommentId,
    /// The author, given so that our own echo is dropped without asking Jira.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<AccountId>,
    /// The door through which Jira told of it. `None`: Casement found it by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub door: Option<Door>,
}

/// A way in which Jira tells of a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// Jira's webhook, which is signed.
    Webhook,
    /// A rule of Automation, which cannot sign and shows a token.
    Automation,
}

impl Door {
    /// Every door.
    pub const ALL: [Self; 2] = [Self::Webhook, Self::Automation];

    /// Returns the word for keys, logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Automation => "automation",
        }
    }
}

/// Work for a conversation, as it is when the work is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConversationTask {
    pub conversation: ConversationKey,
    /// The request of the conversation, or of the held reply.
    pub issue_id: IssueId,
}

/// Work for a wait: it is void once somebody has answered the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitTask {
    pub conversation: ConversationKey,
    /// The number of the wait.
    pub generation: u32,
    /// The request of the conversation.
    pub issue_id: IssueId,
}

/// Work before a window closes: it is void once the customer has opened another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowTask {
    pub conversation: ConversationKey,
    /// The end of that window.
    #[serde(with = "ts_seconds")]
    pub window_ends: DateTime<Utc>,
    /// The request of the conversation.
    pub issue_id: IssueId,
}

/// The confirmation of an opt-out or opt-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptOutTask {
    pub conversation: ConversationKey,
    pub opt_out: OptOut,
    /// The fingerprint of the message that asked.
    pub occasion: String,
    /// The request of the conversation.
    pub issue_id: IssueId,
}

impl OutboundQueueMessage {
    /// Returns the group: messages about one issue are handled in order.
    #[must_use]
    pub fn group(&self) -> &IssueId {
        match self {
            Self::CommentCreated(event)
            | Self::CommentEdited(event)
            | Self::CommentDeleted(event) => &event.issue_id,
            Self::ReleaseHeld(task)
            | Self::AnnounceHeld(task)
            | Self::ExpireHeld(task)
            | Self::WindowField(task) => &task.issue_id,
            Self::DelayNotice(task) | Self::LostFile(task) => &task.issue_id,
            Self::KeepOpen(task) | Self::AgentAlert(task) => &task.issue_id,
            Self::ConfirmOptOut(task) => &task.issue_id,
        }
    }

    /// Returns the author of the comment that this is about, if known.
    #[must_use]
    pub fn author(&self) -> Option<&AccountId> {
        match self {
            Self::CommentCreated(event)
            | Self::CommentEdited(event)
            | Self::CommentDeleted(event) => event.author.as_ref(),
            Self::ReleaseHeld(_)
            | Self::AnnounceHeld(_)
            | Self::ExpireHeld(_)
            | Self::WindowField(_)
            | Self::DelayNotice(_)
            | Self::LostFile(_)
            | Self::KeepOpen(_)
            | Self::AgentAlert(_)
            | Self::ConfirmOptOut(_) => None,
        }
    }
}

/// Returns the deduplication id of a new comment. It stays the same however often the comment is
/// reported.
#[must_use]
pub fn id_of_created(comment: &CommentId) -> String {
    format!("comment:{}", comment.as_str())
}

/// Returns the deduplication id for looking again at a comment that was written before its request
/// was known to belong to a conversation. It differs from the webhook's, whose message was ignored.
#[must_use]
pub fn id_of_early(comment: &CommentId) -> String {
    format!("comment-early:{}", comment.as_str())
}

/// Returns the deduplication id of an edit. A comment is created once, but edited any number of
/// times; `edited_at`, in milliseconds, tells the edits apart.
#[must_use]
pub fn id_of_edited(comment: &CommentId, edited_at: i64) -> String {
    format!("comment-edited:{}:{edited_at}", comment.as_str())
}

/// A message on the status queue. Not ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum StatusQueueMessage {
    /// WhatsApp reported on a message of ours.
    Status(StatusReport),
    /// WhatsApp reported that a template of a business account has changed.
    TemplateChanged(TemplateChange),
    /// WhatsApp reported something about a business account or its numbers.
    Account(AccountEvent),
}

impl StatusQueueMessage {
    /// Returns the group: it keeps a busy number from crowding out the others, and implies no
    /// order.
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        match self {
            Self::Status(report) => report.phone_number_id.as_ref().map(PhoneNumberId::as_str),
            Self::TemplateChanged(change) => Some(change.business_account_id.as_str()),
            Self::Account(event) => {
                let account = event.business_account_id.as_ref();
                account.map(BusinessAccountId::as_str)
            }
        }
    }
}

/// A message on the delay queue. Not ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DelayQueueMessage {
    /// A timer is due, if the conversation still has it.
    TimerDue {
        conversation: ConversationKey,
        timer: Timer,
        /// The time it was armed for.
        #[serde(with = "ts_seconds")]
        due_at: DateTime<Utc>,
    },
}

impl DelayQueueMessage {
    #[must_use]
    pub fn conversation(&self) -> &ConversationKey {
        let Self::TimerDue { conversation, .. } = self;
        conversation
    }
}

#[derive(Serialize, Deserialize)]
struct Envelope<M> {
    v: u8,
    #[serde(flatten)]
    message: M,
}

/// The error for a queue message whose body cannot be read. Retrying will not help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The version is not the one this code reads. A newer or older function may read it.
    #[error("queue message has version {0}, this code reads version {VERSION}")]
    Version(u64),
    /// The body is not a message of ours.
    #[error("queue message is not understood")]
    NotUnderstood,
}

/// Writes the body of a queue message.
///
/// # Errors
/// None in practice: the types above always serialize.
pub fn encode<M: Serialize>(message: &M) -> serde_json::Result<String> {
    serde_json::to_string(&Envelope {
        v: VERSION,
        message,
    })
}

/// Reads the body of a queue message.
///
/// # Errors
/// See [`DecodeError`]. The error quotes nothing of the body.
pub fn decode<M: DeserializeOwned>(body: &str) -> Result<M, DecodeError> {
    let value: serde_json::Value =
        serde_json::from_str(body).map_err(|_| DecodeError::NotUnderstood)?;
    match value["v"].as_u64() {
        Some(version) if version == u64::from(VERSION) => {}
        Some(version) => return Err(DecodeError::Version(version)),
        None => return Err(DecodeError::NotUnderstood),
    }
    serde_json::from_value::<Envelope<M>>(value)
        .map(|envelope| envelope.message)
        .map_err(|_| DecodeError::NotUnderstood)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment() -> OutboundQueueMessage {
        OutboundQueueMessage::CommentCreated(CommentEvent {
            issue_id: IssueId::new("10001"),
            comment_id: CommentId::new("10100"),
            author: None,
            door: None,
        })
    }

    #[test]
    fn bodies_are_tagged_and_versioned() {
        let body = encode(&comment()).unwrap();
        assert_eq!(
            body,
            r#"{"v":1,"type":"comment_created","issue_id":"10001","comment_id":"10100"}"#
        );
        assert_eq!(decode(&body), Ok(comment()));
    }

    #[test]
    fn a_timer_is_named_with_its_time() {
        let conversation = ConversationKey::new(&PhoneNumberId::new("1065"), "49151");
        let due = DelayQueueMessage::TimerDue {
            conversation,
            timer: Timer::KeepOpen,
            due_at: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
        };
        let body = encode(&due).unwrap();
        assert_eq!(
            body,
            r#"{"v":1,"type":"timer_due","conversation":{"phone_number_id":"1065","customer":"49151"},"timer":"keep_open","due_at":1790000000}"#
        );
        assert_eq!(decode(&body), Ok(due));
    }

    #[test]
    fn foreign_bodies_are_refused_without_quoting_them() {
        for (body, error) in [
            ("not json", DecodeError::NotUnderstood),
            ("[]", DecodeError::NotUnderstood),
            (r#"{"type":"comment_created"}"#, DecodeError::NotUnderstood),
            (r#"{"v":1,"type":"unheard_of"}"#, DecodeError::NotUnderstood),
            (
                r#"{"v":2,"type":"comment_created"}"#,
                DecodeError::Version(2),
            ),
        ] {
            assert_eq!(decode::<OutboundQueueMessage>(body), Err(error), "{body}");
        }
    }
}
