//! Dates in Jira's formats.

use chrono::{DateTime, FixedOffset, Utc};
use serde_json::{Value, json};

/// Formats a date as `2026-10-22T10:00:00.000+0100`: milliseconds, and the site's offset without a
/// colon.
pub(crate) fn platform(time: DateTime<Utc>, offset: FixedOffset) -> String {
    let local = time.with_timezone(&offset);
    local.format("%Y-%m-%dT%H:%M:%S%.3f%z").to_string()
}

/// Returns the four forms of a date in the service desk API.
pub(crate) fn service_desk(time: DateTime<Utc>, offset: FixedOffset) -> Value {
    let local = time.with_timezone(&offset);
    json!({
        "iso8601": local.format("%Y-%m-%dT%H:%M:%S%z").to_string(),
        "jira": platform(time, offset),
        "friendly": local.format("%d/%b/%y %-I:%M %p").to_string(),
        "epochMillis": time.timestamp_millis(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_carry_the_offset_of_the_site() {
        let time = DateTime::from_timestamp_millis(1_792_660_213_985).unwrap();
        let jakarta = FixedOffset::east_opt(7 * 3_600).unwrap();
        assert_eq!(platform(time, jakarta), "2026-10-22T16:10:13.985+0700");
        let all = service_desk(time, jakarta);
        assert_eq!(all["iso8601"], "2026-10-22T16:10:13+0700");
        assert_eq!(all["epochMillis"], 1_792_660_213_985_i64);
    }
}
