//! The messages that Automation rules and other apps write while the customer waits.

use chrono::serde::{ts_seconds, ts_seconds_option};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::digest::Digest;
use crate::model::identity::CommentId;

/// A public comment by a rule that was let through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleMessage {
    pub comment: CommentId,
    /// The digest of its words, under the conversation's key: the same words have the same digest.
    pub digest: Digest,
    /// The time at which it was let through.
    #[serde(with = "ts_seconds")]
    pub at: DateTime<Utc>,
}

/// The rules' messages since the last wait began or ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleMessages {
    /// The messages that were let through, sent or held. At most as many as the owner's limit.
    pub admitted: Vec<RuleMessage>,
    /// The time at which WhatsApp last accepted one.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub sent_at: Option<DateTime<Utc>>,
}

impl RuleMessages {
    /// Returns whether no rule has written anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.admitted.is_empty() && self.sent_at.is_none()
    }

    /// Returns these messages together with those of the customer's other conversation.
    #[must_use]
    pub fn joined_by(mut self, other: &Self) -> Self {
        self.admitted.extend(other.admitted.iter().cloned());
        self.sent_at = self.sent_at.max(other.sent_at);
        self
    }
}
