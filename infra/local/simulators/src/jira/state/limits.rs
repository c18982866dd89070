//! The limit on writes to one issue.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

/// The most writes within each span.
///
/// Source: Atlassian, "Rate limiting", per-issue write limits.
const LIMITS: [(usize, TimeDelta); 2] =
    [(20, TimeDelta::seconds(2)), (100, TimeDelta::seconds(30))];

/// The latest writes to an issue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Writes {
    times: VecDeque<DateTime<Utc>>,
}

impl Writes {
    /// Counts a write.
    ///
    /// # Errors
    /// There were too many writes. The error is the time when the next one is allowed.
    pub(crate) fn count(&mut self, now: DateTime<Utc>) -> Result<(), DateTime<Utc>> {
        for (most, span) in LIMITS {
            let oldest = self.times.len().checked_sub(most);
            if let Some(time) = oldest.and_then(|index| self.times.get(index))
                && *time + span > now
            {
                return Err(*time + span);
            }
        }
        self.times.push_back(now);
        let longest = LIMITS
            .map(|(most, _)| most)
            .into_iter()
            .max()
            .unwrap_or_default();
        while self.times.len() > longest {
            self.times.pop_front();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds(millis)
    }

    #[test]
    fn twenty_in_two_seconds() {
        let mut writes = Writes::default();
        for n in 0..20 {
            assert_eq!(writes.count(at(n * 10)), Ok(()));
        }
        assert_eq!(writes.count(at(1_999)), Err(at(2_000)));
        assert_eq!(writes.count(at(2_000)), Ok(()));
    }

    #[test]
    fn a_hundred_in_thirty_seconds() {
        let mut writes = Writes::default();
        for n in 0..100 {
            assert_eq!(writes.count(at(n * 200)), Ok(()), "{n}");
        }
        assert_eq!(writes.count(at(25_000)), Err(at(30_000)));
        assert_eq!(writes.count(at(30_000)), Ok(()));
    }
}
