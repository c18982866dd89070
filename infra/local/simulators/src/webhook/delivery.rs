//! A webhook, its attempts and the state of its delivery.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// The outcome of one attempt to deliver a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Casement answered with this HTTP status and body.
    Answered {
        status: u16,
        /// The answer's body. Bytes that are not UTF-8 are replaced.
        body: String,
    },
    /// No answer came in time.
    TimedOut,
    /// There was no connection, it broke before an answer, or no webhook URL is set.
    Unreachable,
}

impl Outcome {
    /// Returns the HTTP status, if Casement answered.
    #[must_use]
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Answered { status, .. } => Some(*status),
            Self::TimedOut | Self::Unreachable => None,
        }
    }
}

/// The decision after an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Casement accepted the webhook.
    Delivered,
    /// Try again after this time.
    Again(TimeDelta),
    /// Give up.
    Dropped,
}

/// An attempt, as a retry policy sees it.
#[derive(Debug)]
pub(crate) struct Try<'a> {
    /// 0 for the first try, then the number of the repeat.
    pub number: u32,
    /// The time since the first try.
    pub age: TimeDelta,
    pub outcome: &'a Outcome,
    /// A random number from 0 up to 1, for jitter.
    pub chance: f64,
}

/// A service's rule for trying again.
pub(crate) type Policy = fn(&Try<'_>) -> Verdict;

/// A webhook to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Parcel {
    /// The event in the webhook, for listings.
    pub subject: String,
    pub body: Vec<u8>,
    pub headers: Vec<(&'static str, String)>,
    /// The header that carries the number of the repeat, from 1.
    pub retry_header: Option<&'static str>,
    /// How many more times the webhook is sent after the first attempt, as if by mistake.
    pub copies: u32,
    /// Whether the webhook never arrives and is not tried again.
    pub lost: bool,
}

/// The state of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DeliveryState {
    /// An attempt is under way.
    Sending,
    /// The next attempt is waiting for its time.
    Waiting,
    /// Casement accepted the webhook.
    Delivered,
    /// The webhook will not be tried again.
    Dropped,
}

/// A webhook and the state of its delivery.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Delivery {
    /// The delivery's number, from 1.
    pub id: u64,
    /// The event in the webhook, such as `message wamid...` or `comment_created 10003`.
    pub subject: String,
    pub state: DeliveryState,
    /// How many attempts have ended, without copies.
    pub attempts: u32,
    /// The HTTP status of the last answer.
    pub last_status: Option<u16>,
    /// When the next attempt is due, if there is one.
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// When the first attempt began.
    pub began_at: DateTime<Utc>,
    /// When Casement had accepted the webhook.
    pub taken_at: Option<DateTime<Utc>>,
}
