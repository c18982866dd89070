//! Counts by the minute, and the busiest second.

use crate::calendar::Millis;

/// The number of events over time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rate {
    minutes: Vec<u32>,
    second: (u32, u32),
    busiest: u32,
    total: u64,
}

impl Rate {
    pub(crate) fn add(&mut self, at: Millis, count: u32) {
        let (second, minute) = (at / 1000, (at / 60_000) as usize);
        if self.minutes.len() <= minute {
            self.minutes.resize(minute + 1, 0);
        }
        self.minutes[minute] += count;
        self.total += u64::from(count);
        if self.second.0 != second {
            self.second = (second, 0);
        }
        self.second.1 += count;
        self.busiest = self.busiest.max(self.second.1);
    }

    pub(crate) fn total(&self) -> u64 {
        self.total
    }

    /// Returns the count of the busiest second.
    pub(crate) fn busiest(&self) -> u32 {
        self.busiest
    }

    /// Returns the average per second in the busiest hour.
    pub(crate) fn busiest_hour(&self) -> f64 {
        let hours = self.minutes.chunks(60);
        let sums = hours.map(|hour| hour.iter().map(|count| u64::from(*count)).sum::<u64>());
        sums.max().unwrap_or_default() as f64 / 3600.0
    }

    /// Returns the average per second in this minute.
    pub(crate) fn in_minute(&self, minute: usize) -> f64 {
        f64::from(self.minutes.get(minute).copied().unwrap_or_default()) / 60.0
    }
}

/// A level over time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Level {
    minutes: Vec<u32>,
    now: u32,
}

impl Level {
    pub(crate) fn set(&mut self, at: Millis, level: u32) {
        let minute = (at / 60_000) as usize;
        // Until now the level was unchanged.
        while self.minutes.len() <= minute {
            self.minutes.push(self.now);
        }
        self.now = level;
        self.minutes[minute] = self.minutes[minute].max(level);
    }

    pub(crate) fn highest(&self) -> u32 {
        self.minutes.iter().copied().max().unwrap_or_default()
    }

    /// Returns the highest level in this minute.
    pub(crate) fn in_minute(&self, minute: usize) -> u32 {
        self.minutes.get(minute).copied().unwrap_or(self.now)
    }
}

/// A histogram of durations. Each bucket is a tenth longer than the one before.
#[derive(Clone, Debug)]
pub(crate) struct Lengths {
    counts: [u64; 240],
    longest: Millis,
}

impl Default for Lengths {
    fn default() -> Self {
        Self {
            counts: [0; 240],
            longest: 0,
        }
    }
}

impl Lengths {
    pub(crate) fn add(&mut self, length: Millis) {
        let step = f64::from(length.max(1)).ln() / 1.1_f64.ln();
        self.counts[(step.round() as usize).min(239)] += 1;
        self.longest = self.longest.max(length);
    }

    pub(crate) fn longest(&self) -> Millis {
        self.longest
    }

    /// Returns the duration that `per_mille` of a thousand do not exceed, to within a twentieth.
    pub(crate) fn within(&self, per_mille: u64) -> Millis {
        let all: u64 = self.counts.iter().sum();
        let mut seen = 0;
        for (step, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen * 1000 >= all * per_mille {
                return 1.1_f64.powi(step as i32).round() as Millis;
            }
        }
        self.longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_busiest_second_and_hour_are_found() {
        let mut rate = Rate::default();
        for at in [0, 100, 999, 1_000, 3_600_000, 3_600_001] {
            rate.add(at, 3);
        }
        assert_eq!((rate.total(), rate.busiest()), (18, 9));
        assert!((rate.busiest_hour() - 12.0 / 3600.0).abs() < 1e-9);
        assert!((rate.in_minute(60) - 0.1).abs() < 1e-9);
    }

    #[test]
    fn a_level_stands_until_it_changes() {
        let mut level = Level::default();
        level.set(0, 4);
        level.set(1_000, 2);
        level.set(180_000, 1);
        let minutes: Vec<_> = (0..5).map(|minute| level.in_minute(minute)).collect();
        assert_eq!(minutes, [4, 2, 2, 2, 1]);
        assert_eq!(level.highest(), 4);
    }

    #[test]
    fn lengths_are_told_to_a_twentieth() {
        let mut lengths = Lengths::default();
        (1..=1000).for_each(|length| lengths.add(length));
        let (median, most) = (
            f64::from(lengths.within(500)),
            f64::from(lengths.within(990)),
        );
        assert!((median / 500.0 - 1.0).abs() < 0.06, "{median}");
        assert!((most / 990.0 - 1.0).abs() < 0.06, "{most}");
        assert_eq!(lengths.longest(), 1000);
    }
}
