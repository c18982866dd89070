//! What can happen to a call.

use serde_json::{Value, json};

/// A fault that hits one call, or three in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Weather {
    /// The connection is closed without effect and without an answer.
    Refused,
    /// Three calls in a row are refused: more than a client of AWS tries by itself.
    RefusedThrice,
    /// 429 and a `Retry-After`.
    LimitedWithTime,
    /// 429 without one.
    Limited,
    /// 500 without effect.
    ErrorBefore,
    /// 500 although it has had its effect.
    ErrorAfter,
    /// The connection is closed after the effect, before the answer.
    CutAfter,
    /// No answer until the caller gives up; no effect.
    Silent,
    /// The answer breaks off in the middle, after the effect.
    Truncated,
    /// The function's process is killed right after the effect.
    KilledAfter,
}

impl Weather {
    /// All of it.
    pub(crate) const ALL: [Self; 10] = [
        Self::Refused,
        Self::RefusedThrice,
        Self::LimitedWithTime,
        Self::Limited,
        Self::ErrorBefore,
        Self::ErrorAfter,
        Self::CutAfter,
        Self::Truncated,
        Self::KilledAfter,
        Self::Silent,
    ];

    /// The name on the command line and in tables.
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
        }
    }

    /// How it is switched on (`Fault` in the description of the control API), without what it
    /// hits.
    pub(crate) fn fault(self) -> Value {
        match self {
            Self::Refused => json!({"kind": "refuse", "count": 1}),
            Self::RefusedThrice => json!({"kind": "refuse", "count": 3}),
            Self::LimitedWithTime => json!({"kind": "status", "status": 429, "count": 1,
                "headers": {"retry-after": "7"}}),
            Self::Limited => json!({"kind": "status", "status": 429, "count": 1}),
            Self::ErrorBefore => json!({"kind": "status", "status": 500, "count": 1}),
            Self::ErrorAfter => json!({"kind": "status_after", "status": 500, "count": 1}),
            Self::CutAfter => json!({"kind": "cut_after", "count": 1}),
            Self::Silent => json!({"kind": "hang", "count": 1}),
            Self::Truncated => json!({"kind": "truncate", "count": 1}),
            Self::KilledAfter => json!({"kind": "kill_after", "count": 1}),
        }
    }
}
