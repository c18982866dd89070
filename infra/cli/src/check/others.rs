//! Other senders of the business numbers.

use casement_core::settings::Settings;
use chrono::{DateTime, Utc};

use super::{Row, Verdict};
use crate::Problem;

const WHAT: &str = "other senders";

/// Judges when another sender was last at work.
pub(super) fn row(
    last: &Result<Option<DateTime<Utc>>, Problem>,
    settings: Option<&Settings>,
) -> Row {
    let last = match last {
        Ok(Some(last)) => last,
        Ok(None) => return Row::new(WHAT, Verdict::ok("none was seen in 90 days")),
        Err(problem) => return Row::new(WHAT, Verdict::unknown(problem)),
    };
    let numbers = settings.map(Settings::numbers).unwrap_or_default();
    let is_meant = numbers.iter().all(|number| number.standby.is_some());
    let seen = format!(
        "another sender of a number, such as Meta's agent, was last at work on {}",
        last.format("%Y-%m-%d at %H:%M UTC")
    );
    let verdict = if is_meant {
        Verdict::ok(seen)
    } else {
        Verdict::hint(
            format!("{seen}; your agents do not answer the customers who write to it"),
            "if it is meant, set standby in the settings; if not, switch it off in WhatsApp Manager",
        )
    };
    Row::new(WHAT, verdict)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_hears_of_another_sender_until_it_is_meant() {
        let settings = |more: &str| {
            Settings::from_toml(&format!(
                "[[number]]\nphone_number_id = \"1065\"\nservice_desk_id = \"1\"\n\
                 request_type_id = \"10\"\n{more}"
            ))
            .unwrap()
        };
        let at = DateTime::from_timestamp(1_790_000_000, 0);
        for (last, more, verdict, says) in [
            (None, "", "ok", "none was seen"),
            (
                at,
                "",
                "hint",
                "2026-09-21 at 14:13 UTC; your agents do not answer",
            ),
            (
                at,
                "standby = \"count\"\n",
                "ok",
                "last at work on 2026-09-21",
            ),
        ] {
            let shown = serde_json::to_value(row(&Ok(last), Some(&settings(more)))).unwrap();
            assert_eq!(shown["verdict"], verdict, "{shown}");
            assert!(shown.to_string().contains(says), "{shown}");
        }
    }
}
