//! The meaning of a failed call, decided here alone.

use std::fmt;

use chrono::Duration;
use serde::{Deserialize, Serialize};

mod meta_codes;

pub use meta_codes::{advise, explain};

/// An error code of the Cloud API (`error.code`, `errors[].code`). Decisions rest on the code and
/// never on the HTTP status, on which the documentation and practice disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WhatsappCode(pub i64);

impl WhatsappCode {
    /// "Re-engagement message": more than 24 hours since the customer's last message.
    pub const WINDOW_CLOSED: Self = Self(131_047);

    /// Returns whether Meta says that the customer service window is closed.
    #[must_use]
    pub fn is_window_closed(self) -> bool {
        self == Self::WINDOW_CLOSED
    }

    /// Returns whether Meta asks us to slow down: the limits per customer, per number, per app and
    /// per account (Cloud API, "Error codes").
    #[must_use]
    pub fn is_throttling(self) -> bool {
        meta_codes::fate_of(self) == Fate::Retry(Pace::Steep)
    }
}

impl fmt::Display for WhatsappCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The reason why a call to WhatsApp or Jira failed. It contains nothing of the request or the
/// answer but numbers, so it may be logged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallFailure {
    /// Meta refused with a code. The message was not accepted.
    #[error("WhatsApp refused with code {code}")]
    Whatsapp {
        code: WhatsappCode,
        /// `Retry-After`, if one was given.
        retry_after: Option<Duration>,
    },
    /// Jira refused with a status. Nothing was written.
    #[error("Jira refused with status {status}")]
    Jira {
        /// The HTTP status.
        status: u16,
        /// `Retry-After`, if one was given.
        retry_after: Option<Duration>,
    },
    /// Jira answered that there is no such issue or comment, and further calls looked for the
    /// reason. Nothing was written.
    #[error("Jira answers 404: {0}")]
    Absent(Absence),
    /// The request has as many comments or files as Jira allows, and accepts no more. Nothing was
    /// written.
    #[error("the request has as many comments or files as Jira allows")]
    Full,
    /// The secret lacks our credentials, or may not be read. Nothing was sent.
    #[error("the secret has no usable credentials for {0}")]
    NoCredentials(Side),
    /// The secret with our credentials cannot be read at the moment. Nothing was sent.
    #[error("the credentials for {0} cannot be read now")]
    CredentialsLate(Side),
    /// No connection was made. Nothing was sent.
    #[error("no connection to {0}")]
    Unreachable(Side),
    /// The request went out and no usable answer came back: it may have had its effect.
    #[error("no usable answer from {0}")]
    Unknown(Side),
}

impl CallFailure {
    /// Creates a refusal by Meta with this code and no time for a retry.
    #[must_use]
    pub const fn whatsapp(code: WhatsappCode) -> Self {
        Self::Whatsapp {
            code,
            retry_after: None,
        }
    }

    /// Returns Meta's code, if it gave one.
    #[must_use]
    pub fn whatsapp_code(&self) -> Option<WhatsappCode> {
        match self {
            Self::Whatsapp { code, .. } => Some(*code),
            Self::Jira { .. }
            | Self::Absent(_)
            | Self::Full
            | Self::NoCredentials(_)
            | Self::CredentialsLate(_)
            | Self::Unreachable(_)
            | Self::Unknown(_) => None,
        }
    }

    /// Returns whether Jira answered 404 or 410 for an address whose state cannot be checked
    /// further.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(
            self,
            Self::Jira {
                status: 404 | 410,
                ..
            }
        )
    }
}

/// The reason for a 404 from Jira, which itself only says "not found, or no permission to view it"
/// (Jira Cloud platform REST API, "Get issue").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// It is deleted: every part of Jira that was asked agrees.
    Deleted,
    /// It exists, but our account may not see it: a permission is missing.
    Hidden,
    /// The issue exists, but is not, or no longer, a request of Jira Service Management.
    NoRequest,
    /// One part of Jira contradicts another, or it is too early to say.
    Unclear,
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deleted => "it is deleted",
            Self::Hidden => {
                "it is there, and our account may not see it (Browse projects, issue security level)"
            }
            Self::NoRequest => "it is no request of Jira Service Management",
            Self::Unclear => "whether it is deleted is not certain yet",
        })
    }
}

/// The service that a call went to.
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

/// What to do with the work whose call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Try again.
    Retry(Pace),
    /// It may have happened. Find out before repeating it.
    Resolve,
    /// Keep the message until the window opens.
    Hold,
    /// It can never succeed. Say so in the request, and go on.
    GiveUp,
    /// The target no longer exists, or accepts nothing more: a deleted request or comment, or a
    /// full request. A 404 alone does not prove that.
    Gone,
    /// Nothing can succeed until an operator acts (token, permission, payment). Keep the message
    /// and raise the alarm.
    Pause,
}

/// The backoff between attempts. At each pace, the receives that a queue allows outlast an outage
/// of four hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Seconds at first, doubling up to a quarter of an hour.
    Usual,
    /// 4^X seconds after X attempts, up to a quarter of an hour. Meta asks for this after too many
    /// messages (Cloud API, "About the platform", pair rate limits).
    Steep,
    /// From one minute to half an hour: somebody has to act first, perhaps tomorrow morning.
    Paused,
    /// At least this long (`Retry-After`); otherwise as usual.
    NotBefore(Duration),
}

#[must_use]
pub fn fate(failure: &CallFailure) -> Fate {
    match failure {
        CallFailure::Whatsapp { code, retry_after } => {
            match (meta_codes::fate_of(*code), retry_after) {
                (Fate::Retry(_), Some(retry_after)) => Fate::Retry(Pace::NotBefore(*retry_after)),
                (fate, _) => fate,
            }
        }
        CallFailure::Jira {
            status,
            retry_after,
        } => jira_fate(*status, *retry_after),
        CallFailure::Absent(Absence::Deleted) | CallFailure::Full => Fate::Gone,
        CallFailure::Absent(Absence::Hidden | Absence::NoRequest)
        | CallFailure::NoCredentials(_) => Fate::Pause,
        CallFailure::Absent(Absence::Unclear)
        | CallFailure::CredentialsLate(_)
        | CallFailure::Unreachable(_) => Fate::Retry(Pace::Usual),
        CallFailure::Unknown(_) => Fate::Resolve,
    }
}

fn jira_fate(status: u16, retry_after: Option<Duration>) -> Fate {
    match status {
        429 | 409 | 425 => Fate::Retry(retry_after.map_or(Pace::Usual, Pace::NotBefore)),
        // "Not found, or no permission to view it".
        401 | 403 | 404 | 410 => Fate::Pause,
        408 | 500..=599 => Fate::Resolve,
        _ => Fate::GiveUp,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_cloud_api_has_a_fate() {
        for (codes, expected) in [
            (vec![131_047], Fate::Hold),
            (
                vec![131_056, 130_429, 133_016, 4, 17, 32, 613, 80_007],
                Fate::Retry(Pace::Steep),
            ),
            (
                vec![1, 2, 131_016, 131_057, 133_004],
                Fate::Retry(Pace::Usual),
            ),
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
                let failure = CallFailure::whatsapp(WhatsappCode(code));
                assert_eq!(fate(&failure), expected, "{code}");
            }
        }
    }

    #[test]
    fn whatever_is_tried_again_at_the_pace_of_throttling_counts_as_throttling() {
        for code in [131_056, 130_429, 133_016, 4, 80_007] {
            assert!(WhatsappCode(code).is_throttling(), "{code}");
        }
        for code in [1, 131_000, 131_026, 131_047, 131_048, 131_049, 190, 999_999] {
            assert!(!WhatsappCode(code).is_throttling(), "{code}");
        }
    }

    #[test]
    fn every_status_of_jira_has_a_fate() {
        let after = Some(Duration::seconds(7));
        for (status, retry_after, expected) in [
            (
                429,
                after,
                Fate::Retry(Pace::NotBefore(Duration::seconds(7))),
            ),
            (429, None, Fate::Retry(Pace::Usual)),
            (409, None, Fate::Retry(Pace::Usual)),
            (401, None, Fate::Pause),
            (403, None, Fate::Pause),
            (404, None, Fate::Pause),
            (410, None, Fate::Pause),
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
    fn only_what_is_deleted_for_certain_is_gone() {
        for (absence, expected) in [
            (Absence::Deleted, Fate::Gone),
            (Absence::Hidden, Fate::Pause),
            (Absence::NoRequest, Fate::Pause),
            (Absence::Unclear, Fate::Retry(Pace::Usual)),
        ] {
            assert_eq!(fate(&CallFailure::Absent(absence)), expected, "{absence}");
        }
    }

    #[test]
    fn a_full_request_takes_nothing_more() {
        assert_eq!(fate(&CallFailure::Full), Fate::Gone);
    }

    #[test]
    fn a_lost_answer_is_resolved_and_a_lost_connection_retried() {
        assert_eq!(fate(&CallFailure::Unknown(Side::Whatsapp)), Fate::Resolve);
        assert_eq!(
            fate(&CallFailure::Unreachable(Side::Jira)),
            Fate::Retry(Pace::Usual)
        );
    }

    #[test]
    fn a_wish_of_meta_to_wait_is_heard_where_waiting_helps() {
        let retry_after = Duration::seconds(30);
        for (code, expected) in [
            (130_429, Fate::Retry(Pace::NotBefore(retry_after))),
            (190, Fate::Pause),
            (131_026, Fate::GiveUp),
        ] {
            let code = WhatsappCode(code);
            let failure = CallFailure::Whatsapp {
                code,
                retry_after: Some(retry_after),
            };
            assert_eq!(fate(&failure), expected, "{code}");
            assert_eq!(failure.whatsapp_code(), Some(code));
        }
    }
}
