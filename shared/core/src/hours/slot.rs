//! Time ranges within a day.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

const DAY: u16 = 24 * 60;

/// A time range of a day in local clock time, such as `09:00-17:30`.
///
/// A slot that ends before it begins, such as `22:00-06:00`, continues into the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// Minutes after midnight, less than a day.
    start: u16,
    /// Minutes after the same midnight; more than a day if the slot ends on the next day.
    end: u16,
}

/// The reason why a text is not a [`Slot`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SlotError {
    /// The text is not two times joined by a hyphen.
    #[error("\"{0}\" is not a time range such as \"09:00-17:30\"")]
    Form(String),
    /// The slot would be empty.
    #[error("\"{0}\" ends when it begins; the whole day is \"00:00-24:00\"")]
    Empty(String),
}

impl Slot {
    /// From midnight to midnight.
    pub(super) const WHOLE_DAY: Self = Self { start: 0, end: DAY };

    /// Returns the slot on `date` in `zone`. The range is empty if the clock skips the whole slot.
    pub(super) fn on(self, date: NaiveDate, zone: Tz) -> Range<DateTime<Utc>> {
        let midnight = date.and_time(NaiveTime::MIN);
        let at = |minutes: u16| midnight + Duration::minutes(minutes.into());
        first_moment(zone, at(self.start))..last_moment(zone, at(self.end))
    }
}

/// Returns the first moment at which the clock shows `local`, or a later time if it skips `local`.
fn first_moment(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let moment = zone.from_local_datetime(&local).earliest();
    moment.map_or_else(|| after_gap(zone, local), |moment| moment.to_utc())
}

/// Like [`first_moment`], but returns the last moment.
fn last_moment(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    let moment = zone.from_local_datetime(&local).latest();
    moment.map_or_else(|| after_gap(zone, local), |moment| moment.to_utc())
}

/// Returns the end of the gap that contains `local`. No gap is longer than a day (Samoa skipped one
/// in 2011).
fn after_gap(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    (1..=i64::from(DAY))
        .find_map(|minutes| {
            let later = local + Duration::minutes(minutes);
            zone.from_local_datetime(&later).earliest()
        })
        .map_or_else(|| local.and_utc(), |moment| moment.to_utc())
}

/// Returns two slots of one day that overlap, if any do.
pub(crate) fn overlap(slots: &[Slot]) -> Option<(Slot, Slot)> {
    let mut slots = slots.to_vec();
    slots.sort();
    slots
        .windows(2)
        .map(|pair| (pair[0], pair[1]))
        .find(|(earlier, later)| later.start < earlier.end)
}

/// Returns a slot of `day` that runs into a slot of the `next` day, with that slot, if any does.
pub(crate) fn overlap_into_next_day(day: &[Slot], next: &[Slot]) -> Option<(Slot, Slot)> {
    let last = day.iter().copied().max_by_key(|slot| slot.end)?;
    let first = next.iter().copied().min()?;
    (first.start + DAY < last.end).then_some((last, first))
}

impl FromStr for Slot {
    type Err = SlotError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let times = text.split_once('-');
        let times = times.and_then(|(start, end)| Some((minutes(start)?, minutes(end)?)));
        let (start, end) = times
            .filter(|(start, _)| *start < DAY)
            .ok_or_else(|| SlotError::Form(text.to_owned()))?;
        match end {
            end if end == start => Err(SlotError::Empty(text.to_owned())),
            end if end < start => Ok(Self {
                start,
                end: end + DAY,
            }),
            end => Ok(Self { start, end }),
        }
    }
}

/// Parses `HH:MM`, up to `24:00`, into minutes.
fn minutes(time: &str) -> Option<u16> {
    let (hours, minutes) = time.trim().split_once(':')?;
    let two_digits = |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !two_digits(hours) || !two_digits(minutes) {
        return None;
    }
    let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
    let time = hours * 60 + minutes;
    (minutes < 60 && time <= DAY).then_some(time)
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = if self.end > DAY {
            self.end - DAY
        } else {
            self.end
        };
        let (start_hour, start_minute) = (self.start / 60, self.start % 60);
        let (hour, minute) = (end / 60, end % 60);
        write!(f, "{start_hour:02}:{start_minute:02}-{hour:02}:{minute:02}")
    }
}
