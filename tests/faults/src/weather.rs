//! The faults that can hit a call.

use std::time::Duration;

use serde_json::{Value, json};

/// A fault that hits one call, or three in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Weather {
    /// The connection is closed without effect and without an answer.
    Refused,
    /// Three calls in a row are refused, more than an AWS client attempts by itself.
    RefusedThrice,
    /// 429 with a `Retry-After`.
    LimitedWithTime,
    /// 429 without a `Retry-After`.
    Limited,
    /// 500 without effect.
    ErrorBefore,
    /// 500 although the call has taken effect.
    ErrorAfter,
    /// The connection is closed after the effect, before the answer.
    CutAfter,
    /// No answer comes until the caller gives up, and there is no effect.
    Silent,
    /// The answer breaks off in the middle, after the effect.
    Truncated,
    /// The function's process is killed right after the effect.
    KilledAfter,
    /// Jira answers 404 once about something that exists.
    NotFound,
    /// Jira's platform API hides issues from our account for five minutes, whatever is read.
    UnreadableForMinutes,
    /// The same for six hours.
    UnreadableForHours,
    /// Jira's platform API refuses writes in the same way for five minutes.
    UnwritableForMinutes,
    /// The same for six hours.
    UnwritableForHours,
    /// The answer to an opening is lost, and the search finds the request five seconds later.
    OpenedAndFoundInSeconds,
    /// The same, but the search finds the request a minute later.
    OpenedAndFoundInAMinute,
    /// The same, but the search finds the request ten minutes later.
    OpenedAndFoundInMinutes,
}

impl Weather {
    pub(crate) const ALL: [Self; 18] = [
        Self::Refused,
        Self::RefusedThrice,
        Self::LimitedWithTime,
        Self::Limited,
        Self::ErrorBefore,
        Self::ErrorAfter,
        Self::CutAfter,
        Self::Truncated,
        Self::KilledAfter,
        Self::NotFound,
        Self::Silent,
        Self::UnreadableForMinutes,
        Self::UnreadableForHours,
        Self::UnwritableForMinutes,
        Self::UnwritableForHours,
        Self::OpenedAndFoundInSeconds,
        Self::OpenedAndFoundInAMinute,
        Self::OpenedAndFoundInMinutes,
    ];

    /// Returns the faults that may hit any call of a long run.
    pub(crate) fn of_single_calls() -> impl Iterator<Item = Self> {
        let single = |one: &Self| *one != Self::RefusedThrice && one.part_of_jira().is_none();
        Self::ALL.into_iter().filter(single)
    }

    /// Returns the name on the command line and in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::RefusedThrice => "refused-thrice",
            Self::LimitedWithTime => "limited-with-time",
            Self::Limited => "limited",
            Self::ErrorBefore => "error-before",
            Self::ErrorAfter => "error-after",
            Self::CutAfter => "cut-after",
            Self::Silent => "silent",
            Self::Truncated => "truncated",
            Self::KilledAfter => "killed-after",
            Self::NotFound => "not-found",
            Self::UnreadableForMinutes => "unreadable-for-minutes",
            Self::UnreadableForHours => "unreadable-for-hours",
            Self::UnwritableForMinutes => "unwritable-for-minutes",
            Self::UnwritableForHours => "unwritable-for-hours",
            Self::OpenedAndFoundInSeconds => "opened-and-found-in-seconds",
            Self::OpenedAndFoundInAMinute => "opened-and-found-in-a-minute",
            Self::OpenedAndFoundInMinutes => "opened-and-found-in-minutes",
        }
    }

    /// Returns the fault that switches this on (`Fault` in the description of the control API),
    /// without the function and the call that it hits first.
    pub(crate) fn fault(self) -> Value {
        let mut fault = match self {
            Self::Refused => json!({"kind": "refuse", "count": 1}),
            Self::RefusedThrice => json!({"kind": "refuse", "count": 3}),
            Self::LimitedWithTime => json!({"kind": "status", "status": 429, "count": 1,
                "headers": {"retry-after": "7"}}),
            Self::Limited => json!({"kind": "status", "status": 429, "count": 1}),
            Self::ErrorBefore => json!({"kind": "status", "status": 500, "count": 1}),
            Self::ErrorAfter => json!({"kind": "status_after", "status": 500, "count": 1}),
            Self::CutAfter
            | Self::OpenedAndFoundInSeconds
            | Self::OpenedAndFoundInAMinute
            | Self::OpenedAndFoundInMinutes => json!({"kind": "cut_after", "count": 1}),
            Self::Silent => json!({"kind": "hang", "count": 1}),
            Self::Truncated => json!({"kind": "truncate", "count": 1}),
            Self::KilledAfter => json!({"kind": "kill_after", "count": 1}),
            Self::NotFound => json!({"kind": "status", "status": 404, "count": 1}),
            Self::UnreadableForMinutes | Self::UnwritableForMinutes => {
                json!({"kind": "status", "status": 404, "for_s": 5 * 60})
            }
            Self::UnreadableForHours | Self::UnwritableForHours => {
                json!({"kind": "status", "status": 404, "for_s": 6 * 3_600})
            }
        };
        fault["target"] = match self {
            Self::NotFound => json!("jira"),
            _ => json!("any"),
        };
        if let Some(part) = self.part_of_jira() {
            fault["match"] = json!(part);
        }
        fault
    }

    /// Returns how long the search takes to find a new request.
    pub(crate) fn search_lag(self) -> Duration {
        Duration::from_secs(match self {
            Self::OpenedAndFoundInSeconds => 5,
            Self::OpenedAndFoundInAMinute => 60,
            Self::OpenedAndFoundInMinutes => 600,
            _ => 0,
        })
    }

    /// Returns the beginning of the only operations that this fault hits, if it concerns a part of
    /// Jira.
    fn part_of_jira(self) -> Option<&'static str> {
        match self {
            Self::UnreadableForMinutes | Self::UnreadableForHours => Some("GET /rest/api/3/issue/"),
            Self::UnwritableForMinutes | Self::UnwritableForHours => {
                Some("POST /rest/api/3/issue/")
            }
            Self::OpenedAndFoundInSeconds
            | Self::OpenedAndFoundInAMinute
            | Self::OpenedAndFoundInMinutes => Some("POST /rest/servicedeskapi/request"),
            _ => None,
        }
    }

    /// Returns whether the fault lasts, so that time passes until everything is done.
    pub(crate) fn lasts(self) -> bool {
        self.fault()["for_s"].is_u64()
    }

    /// Returns whether the fault can hit this operation of a service.
    pub(crate) fn hits(self, service: &str, operation: &str) -> bool {
        match self.part_of_jira() {
            Some(part) => operation.contains(part),
            None => self != Self::NotFound || service == "jira",
        }
    }
}
