//! Timers live in the conversation item; a sparse index finds the ones that are due.

use chrono::{DateTime, Duration, Utc};

use crate::identity::ConversationKey;

/// Into how many partitions the index is spread, so that none becomes hot.
pub const SHARDS: u8 = 8;

/// The longest delay of one SQS message (SQS API reference, `SendMessage`: `DelaySeconds`).
pub const LONGEST_DELAY: Duration = Duration::seconds(900);

/// How far ahead of the due time a sweep hands a timer to the delay queue. A little over the
/// minute between two sweeps, so that none is late.
pub const SWEEP_AHEAD: Duration = Duration::seconds(75);

/// The index partition of a conversation's timer.
#[must_use]
pub fn shard(key: &ConversationKey) -> String {
    let digit = key
        .fingerprint()
        .bytes()
        .fold(0u8, |sum, byte| sum.wrapping_add(byte));
    shard_name(digit % SHARDS)
}

/// Every index partition.
pub fn shards() -> impl Iterator<Item = String> {
    (0..SHARDS).map(shard_name)
}

fn shard_name(number: u8) -> String {
    format!("DUE#{number}")
}

/// How long the delay queue must hold a message for it to arrive at `due_at`; `None` when that
/// is too far away for one message and a later sweep has to take it up.
#[must_use]
pub fn delay_until(due_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<Duration> {
    let left = (due_at - now).max(Duration::zero());
    (left <= LONGEST_DELAY).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::PhoneNumberId;
    use std::collections::BTreeSet;

    #[test]
    fn conversations_spread_over_all_shards() {
        let number = PhoneNumberId::new("1065");
        let used: BTreeSet<String> = (0..200)
            .map(|n| shard(&ConversationKey::new(&number, format!("4915{n:06}"))))
            .collect();
        assert_eq!(used, shards().collect());
    }

    #[test]
    fn only_near_timers_go_to_the_queue() {
        let now = DateTime::from_timestamp(1_790_000_000, 0).unwrap();
        for (seconds, delay) in [(-5, Some(0)), (0, Some(0)), (900, Some(900)), (901, None)] {
            assert_eq!(
                delay_until(now + Duration::seconds(seconds), now),
                delay.map(Duration::seconds),
                "{seconds}"
            );
        }
    }
}
