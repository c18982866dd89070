//! The parts of a conversation.

use chrono::serde::{ts_seconds, ts_seconds_option};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::identity::IssueId;

/// A reply that ended a wait and may not have arrived. If it never goes out, the customer waits
/// again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastAnswer {
    /// The time since which the customer had waited for it.
    #[serde(with = "ts_seconds")]
    pub waited_since: DateTime<Utc>,
    /// The time at which it was written.
    #[serde(with = "ts_seconds")]
    pub written_at: DateTime<Utc>,
    /// Whether the customer was told of the delay.
    pub notice_sent: bool,
    /// Whether it is held. Otherwise it is on its way.
    pub held: bool,
}

/// The requests to the customer, in the current wait, to keep the window open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeepOpen {
    /// The number of times the customer was asked.
    pub times: u32,
    /// The end of the window for which the customer was last asked.
    #[serde(with = "ts_seconds_option", skip_serializing_if = "Option::is_none")]
    pub asked_of: Option<DateTime<Utc>>,
}

/// The state of the delay notice for the current wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeState {
    /// Nobody waits.
    #[default]
    Idle,
    /// Its timer is armed.
    Armed,
    /// The notice was put on the outbound queue.
    Queued,
    /// The notice was sent.
    Sent,
    /// The notice was not sent, for a reason that still holds.
    Skipped,
}

/// The wait and the held replies as a request shows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownWait {
    /// The request that shows them.
    pub issue_id: IssueId,
    /// The time since which the customer waits, as shown. `None`: nobody waits.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub waiting_since: Option<DateTime<Utc>>,
    /// The number of held replies, as shown.
    #[serde(default)]
    pub held: u32,
}

/// The end of the window as a request shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownWindow {
    /// The request that shows it.
    pub issue_id: IssueId,
    /// The end of the window, as shown.
    #[serde(with = "ts_seconds")]
    pub ends: DateTime<Utc>,
}
