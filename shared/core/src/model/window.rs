//! The customer service window: the 24 hours after a customer's message in which WhatsApp lets a
//! business send free text.
//!
//! Every question "may free text go out?" ends in [`is_open`]. The table's TTL deletes items days
//! late and plays no part in the answer.

use chrono::{DateTime, Duration, Utc};

/// How long the window stays open after a customer's message
/// (Cloud API, "Send messages": customer service windows).
pub const LENGTH: Duration = Duration::hours(24);

/// The window counts as closed this long before it ends, because queues and calls take time.
pub const MARGIN: Duration = Duration::seconds(60);

/// Returns the end of the window after a customer's message of `sent_at` (WhatsApp's own
/// timestamp).
///
/// A late webhook about an old message never shortens the window. A time at the end of the
/// representable range has no later end.
#[must_use]
pub fn extended(current: Option<DateTime<Utc>>, sent_at: DateTime<Utc>) -> DateTime<Utc> {
    let ends = sent_at.checked_add_signed(LENGTH).unwrap_or(sent_at);
    current.map_or(ends, |current| current.max(ends))
}

/// Returns whether free text may be sent at `now` when the window ends at `expires_at`.
#[must_use]
pub fn is_open(expires_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    expires_at.is_some_and(|expires_at| expires_at.signed_duration_since(now) > MARGIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn open_until_a_margin_before_24_hours() {
        let day = LENGTH.num_seconds();
        for (now, open) in [
            (0, true),
            (day - 61, true),
            (day - 60, false),
            (day, false),
            (day + 1, false),
        ] {
            assert_eq!(is_open(Some(extended(None, at(0))), at(now)), open, "{now}");
        }
        assert!(!is_open(None, at(0)));
    }

    #[test]
    fn the_last_time_that_can_be_told_has_an_end() {
        let last = DateTime::<Utc>::MAX_UTC;
        assert_eq!(extended(None, last), last);
        assert!(is_open(Some(last), at(0)));
        assert!(!is_open(Some(at(0)), last));
    }

    #[test]
    fn an_older_message_does_not_shorten_it() {
        let ends = extended(None, at(500));
        assert_eq!(extended(Some(ends), at(100)), ends);
        assert_eq!(extended(Some(ends), at(600)), at(600) + LENGTH);
    }
}
