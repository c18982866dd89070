//! When the agents work, and when nobody is to be woken.
//!
//! Times of day are of the owner's time zone, so a day may have a gap or an hour twice. A slot
//! begins at the first moment at which the clock shows its start or a later time, and ends at the
//! last at which it shows its end: in a night when clocks are put back it is longer by the hour
//! that comes twice.

mod slot;

use std::ops::Range;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use chrono_tz::Tz;

pub use slot::{Slot, SlotError};
pub(crate) use slot::{overlap, overlap_into_next_day};

/// How many days are looked at for the next opening: more than a year, for a long holiday.
const NEXT_OPENING_WITHIN: u64 = 400;

/// How many days are looked at for the ends of a stretch that is open: round the clock is longer.
const STRETCH_WITHIN: u64 = 8;

/// Days that are not as other days of their weekday, the last one included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// When the agents work on each of these days. Empty: not at all.
    pub slots: Vec<Slot>,
}

/// When the agents work. A slot over midnight belongs to the day on which it begins, also
/// when the next day is a holiday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusinessHours {
    zone: Tz,
    /// From Monday to Sunday.
    week: [Vec<Slot>; 7],
    holidays: Vec<Holiday>,
}

impl BusinessHours {
    /// Hours that are the same in every week but for the holidays. `week` begins with Monday;
    /// of two holidays on one day the first counts.
    #[must_use]
    pub fn new(zone: Tz, mut week: [Vec<Slot>; 7], mut holidays: Vec<Holiday>) -> Self {
        let days = week.iter_mut();
        let days = days.chain(holidays.iter_mut().map(|holiday| &mut holiday.slots));
        days.for_each(|slots| slots.sort());
        Self {
            zone,
            week,
            holidays,
        }
    }

    /// Round the clock.
    #[must_use]
    pub fn always(zone: Tz, holidays: Vec<Holiday>) -> Self {
        let week = std::array::from_fn(|_| vec![Slot::WHOLE_DAY]);
        Self::new(zone, week, holidays)
    }

    /// The time zone.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// Whether the agents work at `at`.
    #[must_use]
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.stretches(at, 1, 1)
            .any(|stretch| stretch.contains(&at))
    }

    /// When they begin next. `None`: they work at `at`, or there is no end to their absence.
    #[must_use]
    pub fn next_opening(&self, at: DateTime<Utc>) -> Option<DateTime<Tz>> {
        if self.is_open(at) {
            return None;
        }
        self.stretches(at, 1, NEXT_OPENING_WITHIN)
            .find(|stretch| stretch.start > at)
            .map(|stretch| stretch.start.with_timezone(&self.zone))
    }

    /// Since when they work without a break. `at` itself when they do not.
    #[must_use]
    pub fn open_since(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        if !self.is_open(at) {
            return at;
        }
        let stretches: Vec<_> = self.stretches(at, STRETCH_WITHIN, 1).collect();
        stretches.iter().rev().fold(at, |since, stretch| {
            let goes_on = stretch.contains(&since) || stretch.end == since;
            if goes_on { stretch.start } else { since }
        })
    }

    /// When they stop to work, after `at`. `None`: they do not work at `at`, or they
    /// do not stop within a week.
    #[must_use]
    pub fn closing(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let horizon = at + Days::new(STRETCH_WITHIN - 1);
        let closing = self
            .stretches(at, 1, STRETCH_WITHIN)
            .fold(at, |until, stretch| {
                let goes_on = stretch.contains(&until) || stretch.start == until && at < until;
                if goes_on { stretch.end } else { until }
            });
        (at < closing && closing < horizon).then_some(closing)
    }

    /// The stretches of the days around `at`, the earliest first.
    fn stretches(
        &self,
        at: DateTime<Utc>,
        back: u64,
        ahead: u64,
    ) -> impl Iterator<Item = Range<DateTime<Utc>>> + '_ {
        days(self.zone, at, back, ahead)
            .flat_map(move |date| {
                self.slots(date)
                    .iter()
                    .map(move |slot| slot.on(date, self.zone))
            })
            .filter(|stretch| !stretch.is_empty())
    }

    fn slots(&self, date: NaiveDate) -> &[Slot] {
        let holiday = self
            .holidays
            .iter()
            .find(|holiday| (holiday.first..=holiday.last).contains(&date));
        holiday.map_or_else(
            || &self.week[date.weekday().num_days_from_monday() as usize],
            |holiday| &holiday.slots,
        )
    }
}

/// When no message goes out that nobody has asked for just then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuietHours {
    zone: Tz,
    slot: Option<Slot>,
}

impl QuietHours {
    /// Every day the same. `None`: never.
    #[must_use]
    pub fn new(zone: Tz, slot: Option<Slot>) -> Self {
        Self { zone, slot }
    }

    /// Whether it is quiet at `at`.
    #[must_use]
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.stretch(at).is_some()
    }

    /// The first moment from `at` on that is not quiet.
    #[must_use]
    pub fn end_after(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.stretch(at).map_or(at, |stretch| stretch.end)
    }

    fn stretch(&self, at: DateTime<Utc>) -> Option<Range<DateTime<Utc>>> {
        let slot = self.slot?;
        days(self.zone, at, 1, 1)
            .map(|date| slot.on(date, self.zone))
            .find(|stretch| stretch.contains(&at))
    }
}

/// The local dates around `at`.
fn days(zone: Tz, at: DateTime<Utc>, back: u64, ahead: u64) -> impl Iterator<Item = NaiveDate> {
    let today = at.with_timezone(&zone).date_naive();
    let first = today.checked_sub_days(Days::new(back)).unwrap_or(today);
    (0..=back + ahead).filter_map(move |day| first.checked_add_days(Days::new(day)))
}

#[cfg(test)]
mod tests;
