//! Calls, and the permission for them.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A customer's call (Cloud API, "Calling API", webhook field `calls`). Its message is as old as
/// the call's beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// It has begun. What becomes of it follows.
    Ringing,
    /// Nobody answered it.
    Missed,
    /// Somebody answered it.
    Answered {
        /// How long it lasted, in seconds, if WhatsApp says so.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seconds: Option<u32>,
    },
}

impl Call {
    /// Returns what agents read about the call, which began `at` this time in their time zone.
    pub(super) fn words(self, at: Option<DateTime<Tz>>) -> String {
        let at = at.map_or_else(String::new, |at| at.format(" at %H:%M").to_string());
        match self {
            Self::Ringing => format!("[The customer called{at}]"),
            Self::Missed => format!("[The customer called{at} and was not answered]"),
            Self::Answered {
                seconds: Some(seconds),
            } => format!(
                "[The customer called{at}; the call lasted {}]",
                lasted(seconds)
            ),
            Self::Answered { seconds: None } => {
                format!("[The customer called{at}; the call was answered]")
            }
        }
    }
}

fn lasted(seconds: u32) -> String {
    let lasted = Duration::seconds(seconds.into());
    match (lasted.num_minutes(), lasted.num_seconds() % 60) {
        (0, 1) => "1 second".to_owned(),
        (0, seconds) => format!("{seconds} seconds"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// Returns what agents read about the customer's answer whether we may call.
pub(super) fn permission(
    granted: Option<bool>,
    permanent: bool,
    until: Option<DateTime<Utc>>,
) -> String {
    match (granted, until) {
        (Some(true), _) if permanent => "[The customer allows calls from now on.]".to_owned(),
        (Some(true), Some(until)) => {
            let until = until.format("%Y-%m-%d %H:%M");
            format!("[The customer allows calls until {until} UTC.]")
        }
        (Some(true), None) => "[The customer allows a call.]".to_owned(),
        (Some(false), _) => "[The customer does not want to be called.]".to_owned(),
        (None, _) => {
            "[The customer answered whether we may call, WhatsApp does not say how.]".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_told_in_the_agents_time() {
        let at = DateTime::from_timestamp(1_790_000_000, 0)
            .map(|at| at.with_timezone(&Tz::Europe__Berlin));
        let answered = |seconds| Call::Answered { seconds };
        for (call, at, words) in [
            (
                Call::Missed,
                at,
                "[The customer called at 16:13 and was not answered]",
            ),
            (
                Call::Missed,
                None,
                "[The customer called and was not answered]",
            ),
            (
                answered(Some(1)),
                at,
                "[The customer called at 16:13; the call lasted 1 second]",
            ),
            (
                answered(Some(59)),
                at,
                "[The customer called at 16:13; the call lasted 59 seconds]",
            ),
            (
                answered(Some(125)),
                at,
                "[The customer called at 16:13; the call lasted 2 min 5 s]",
            ),
            (
                answered(Some(120)),
                at,
                "[The customer called at 16:13; the call lasted 2 min]",
            ),
            (
                answered(None),
                at,
                "[The customer called at 16:13; the call was answered]",
            ),
        ] {
            assert_eq!(call.words(at), words);
        }
    }
}
