//! The limit on calls to the whole site, and a check that callers wait as long as they are told.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

/// The call with which every process asks once which account it uses. Another process making this
/// call is not repeating the refused one.
const ASKED_BY_EACH: &str = "GET /rest/api/3/myself";

/// The number of early calls that are named.
const NAMED: usize = 20;

/// How well the callers respect the limit.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Discipline {
    /// How many calls were answered with 429.
    pub limited: u64,
    /// How many of those calls came again before their `Retry-After` was over.
    pub too_early: u64,
    /// The first of those early calls: method, path, and how many milliseconds too early.
    pub early_calls: Vec<String>,
}

/// The calls of this second, and the refused calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rate {
    second: i64,
    calls: u32,
    sent_away: HashMap<u64, DateTime<Utc>>,
    discipline: Discipline,
}

impl Rate {
    /// Counts a call. Returns false if the site already had `limit` calls in this second.
    pub(crate) fn admits(&mut self, limit: Option<u32>, now: DateTime<Utc>) -> bool {
        if self.second != now.timestamp() {
            (self.second, self.calls) = (now.timestamp(), 0);
        }
        self.calls += 1;
        limit.is_none_or(|limit| self.calls <= limit)
    }

    /// Notes the arrival of a call, which may have been refused before.
    pub(crate) fn arrives(&mut self, call: u64, name: &str, now: DateTime<Utc>) {
        let until = self.sent_away.remove(&call);
        let Some(until) = until.filter(|until| now < *until && name != ASKED_BY_EACH) else {
            return;
        };
        self.discipline.too_early += 1;
        if self.discipline.early_calls.len() < NAMED {
            let early = (until - now).num_milliseconds();
            let named = format!("{name}, {early} ms");
            self.discipline.early_calls.push(named);
        }
    }

    /// Notes that a call was refused and must not come again for this many seconds.
    pub(crate) fn sends_away(&mut self, call: u64, now: DateTime<Utc>, seconds: i64) {
        self.discipline.limited += 1;
        self.sent_away
            .insert(call, now + TimeDelta::seconds(seconds));
    }

    /// Returns how well the callers have respected the limit so far.
    pub(crate) fn discipline(&self) -> Discipline {
        self.discipline.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds(millis)
    }

    #[test]
    fn so_many_calls_in_a_second() {
        let mut rate = Rate::default();
        for (millis, admitted) in [(0, true), (500, true), (999, false), (1_000, true)] {
            assert_eq!(rate.admits(Some(2), at(millis)), admitted, "{millis}");
        }
        assert!((0..100).all(|_| rate.admits(None, at(1_000))));
    }

    #[test]
    fn who_comes_too_early_is_counted_once() {
        let mut rate = Rate::default();
        rate.sends_away(1, at(0), 5);
        rate.sends_away(2, at(0), 5);
        rate.arrives(1, "GET /one", at(4_999));
        rate.arrives(1, "GET /one", at(4_999));
        rate.arrives(2, "GET /two", at(5_000));
        rate.arrives(3, "GET /three", at(0));
        rate.sends_away(4, at(0), 5);
        rate.arrives(4, ASKED_BY_EACH, at(1));
        let Discipline {
            limited,
            too_early,
            early_calls,
        } = rate.discipline();
        assert_eq!((limited, too_early), (3, 1));
        assert_eq!(early_calls, ["GET /one, 1 ms"]);
    }
}
