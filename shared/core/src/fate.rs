//! What a failed call means: the one place that says so.

use std::fmt;

use chrono::Duration;
use serde::{Deserialize, Serialize};

/// An error code of the Cloud API (`error.code`, `errors[].code`). Decisions rest on it and
/// never on the HTTP status, which the documentation and the field disagree about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WhatsappCode(pub i64);

impl WhatsappCode {
    /// "Re-engagement message": more than 24 hours since the customer's last message.
    pub const WINDOW_CLOSED: Self = Self(131_047);

    /// Whether Meta says that the customer service window is closed.
    #[must_use]
    pub fn is_window_closed(self) -> bool {
        self == Self::WINDOW_CLOSED
    }

    /// Whether Meta asks us to slow down: the limits per customer, per number, per app and per
    /// account (Cloud API, "Error codes").
    #[must_use]
    pub fn is_throttling(self) -> bool {
        matches!(self.0, 131_056 | 130_429 | 4 | 80_007)
    }
}

impl fmt::Display for WhatsappCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a call to WhatsApp or Jira failed. Carries nothing of the request or the answer but
/// numbers, so that it may be logged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallFailure {
    /// Meta refused with a code. The message was not accepted.
    #[error("WhatsApp refused with code {0}")]
    Whatsapp(WhatsappCode),
    /// Jira refused with a status. Nothing was written.
    #[error("Jira refused with status {status}")]
    Jira {
        /// The HTTP status.
        status: u16,
        /// `Retry-After`, if one was given.
        retry_after: Option<Duration>,
    },
    /// No connection came about. Nothing was sent.
    #[error("no connection to {0}")]
    Unreachable(Side),
    /// The request went out and no usable answer came back: it may have had its effect.
    #[error("no usable answer from {0}")]
    Unknown(Side),
}

/// Whom a call went to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Meta's Cloud API.
    Whatsapp,
    /// Jira Cloud.
    Jira,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Whatsapp => "WhatsApp",
            Self::Jira => "Jira",
        })
    }
}

/// What becomes of the work whose call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Try again: after this long, or when the backoff of the queue says so.
    Retry(Option<Duration>),
    /// It may have happened. Find out before it is repeated.
    Resolve,
    /// Keep the message until the window opens.
    Hold,
    /// It can never succeed. Say so in the request, and go on.
    GiveUp,
    /// The target no longer exists (a deleted request or comment, or one we may not see).
    Gone,
    /// Nothing can succeed until an operator acts (token, permission, payment). Keep the
    /// message, raise the alarm.
    Pause,
}

/// Decides what a failure means.
#[must_use]
pub fn fate(failure: &CallFailure) -> Fate {
    match failure {
        CallFailure::Whatsapp(code) => whatsapp_fate(*code),
        CallFailure::Jira {
            status,
            retry_after,
        } => jira_fate(*status, *retry_after),
        CallFailure::Unreachable(_) => Fate::Retry(None),
        CallFailure::Unknown(_) => Fate::Resolve,
    }
}

/// Cloud API, "Error codes". A code that is not listed is given up: a visible note is better
/// than a message that is tried for hours.
fn whatsapp_fate(code: WhatsappCode) -> Fate {
    match code.0 {
        131_047 => Fate::Hold,
        // Pair rate, throughput; temporary and maintenance errors.
        131_056 | 130_429 | 133_016 | 1 | 2 | 131_016 | 131_057 | 133_004 => Fate::Retry(None),
        // Call limits of the app or the account are counted by the hour.
        4 | 80_007 => Fate::Retry(Some(Duration::minutes(5))),
        // "Something went wrong": the message may have been delivered.
        131_000 => Fate::Resolve,
        // Authentication, permission, policy, account: an operator must act.
        0
        | 3
        | 10
        | 190
        | 200..=299
        | 131_005
        | 368
        | 130_497
        | 131_031
        | 131_048
        | 131_064
        | 131_037
        | 131_042
        | 131_045
        | 133_010 => Fate::Pause,
        _ => Fate::GiveUp,
    }
}

fn jira_fate(status: u16, retry_after: Option<Duration>) -> Fate {
    match status {
        429 | 409 | 425 => Fate::Retry(retry_after),
        401 | 403 => Fate::Pause,
        404 | 410 => Fate::Gone,
        408 | 500..=599 => Fate::Resolve,
        _ => Fate::GiveUp,
    }
}

/// What happened and who acts, in words for the agent. Never empty.
#[must_use]
pub fn explain(code: Option<WhatsappCode>) -> &'static str {
    match code.map_or(0, |code| code.0) {
        131_026 => {
            "WhatsApp cannot deliver to this customer: the number may not be on WhatsApp, may have \
             blocked us, or runs an old version. Please reach the customer another way."
        }
        131_049 | 131_050 | 130_472 => {
            "WhatsApp withholds this kind of message from this customer. Please reach the customer \
             another way."
        }
        131_021 => {
            "The message was addressed to our own number. Please check the customer's number."
        }
        131_030 => {
            "The business number is a test number and may write to registered recipients only. \
             Please ask the operators to register this one or to use a live number."
        }
        131_062 => {
            "WhatsApp needs the customer's phone number for this message and we do not know it. \
             Please ask the customer for it."
        }
        100 | 131_008 | 131_009 | 33 => {
            "WhatsApp did not understand our request. This is a fault of Casement or of its \
             settings; please tell the operators the code."
        }
        131_053 => {
            "WhatsApp could not take the file: it may be damaged, or not what its name says. Please \
             send it in another form."
        }
        132_000..=132_999 => "WhatsApp refused the template. Please tell the operators the code.",
        _ => "WhatsApp gave no reason that we know. Please tell the operators the code.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_cloud_api_has_a_fate() {
        let retry = Fate::Retry(None);
        for (codes, expected) in [
            (vec![131_047], Fate::Hold),
            (
                vec![131_056, 130_429, 133_016, 1, 2, 131_016, 131_057, 133_004],
                retry,
            ),
            (vec![4, 80_007], Fate::Retry(Some(Duration::minutes(5)))),
            (vec![131_000], Fate::Resolve),
            (vec![0, 3, 10, 190, 200, 250, 299, 131_005], Fate::Pause),
            (vec![368, 130_497, 131_031, 131_048, 131_064], Fate::Pause),
            (vec![131_037, 131_042, 131_045, 133_010], Fate::Pause),
            (
                vec![131_026, 131_049, 131_050, 130_472, 131_021, 131_030],
                Fate::GiveUp,
            ),
            (
                vec![131_051, 131_052, 131_053, 131_062, 135_000, 137_000],
                Fate::GiveUp,
            ),
            (vec![100, 131_008, 131_009, 33], Fate::GiveUp),
            (
                vec![132_000, 132_001, 132_005, 132_007, 132_008, 132_012],
                Fate::GiveUp,
            ),
            (
                vec![132_015, 132_016, 132_068, 132_069, 999_999],
                Fate::GiveUp,
            ),
        ] {
            for code in codes {
                let failure = CallFailure::Whatsapp(WhatsappCode(code));
                assert_eq!(fate(&failure), expected, "{code}");
            }
        }
    }

    #[test]
    fn every_status_of_jira_has_a_fate() {
        let after = Some(Duration::seconds(7));
        for (status, retry_after, expected) in [
            (429, after, Fate::Retry(after)),
            (429, None, Fate::Retry(None)),
            (409, None, Fate::Retry(None)),
            (401, None, Fate::Pause),
            (403, None, Fate::Pause),
            (404, None, Fate::Gone),
            (400, None, Fate::GiveUp),
            (413, None, Fate::GiveUp),
            (422, None, Fate::GiveUp),
            (408, None, Fate::Resolve),
            (500, None, Fate::Resolve),
            (503, after, Fate::Resolve),
        ] {
            let failure = CallFailure::Jira {
                status,
                retry_after,
            };
            assert_eq!(fate(&failure), expected, "{status}");
        }
    }

    #[test]
    fn a_lost_answer_is_resolved_and_a_lost_connection_retried() {
        assert_eq!(fate(&CallFailure::Unknown(Side::Whatsapp)), Fate::Resolve);
        assert_eq!(
            fate(&CallFailure::Unreachable(Side::Jira)),
            Fate::Retry(None)
        );
    }
}
