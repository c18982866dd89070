//! The messages and notes that entries are about.

use chrono::serde::{ts_milliseconds, ts_milliseconds_option, ts_seconds_option};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::key::{OutboundKey, OutboundSource};
use crate::model::digest::Digest;
use crate::model::identity::{CommentId, ConversationKey, IssueId, MediaId, PhoneNumber, Wamid};
use crate::model::price::Price;
use crate::model::status::{Delivery, TemplateHold};

/// A message of ours, or one part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentMessage {
    pub conversation: ConversationKey,
    /// The request that the message belongs to.
    pub issue_id: IssueId,
    /// The time at which the comment behind the message was written.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub source_created: Option<DateTime<Utc>>,
    /// That comment, as read for the last claim. A later edit changes nothing on the phone.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub read: Option<CommentVersion>,
    /// The number of parts of that comment. 0 if unknown.
    pub parts: u32,
    /// Whether the agent took back the unsent rest of the comment. Kept with the first part.
    pub taken_back: bool,
    /// Whether a rule wrote that comment, as a notice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_rule: bool,
    /// The uploaded file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<MediaId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wamid: Option<Wamid>,
    /// The customer's number as WhatsApp spells it, known only once WhatsApp has accepted a
    /// message. Replies come from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<PhoneNumber>,
    /// The reason why a template that WhatsApp has accepted is not on its way yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_hold: Option<TemplateHold>,
    /// The latest known delivery state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// The time of that state, by WhatsApp's clock.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub delivery_at: Option<DateTime<Utc>>,
    /// What the message costs, as the first report with a price says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// Messages that Meta accepted and then refused because the window was closed. Later reports
    /// about them do not concern the message that followed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Wamid>,
}

/// A comment as it was when it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentVersion {
    /// The time of its last edit.
    #[serde(rename = "source_updated", with = "ts_milliseconds")]
    pub updated: DateTime<Utc>,
    /// The digest of its words.
    pub digest: Digest,
}

impl SentMessage {
    /// Creates a message of which nothing is sent yet.
    #[must_use]
    pub fn new(conversation: &ConversationKey, issue_id: &IssueId) -> Self {
        Self {
            conversation: conversation.clone(),
            issue_id: issue_id.clone(),
            source_created: None,
            read: None,
            parts: 0,
            taken_back: false,
            by_rule: false,
            upload: None,
            wamid: None,
            recipient: None,
            template_hold: None,
            delivery: None,
            delivery_at: None,
            price: None,
            refused: Vec::new(),
        }
    }

    /// Returns what Meta bills or gives away for the message: it does when the message is on the
    /// customer's phone.
    #[must_use]
    pub fn billed(&self) -> Option<Price> {
        self.price
            .filter(|_| matches!(self.delivery, Some(Delivery::Delivered | Delivery::Read)))
    }

    /// Returns whether a report about `wamid` concerns this message.
    #[must_use]
    pub fn is_reported_as(&self, wamid: &Wamid) -> bool {
        !self.refused.contains(wamid) && self.wamid.as_ref().is_none_or(|own| own == wamid)
    }
}

/// A message that is known by WhatsApp's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum KnownMessage {
    /// A customer's message.
    Received(ReceivedMessage),
    /// A message of ours that WhatsApp has accepted.
    Sent(SentReference),
    /// Meta's message that a customer's number or BSUID has changed.
    IdentityChange,
}

impl KnownMessage {
    /// Returns the comment with the message's words, and its request.
    #[must_use]
    pub fn comment(&self) -> Option<(&IssueId, &CommentId)> {
        match self {
            Self::Received(message) => message.issue_id.as_ref().zip(message.comments.first()),
            Self::Sent(sent) => Some(&sent.issue_id).zip(sent.comment.as_ref()),
            Self::IdentityChange => None,
        }
    }
}

/// A customer's message, as far as it is in Jira.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedMessage {
    /// The request that has the comments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue_id: Option<IssueId>,
    /// The comments made from the message, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<CommentId>,
    /// The digest of the first comment's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

/// What leads from WhatsApp's id to a message of ours, and to its words in Jira.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentReference {
    /// The key of the message's own entry.
    pub outbound: OutboundKey,
    pub conversation: ConversationKey,
    pub issue_id: IssueId,
    /// The comment that the message came from, or the note that tells the agents of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<CommentId>,
    /// The time of the comment's last edit, as read before it was sent. `None` for a note.
    #[serde(
        default,
        with = "ts_milliseconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub source_updated: Option<DateTime<Utc>>,
    /// The digest of the comment's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

impl SentReference {
    /// Creates the reference to the message `sent` with the key `outbound`. A message that is no
    /// comment has no words until [`Self::with_note`].
    #[must_use]
    pub fn new(outbound: &OutboundKey, sent: &SentMessage) -> Self {
        let (comment, read) = match &outbound.source {
            OutboundSource::Comment(comment) => (Some(comment.clone()), sent.read.clone()),
            _ => (None, None),
        };
        Self {
            outbound: outbound.clone(),
            conversation: sent.conversation.clone(),
            issue_id: sent.issue_id.clone(),
            comment,
            source_updated: read.as_ref().map(|read| read.updated),
            digest: read.map(|read| read.digest),
        }
    }

    /// Adds the note that tells the agents what the customer was sent.
    #[must_use]
    pub fn with_note(self, note: CommentId, digest: Digest) -> Self {
        Self {
            comment: Some(note),
            digest: Some(digest),
            ..self
        }
    }
}

/// An internal note that several workers may try to write at the same time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InternalNote {
    pub issue_id: IssueId,
}
