//! A token bucket on the stack's clock.

use chrono::{DateTime, TimeDelta, Utc};

/// A rate limit: this many at once, then one per interval.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    pub burst: u32,
    pub interval: TimeDelta,
}

/// One message every 6 seconds to one user, with a burst of 45 borrowed from the time after.
///
/// Source: Meta, "About the platform", pair rate limits.
pub(crate) const PAIR: Limit = Limit {
    burst: 45,
    interval: TimeDelta::seconds(6),
};

/// The used part of a limit.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bucket {
    /// When the bucket is full again; `None` if it was never used.
    full_at: Option<DateTime<Utc>>,
}

impl Bucket {
    /// Takes one token. Returns false if none is left.
    pub(crate) fn take(&mut self, limit: Limit, now: DateTime<Utc>) -> bool {
        let full_at = self.full_at.map_or(now, |full_at| full_at.max(now));
        let after = full_at + limit.interval;
        if after - now > limit.interval * i32::try_from(limit.burst).unwrap_or(i32::MAX) {
            return false;
        }
        self.full_at = Some(after);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_45_is_followed_by_one_in_6_seconds() {
        let start = DateTime::UNIX_EPOCH;
        let mut bucket = Bucket::default();
        for n in 0..45 {
            assert!(bucket.take(PAIR, start), "message {n} of the burst");
        }
        let table = [
            (0, false),
            (5, false),
            (6, true),
            (6, false),
            (11, false),
            (18, true),
            (18, true),
            (18, false),
            (1000, true),
        ];
        for (second, allowed) in table {
            let now = start + TimeDelta::seconds(second);
            assert_eq!(bucket.take(PAIR, now), allowed, "at {second} s");
        }
    }
}
