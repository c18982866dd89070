//! Business hours and quiet hours.
//!
//! Times of day are in the owner's time zone, so a day may skip an hour or repeat one. A slot
//! begins at the first moment at which the clock shows its start or a later time. It ends at the
//! last moment at which the clock shows its end. A slot across a repeated hour is longer by that
//! hour.

mod slot;

use std::ops::Range;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use chrono_tz::Tz;

pub use slot::{Slot, SlotError};
pub(crate) use slot::{overlap, overlap_into_next_day};

/// The number of days searched for the next opening: more than a year, to allow for long holidays.
const NEXT_OPENING_WITHIN: u64 = 400;

/// The number of days searched for either end of an open stretch. A longer stretch counts as round
/// the clock.
const STRETCH_WITHIN: u64 = 8;

/// Days with hours of their own, from `first` to `last` inclusive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    pub first: NaiveDate,
    pub last: NaiveDate,
    /// The working hours on each of these days. Empty if nobody works.
    pub slots: Vec<Slot>,
}

/// The agents' working hours. A slot over midnight belongs to the day on which it begins, even when
/// the next day is a holiday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BusinessHours {
    zone: Tz,
    /// From Monday to Sunday.
    week: [Vec<Slot>; 7],
    holidays: Vec<Holiday>,
}

impl BusinessHours {
    /// Creates hours that repeat every week except on holidays. `week` begins with Monday. If two
    /// holidays cover the same day, the first one counts.
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

    /// Creates hours that are round the clock except on holidays.
    #[must_use]
    pub fn always(zone: Tz, holidays: Vec<Holiday>) -> Self {
        let week = std::array::from_fn(|_| vec![Slot::WHOLE_DAY]);
        Self::new(zone, week, holidays)
    }

    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// Returns whether the agents work at `at`.
    #[must_use]
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        self.stretches(at, 1, 1)
            .any(|stretch| stretch.contains(&at))
    }

    /// Returns the next opening after `at`. `None` if the agents work at `at`, or if no opening is
    /// in sight.
    #[must_use]
    pub fn next_opening(&self, at: DateTime<Utc>) -> Option<DateTime<Tz>> {
        if self.is_open(at) {
            return None;
        }
        self.stretches(at, 1, NEXT_OPENING_WITHIN)
            .find(|stretch| stretch.start > at)
            .map(|stretch| stretch.start.with_timezone(&self.zone))
    }

    /// Returns the start of the open stretch around `at`, or `at` itself if the agents do not work
    /// then.
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

    /// Returns the next closing time after `at`. `None` if the agents do not work at `at`, or do
    /// not stop within a week.
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

    /// Returns the open stretches of the days around `at`, earliest first.
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

/// The hours in which no unprompted message is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuietHours {
    zone: Tz,
    slot: Option<Slot>,
}

impl QuietHours {
    /// Creates quiet hours that are the same every day. `None` means never.
    #[must_use]
    pub fn new(zone: Tz, slot: Option<Slot>) -> Self {
        Self { zone, slot }
    }

    /// Returns whether `at` is in quiet hours.
    #[must_use]
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.stretch(at).is_some()
    }

    /// Returns the first moment from `at` on that is not quiet.
    #[must_use]
    pub fn end_after(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.stretch(at).map_or(at, |stretch| stretch.end)
    }

    /// Returns the start of the quiet stretch around `at`, if there is one.
    #[must_use]
    pub fn since(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.stretch(at).map(|stretch| stretch.start)
    }

    fn stretch(&self, at: DateTime<Utc>) -> Option<Range<DateTime<Utc>>> {
        let slot = self.slot?;
        days(self.zone, at, 1, 1)
            .map(|date| slot.on(date, self.zone))
            .find(|stretch| stretch.contains(&at))
    }
}

/// Returns the local dates around `at`.
fn days(zone: Tz, at: DateTime<Utc>, back: u64, ahead: u64) -> impl Iterator<Item = NaiveDate> {
    let today = at.with_timezone(&zone).date_naive();
    let first = today.checked_sub_days(Days::new(back)).unwrap_or(today);
    (0..=back + ahead).filter_map(move |day| first.checked_add_days(Days::new(day)))
}

#[cfg(test)]
mod tests;
