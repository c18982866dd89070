//! The customer service window: 24 hours from the timestamp of the user's message.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::whatsapp::options::Options;

/// How long a user's message keeps the window open.
pub(crate) const WINDOW: TimeDelta = TimeDelta::hours(24);

/// Returns when the window that `message` opens ends, or `None` if a message of this kind opens
/// none.
///
/// Source: Meta, "Send messages", customer service windows: every message or call of the user.
/// Edits, revocations and system messages are not messages of the user.
pub(crate) fn end_of_window(message: &Value, options: &Options) -> Option<DateTime<Utc>> {
    let kind = message["type"].as_str().unwrap_or_default();
    let opens = match kind {
        "system" | "edit" | "revoke" | "request_welcome" => false,
        "reaction" => options.reactions_open_window,
        "unsupported" => message["unsupported"]["type"].as_str() != Some("edit"),
        _ => message["group_id"].is_null(),
    };
    if opens {
        timestamp(&message["timestamp"]).map(|time| time + WINDOW)
    } else {
        None
    }
}

/// Parses a webhook's timestamp: Unix seconds as a string, rarely as a number.
pub(crate) fn timestamp(value: &Value) -> Option<DateTime<Utc>> {
    let seconds = match value {
        Value::String(text) => text.parse().ok()?,
        other => other.as_i64()?,
    };
    DateTime::from_timestamp(seconds, 0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_window_opens_by_the_kind_and_the_timestamp() {
        let day_after = DateTime::from_timestamp(1_750_086_400, 0);
        let table = [
            (
                json!({"type": "text", "timestamp": "1750000000"}),
                day_after,
            ),
            (
                json!({"type": "image", "timestamp": 1_750_000_000}),
                day_after,
            ),
            (
                json!({"type": "button", "timestamp": "1750000000"}),
                day_after,
            ),
            (
                json!({"type": "unsupported", "timestamp": "1750000000"}),
                day_after,
            ),
            (
                json!({"type": "unsupported", "unsupported": {"type": "edit"}, "timestamp": "1750000000"}),
                None,
            ),
            (json!({"type": "reaction", "timestamp": "1750000000"}), None),
            (json!({"type": "system", "timestamp": "1750000000"}), None),
            (json!({"type": "revoke", "timestamp": "1750000000"}), None),
            (
                json!({"type": "text", "group_id": "g", "timestamp": "1750000000"}),
                None,
            ),
            (json!({"type": "text", "timestamp": "asdf"}), None),
            (json!({"type": "text"}), None),
        ];
        for (message, expected) in table {
            assert_eq!(
                end_of_window(&message, &Options::default()),
                expected,
                "{message}"
            );
        }
    }
}
