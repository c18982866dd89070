//! The state of one conversation, as the table holds it.

use chrono::serde::{ts_seconds, ts_seconds_option};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::identity::{ConversationKey, CustomerIdentity, IssueRef, Wamid};
use crate::window;

/// How long an idle conversation is kept. Afterwards the table may forget it.
pub const KEPT_FOR: Duration = Duration::days(365);

/// What Casement knows of a conversation between a business number and a customer.
///
/// It is read and written whole; `version` makes a lost update impossible. It holds no
/// message text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Which conversation this is.
    pub key: ConversationKey,
    /// The customer's identifiers.
    pub identity: CustomerIdentity,
    /// The name in the customer's WhatsApp profile, as last seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_name: Option<String>,
    /// When the customer service window ends.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub window_expires_at: Option<DateTime<Utc>>,
    /// The customer's latest message, by WhatsApp's timestamp.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_inbound_at: Option<DateTime<Utc>>,
    /// The id of that message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_inbound_wamid: Option<Wamid>,
    /// The request that the conversation is in. While another one is being opened in its place
    /// it is still the former one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<IssueRef>,
    /// A request that is being opened. Set before Jira is asked, so that an unknown outcome can
    /// be looked up by the reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Opening>,
    /// Since when the customer waits for an answer.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub awaiting_since: Option<DateTime<Utc>>,
    /// Counts the silences. A timer that carries an older number is void.
    #[serde(default)]
    pub notice_generation: u32,
    /// What became of the delay notice of this generation.
    #[serde(default)]
    pub notice_state: NoticeState,
    /// When the next timer of this conversation is due.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub due_at: Option<DateTime<Utc>>,
    /// How many replies wait for the window to open.
    #[serde(default)]
    pub held_count: u32,
    /// The customer asked for no automatic messages.
    #[serde(default)]
    pub opted_out: bool,
    /// The message by which the customer asked for that, or for the opposite, last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opted_by: Option<Wamid>,
    /// The silence in which the request was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_in: Option<u32>,
    /// Raised by one with every write.
    #[serde(default)]
    pub version: u64,
}

/// A request that Jira was asked to open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The word in the request's description by which it can be found again.
    pub reference: String,
    /// The request that it follows, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<FormerRequest>,
    /// When Jira was asked.
    #[serde(with = "ts_seconds")]
    pub since: DateTime<Utc>,
}

/// A request that a new one follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerRequest {
    /// Which one.
    pub issue: IssueRef,
    /// Why the conversation does not go on in it.
    pub ended: Ended,
}

/// Why a conversation left a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// It is deleted, or no longer ours to see.
    Gone,
    /// It is done, for too long to be reopened.
    Done,
}

/// What became of the delay notice for the current silence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeState {
    /// Nobody waits.
    #[default]
    Idle,
    /// The notice is due at `due_at`.
    Armed,
    /// The notice was put on the outbound queue.
    Queued,
    /// The customer was told.
    Sent,
    /// The notice was not sent, for a reason that still holds.
    Skipped,
}

impl Conversation {
    /// A conversation of which nothing has happened yet.
    #[must_use]
    pub fn new(key: ConversationKey, identity: CustomerIdentity) -> Self {
        Self {
            key,
            identity,
            profile_name: None,
            window_expires_at: None,
            last_inbound_at: None,
            last_inbound_wamid: None,
            issue: None,
            opening: None,
            awaiting_since: None,
            notice_generation: 0,
            notice_state: NoticeState::Idle,
            due_at: None,
            held_count: 0,
            opted_out: false,
            opted_by: None,
            opened_in: None,
            version: 0,
        }
    }

    /// Whether free text may be sent at `now`.
    #[must_use]
    pub fn window_is_open(&self, now: DateTime<Utc>) -> bool {
        window::is_open(self.window_expires_at, now)
    }

    /// The same conversation after the customer got an answer: nobody waits, no notice is due.
    #[must_use]
    pub fn answered(mut self) -> Self {
        self.awaiting_since = None;
        self.notice_state = NoticeState::Idle;
        self.due_at = None;
        self
    }

    /// The same conversation after Meta said that the window is closed. Meta's word wins over
    /// our clock.
    #[must_use]
    pub fn closed_by_meta(mut self, now: DateTime<Utc>) -> Self {
        self.window_expires_at = self.window_expires_at.map(|ends| ends.min(now));
        self
    }

    /// The same conversation with its request opened.
    #[must_use]
    pub fn in_request(mut self, issue: IssueRef) -> Self {
        self.issue = Some(issue);
        self.opening = None;
        self
    }

    /// The same conversation without the silence that began with a message of `sent_at`, if it
    /// did: nobody has to answer that one.
    #[must_use]
    pub fn without_silence_since(self, sent_at: DateTime<Utc>) -> Self {
        if self.awaiting_since == Some(sent_at) {
            self.answered()
        } else {
            self
        }
    }

    /// When the table may forget the conversation.
    #[must_use]
    pub fn forget_after(&self) -> Option<DateTime<Utc>> {
        self.last_inbound_at.map(|at| at + KEPT_FOR)
    }
}
