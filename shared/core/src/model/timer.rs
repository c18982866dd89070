//! Timers, stored in the conversation item; a sparse index finds the ones that are due.
//!
//! A timer is nothing but a time in the conversation, written together with the state that it
//! depends on. A message on the delay queue is only a hint: it counts only if the conversation
//! still has this very timer at this very time. So a repeated or late message does nothing, and the
//! next sweep makes up for a lost one. [`crate::decide::due`] decides what a timer asks for.

use chrono::serde::ts_seconds_option;
use chrono::{DateTime, Duration, SubsecRound, Utc};
use serde::{Deserialize, Serialize};

use crate::model::fingerprint::unkeyed;
use crate::model::identity::{ConversationKey, Wamid};

/// The number of partitions of the index, so that none becomes hot.
pub const SHARDS: u8 = 8;

/// The longest delay of one SQS message (SQS API reference, `SendMessage`: `DelaySeconds`).
pub const LONGEST_DELAY: Duration = Duration::seconds(900);

/// How far ahead of the due time a sweep hands a timer to the delay queue. It is a little more than
/// the minute between two sweeps, so that no timer is late.
pub const SWEEP_AHEAD: Duration = Duration::seconds(75);

/// A timer of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    /// The customer is told about the delay ([`crate::decide::notice`]).
    DelayNotice,
    /// The customer is asked to keep the window open ([`crate::decide::keep_open`]).
    KeepOpen,
    /// The assignee is told that the window is about to close ([`crate::decide::agent_alert`]).
    AgentAlert,
    /// A held reply has waited for too long ([`crate::decide::hold_expiry`]).
    HoldExpiry,
    /// The request is to show the window, the wait and the held replies
    /// ([`crate::decide::fields`]).
    WindowField,
}

impl Timer {
    /// All timers.
    pub const ALL: [Self; 5] = [
        Self::DelayNotice,
        Self::KeepOpen,
        Self::AgentAlert,
        Self::HoldExpiry,
        Self::WindowField,
    ];

    /// Returns the word for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DelayNotice => "delay_notice",
            Self::KeepOpen => "keep_open",
            Self::AgentAlert => "agent_alert",
            Self::HoldExpiry => "hold_expiry",
            Self::WindowField => "window_field",
        }
    }

    /// Returns whether it should ring on the second, and so gets a message of its own as soon as it
    /// is armed. The others wait for the sweep.
    #[must_use]
    pub fn is_exact(self) -> bool {
        self != Self::WindowField
    }
}

/// The due times of a conversation's timers, in whole seconds. `None` if a timer is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timers {
    #[serde(with = "ts_seconds_option", skip_serializing_if = "Option::is_none")]
    delay_notice: Option<DateTime<Utc>>,
    #[serde(with = "ts_seconds_option", skip_serializing_if = "Option::is_none")]
    keep_open: Option<DateTime<Utc>>,
    #[serde(with = "ts_seconds_option", skip_serializing_if = "Option::is_none")]
    agent_alert: Option<DateTime<Utc>>,
    #[serde(with = "ts_seconds_option", skip_serializing_if = "Option::is_none")]
    hold_expiry: Option<DateTime<Utc>>,
    #[serde(with = "ts_seconds_option", skip_serializing_if = "Option::is_none")]
    window_field: Option<DateTime<Utc>>,
}

impl Timers {
    /// Returns the time at which `timer` is due.
    #[must_use]
    pub fn due_at(&self, timer: Timer) -> Option<DateTime<Utc>> {
        match timer {
            Timer::DelayNotice => self.delay_notice,
            Timer::KeepOpen => self.keep_open,
            Timer::AgentAlert => self.agent_alert,
            Timer::HoldExpiry => self.hold_expiry,
            Timer::WindowField => self.window_field,
        }
    }

    /// Sets `timer`, or turns it off.
    pub fn set(&mut self, timer: Timer, due_at: impl Into<Option<DateTime<Utc>>>) {
        let due_at = due_at.into().map(|due_at| due_at.trunc_subsecs(0));
        match timer {
            Timer::DelayNotice => self.delay_notice = due_at,
            Timer::KeepOpen => self.keep_open = due_at,
            Timer::AgentAlert => self.agent_alert = due_at,
            Timer::HoldExpiry => self.hold_expiry = due_at,
            Timer::WindowField => self.window_field = due_at,
        }
    }

    /// Returns the first due time, under which the index lists the conversation.
    #[must_use]
    pub fn next(&self) -> Option<DateTime<Utc>> {
        self.armed().map(|(_, due_at)| due_at).min()
    }

    /// Returns the timers that are due by `until`.
    pub fn due_until(
        &self,
        until: DateTime<Utc>,
    ) -> impl Iterator<Item = (Timer, DateTime<Utc>)> + '_ {
        self.armed().filter(move |(_, due_at)| *due_at <= until)
    }

    /// Returns the timers that were armed, or moved, since `before`.
    pub fn armed_since(&self, before: &Self) -> Vec<(Timer, DateTime<Utc>)> {
        let before = *before;
        let armed = self.armed();
        armed
            .filter(|(timer, due_at)| before.due_at(*timer) != Some(*due_at))
            .collect()
    }

    fn armed(&self) -> impl Iterator<Item = (Timer, DateTime<Utc>)> + '_ {
        Timer::ALL
            .into_iter()
            .filter_map(|timer| Some((timer, self.due_at(timer)?)))
    }
}

/// Returns the index partition of a conversation's timers. It does not depend on the fingerprint
/// key.
#[must_use]
pub fn shard(key: &ConversationKey) -> String {
    let of_key = unkeyed(&format!(
        "{}\0{}",
        key.phone_number_id.as_str(),
        key.customer
    ));
    shard_name(shard_number(&of_key))
}

/// Returns every index partition of timers.
pub fn shards() -> impl Iterator<Item = String> {
    (0..SHARDS).map(shard_name)
}

/// Returns the index partition of a customer's message that is not settled yet.
#[must_use]
pub fn unsettled_shard(wamid: &Wamid) -> String {
    unsettled_shard_name(shard_number(&wamid.fingerprint()))
}

/// Returns every index partition of messages that are not settled yet.
pub fn unsettled_shards() -> impl Iterator<Item = String> {
    (0..SHARDS).map(unsettled_shard_name)
}

fn shard_number(digits: &str) -> u8 {
    let sum = digits.bytes().fold(0u8, u8::wrapping_add);
    sum % SHARDS
}

fn shard_name(number: u8) -> String {
    format!("DUE#{number}")
}

fn unsettled_shard_name(number: u8) -> String {
    format!("UNSETTLED#{number}")
}

/// Returns how long the delay queue must hold a message for it to arrive at `due_at`. Returns
/// `None` if that is too long for one message, so that a later sweep has to take it up.
#[must_use]
pub fn delay_until(due_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<Duration> {
    let left = (due_at - now).max(Duration::zero());
    (left <= LONGEST_DELAY).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::identity::PhoneNumberId;
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
    fn messages_spread_over_all_shards_of_their_own() {
        let used: BTreeSet<String> = (0..200)
            .map(|n| unsettled_shard(&Wamid::new(format!("wamid.{n}"))))
            .collect();
        assert_eq!(used, unsettled_shards().collect());
        assert!(shards().all(|shard| !used.contains(&shard)));
    }

    #[test]
    fn the_first_timer_is_where_the_index_has_the_conversation() {
        let at = |seconds: i64| DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap();
        let mut timers = Timers::default();
        assert_eq!(timers.next(), None);
        timers.set(Timer::AgentAlert, at(20) + Duration::milliseconds(900));
        timers.set(Timer::HoldExpiry, at(30));
        let before = timers;
        timers.set(Timer::DelayNotice, at(10));
        timers.set(Timer::HoldExpiry, at(40));
        assert_eq!(timers.next(), Some(at(10)));
        let due: Vec<_> = timers.due_until(at(20)).collect();
        let (notice, alert) = ((Timer::DelayNotice, at(10)), (Timer::AgentAlert, at(20)));
        assert_eq!(due, [notice, alert]);
        assert_eq!(
            timers.armed_since(&before),
            [notice, (Timer::HoldExpiry, at(40))]
        );
        let json = serde_json::to_value(timers).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"delay_notice": 1_790_000_010, "agent_alert": 1_790_000_020, "hold_expiry": 1_790_000_040})
        );
        assert_eq!(serde_json::from_value::<Timers>(json).unwrap(), timers);
        // A newer version may have more timers.
        let newer = serde_json::json!({"delay_notice": 1, "coffee": 2});
        assert!(serde_json::from_value::<Timers>(newer).is_ok());
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
