//! Detection of customers who send very many messages. They are noticed, not refused.

use chrono::serde::ts_seconds;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// The number of messages in an hour that counts as very many. An album has thirty.
const MANY: u32 = 100;

/// The number of a customer's messages within an hour, which begins with the first of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hour {
    #[serde(with = "ts_seconds")]
    since: DateTime<Utc>,
    messages: u32,
}

impl Hour {
    /// Counts a message that was sent at `sent_at`.
    #[must_use]
    pub fn with(hour: Option<Self>, sent_at: DateTime<Utc>) -> Self {
        match hour {
            Some(hour) if sent_at < hour.since + Duration::hours(1) => Self {
                messages: hour.messages.saturating_add(1),
                ..hour
            },
            _ => Self {
                since: sent_at,
                messages: 1,
            },
        }
    }

    /// Returns whether the latest message made it very many. That is true of one message per hour.
    #[must_use]
    pub fn has_become_busy(&self) -> bool {
        self.messages == MANY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn busy(times: impl Iterator<Item = i64>) -> usize {
        let mut hour = None;
        let found = times.filter(|seconds| {
            let sent_at = DateTime::UNIX_EPOCH + Duration::seconds(*seconds);
            let now = Hour::with(hour, sent_at);
            hour = Some(now);
            now.has_become_busy()
        });
        found.count()
    }

    #[test]
    fn a_busy_hour_is_seen_once() {
        for (times, expected) in [
            // A minute apart.
            ((0..600).map(|n| n * 60).collect::<Vec<i64>>(), 0),
            ((0..99).collect(), 0),
            ((0..100).collect(), 1),
            ((0..3_000).collect(), 1),
            // Every second, for three hours.
            ((0..10_800).collect(), 3),
            // In whatever order they come.
            ((0..100).rev().collect(), 1),
        ] {
            assert_eq!(busy(times.into_iter()), expected);
        }
    }
}
