//! Checks of business hours and holidays.

use chrono_tz::Tz;
use toml::Spanned;

use crate::hours::{BusinessHours, Holiday, Slot, overlap, overlap_into_next_day};
use crate::settings::document::{HolidayTable, Week};
use crate::settings::error::Problem;

const HOURS: &str = "[number.hours]";
const HOLIDAYS: &str = "[[number.holidays]]";

pub(super) fn checked(
    zone: Tz,
    week: Option<Spanned<Week>>,
    holidays: Vec<Spanned<HolidayTable>>,
) -> Result<BusinessHours, Problem> {
    let holidays = holidays
        .into_iter()
        .map(holiday)
        .collect::<Result<Vec<_>, _>>()?;
    match week {
        Some(week) => Ok(BusinessHours::new(zone, slots(&week)?, holidays)),
        None => Ok(BusinessHours::always(zone, holidays)),
    }
}

fn slots(week: &Spanned<Week>) -> Result<[Vec<Slot>; 7], Problem> {
    let days = week.get_ref().days();
    if days.iter().all(|(_, slots)| slots.is_empty()) {
        let message = "has no hours on any day; without the table it is always open";
        return Err(Problem::new(HOURS, "", week.span(), message));
    }
    for (day, slots) in days {
        apart(HOURS, day, slots)?;
    }
    let plain = days.map(|(_, slots)| plain(slots));
    for (index, (day, slots)) in days.iter().enumerate() {
        let next = (index + 1) % days.len();
        if let Some((late, early)) = overlap_into_next_day(&plain[index], &plain[next]) {
            let at = slots.iter().find(|slot| *slot.get_ref() == late);
            let at = at.map_or_else(|| week.span(), Spanned::span);
            let next = days[next].0;
            let message = format!("{late} goes on into {early} of {next}");
            return Err(Problem::new(HOURS, day, at, message));
        }
    }
    Ok(plain)
}

fn holiday(table: Spanned<HolidayTable>) -> Result<Holiday, Problem> {
    let span = table.span();
    let table = table.into_inner();
    apart(HOLIDAYS, "hours", &table.hours)?;
    let problem = |message: &str| Err(Problem::new(HOLIDAYS, "", span.clone(), message));
    let (first, last) = match (table.date, table.from, table.to) {
        (Some(date), None, None) => (date, date),
        (None, Some(from), Some(to)) if from <= to => (from, to),
        (None, Some(_), Some(_)) => return problem("ends before it begins"),
        _ => return problem("needs either `date`, or `from` and `to`"),
    };
    Ok(Holiday {
        first,
        last,
        slots: plain(&table.hours),
    })
}

fn apart(table: &str, key: &str, slots: &[Spanned<Slot>]) -> Result<(), Problem> {
    let Some((earlier, later)) = overlap(&plain(slots)) else {
        return Ok(());
    };
    let at = slots.iter().rfind(|slot| *slot.get_ref() == later);
    let at = at.map_or(0..0, Spanned::span);
    let message = format!("{earlier} and {later} overlap");
    Err(Problem::new(table, key, at, message))
}

fn plain(slots: &[Spanned<Slot>]) -> Vec<Slot> {
    slots.iter().map(|slot| *slot.get_ref()).collect()
}
