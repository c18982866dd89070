use chrono::{Duration, NaiveDateTime, NaiveTime, TimeZone, Weekday};
use proptest::prelude::*;

use super::*;

const WEEKDAYS: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

fn slots(text: &[&str]) -> Vec<Slot> {
    text.iter().map(|slot| slot.parse().unwrap()).collect()
}

/// The same hours on every day.
fn daily(zone: Tz, text: &[&str]) -> BusinessHours {
    BusinessHours::new(zone, std::array::from_fn(|_| slots(text)), Vec::new())
}

/// Parses a moment with its offset, such as `2026-03-29T01:59+01:00`.
fn at(text: &str) -> DateTime<Utc> {
    let format = "%Y-%m-%dT%H:%M%:z";
    DateTime::parse_from_str(text, format).unwrap().to_utc()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn a_slot_is_written_as_it_is_read() {
    for text in [
        "09:00-17:30",
        "22:00-06:00",
        "00:00-24:00",
        "23:59-24:00",
        "00:00-00:01",
    ] {
        assert_eq!(text.parse::<Slot>().unwrap().to_string(), text);
    }
    for text in [
        "",
        "9:00-17:00",
        "09:00",
        "09:00-17:60",
        "24:00-01:00",
        "09:00-24:01",
        "09.00-17.00",
    ] {
        let error = SlotError::Form(text.to_owned());
        assert_eq!(text.parse::<Slot>(), Err(error), "{text}");
    }
}

#[test]
fn the_hours_of_a_week() {
    let mut week: [Vec<Slot>; 7] = Default::default();
    week[0] = slots(&["13:30-18:00", "09:00-12:30"]);
    week[4] = slots(&["22:00-06:00"]);
    let hours = BusinessHours::new(Tz::Europe__Berlin, week, Vec::new());
    // 2026-11-30 is a Monday.
    for (moment, open, next) in [
        (
            "2026-11-30T08:59+01:00",
            false,
            Some("2026-11-30T09:00+01:00"),
        ),
        ("2026-11-30T09:00+01:00", true, None),
        ("2026-11-30T12:29+01:00", true, None),
        (
            "2026-11-30T12:30+01:00",
            false,
            Some("2026-11-30T13:30+01:00"),
        ),
        (
            "2026-11-30T18:00+01:00",
            false,
            Some("2026-12-04T22:00+01:00"),
        ),
        ("2026-12-04T23:00+01:00", true, None),
        ("2026-12-05T05:59+01:00", true, None),
        (
            "2026-12-05T06:00+01:00",
            false,
            Some("2026-12-07T09:00+01:00"),
        ),
    ] {
        assert_eq!(hours.is_open(at(moment)), open, "{moment}");
        let opening = hours.next_opening(at(moment));
        assert_eq!(
            opening.map(|opening| opening.to_utc()),
            next.map(at),
            "{moment}"
        );
    }
}

#[test]
fn holidays_have_hours_of_their_own() {
    let holiday = |first: &str, last: &str, text: &[&str]| Holiday {
        first: date(first),
        last: date(last),
        slots: slots(text),
    };
    let holidays = vec![
        holiday("2026-12-24", "2026-12-24", &["09:00-12:00"]),
        holiday("2026-12-25", "2026-12-27", &[]),
    ];
    let hours = BusinessHours::new(
        Tz::Europe__Berlin,
        std::array::from_fn(|_| slots(&["09:00-17:00", "22:00-02:00"])),
        holidays,
    );
    for (moment, open) in [
        ("2026-12-24T01:30+01:00", true), // The night before the holiday.
        ("2026-12-24T11:59+01:00", true),
        ("2026-12-24T12:00+01:00", false),
        ("2026-12-25T01:00+01:00", false),
        ("2026-12-26T10:00+01:00", false),
        ("2026-12-28T09:00+01:00", true),
    ] {
        assert_eq!(hours.is_open(at(moment)), open, "{moment}");
    }
    let opening = hours.next_opening(at("2026-12-24T13:00+01:00")).unwrap();
    assert_eq!(opening.to_rfc3339(), "2026-12-28T09:00:00+01:00");
    let never = BusinessHours::always(Tz::UTC, vec![holiday("2000-01-01", "2999-12-31", &[])]);
    assert_eq!(never.next_opening(at("2026-12-24T13:00+01:00")), None);
}

#[test]
fn the_clock_is_put_forward_and_back() {
    // Each: zone, slot, beginning and end in UTC.
    for (zone, slot, day, begins, ends) in [
        // Berlin skips 02:00-03:00 on 2026-03-29, and repeats it on 2026-10-25.
        (
            Tz::Europe__Berlin,
            "02:30-04:00",
            "2026-03-29",
            "2026-03-29T03:00+02:00",
            "2026-03-29T04:00+02:00",
        ),
        (
            Tz::Europe__Berlin,
            "01:00-02:30",
            "2026-03-29",
            "2026-03-29T01:00+01:00",
            "2026-03-29T03:00+02:00",
        ),
        (
            Tz::Europe__Berlin,
            "02:30-04:00",
            "2026-10-25",
            "2026-10-25T02:30+02:00",
            "2026-10-25T04:00+01:00",
        ),
        (
            Tz::Europe__Berlin,
            "01:00-02:30",
            "2026-10-25",
            "2026-10-25T01:00+02:00",
            "2026-10-25T02:30+01:00",
        ),
        (
            Tz::Europe__Berlin,
            "22:00-06:00",
            "2026-03-28",
            "2026-03-28T22:00+01:00",
            "2026-03-29T06:00+02:00",
        ),
        (
            Tz::Europe__Berlin,
            "22:00-06:00",
            "2026-10-24",
            "2026-10-24T22:00+02:00",
            "2026-10-25T06:00+01:00",
        ),
        // New York: 2026-03-08 and 2026-11-01.
        (
            Tz::America__New_York,
            "02:15-09:00",
            "2026-03-08",
            "2026-03-08T03:00-04:00",
            "2026-03-08T09:00-04:00",
        ),
        (
            Tz::America__New_York,
            "01:30-09:00",
            "2026-11-01",
            "2026-11-01T01:30-04:00",
            "2026-11-01T09:00-05:00",
        ),
        // Lord Howe shifts by half an hour. It skips 02:00-02:30 on 2026-10-04, and repeats
        // 01:30-02:00 on 2026-04-05.
        (
            Tz::Australia__Lord_Howe,
            "02:10-08:00",
            "2026-10-04",
            "2026-10-04T02:30+11:00",
            "2026-10-04T08:00+11:00",
        ),
        (
            Tz::Australia__Lord_Howe,
            "01:00-01:45",
            "2026-04-05",
            "2026-04-05T01:00+11:00",
            "2026-04-05T01:45+10:30",
        ),
        // India is half an hour off, all the year.
        (
            Tz::Asia__Kolkata,
            "09:30-18:00",
            "2026-06-01",
            "2026-06-01T09:30+05:30",
            "2026-06-01T18:00+05:30",
        ),
    ] {
        let stretch = slot.parse::<Slot>().unwrap().on(date(day), zone);
        assert_eq!(stretch, at(begins)..at(ends), "{zone} {slot} on {day}");
    }
    let gap = "02:00-03:00".parse::<Slot>().unwrap();
    assert!(gap.on(date("2026-03-29"), Tz::Europe__Berlin).is_empty());
    let hours = daily(Tz::Europe__Berlin, &["02:00-03:00"]);
    let opening = hours.next_opening(at("2026-03-28T12:00+01:00")).unwrap();
    assert_eq!(opening.to_rfc3339(), "2026-03-30T02:00:00+02:00");
}

#[test]
fn a_stretch_goes_over_slots_that_touch() {
    let hours = daily(
        Tz::UTC,
        &["08:00-12:00", "12:00-16:00", "22:00-24:00", "00:00-02:00"],
    );
    for (moment, since, closing) in [
        (
            "2026-06-01T13:00+00:00",
            "2026-06-01T08:00+00:00",
            Some("2026-06-01T16:00+00:00"),
        ),
        (
            "2026-06-01T12:00+00:00",
            "2026-06-01T08:00+00:00",
            Some("2026-06-01T16:00+00:00"),
        ),
        (
            "2026-06-02T01:00+00:00",
            "2026-06-01T22:00+00:00",
            Some("2026-06-02T02:00+00:00"),
        ),
        ("2026-06-01T17:00+00:00", "2026-06-01T17:00+00:00", None),
        ("2026-06-01T16:00+00:00", "2026-06-01T16:00+00:00", None),
    ] {
        assert_eq!(hours.open_since(at(moment)), at(since), "{moment}");
        assert_eq!(hours.closing(at(moment)), closing.map(at), "{moment}");
    }
    let always = BusinessHours::always(Tz::America__New_York, Vec::new());
    assert_eq!(always.closing(at("2026-11-01T01:30-04:00")), None);
    assert_eq!(always.next_opening(at("2026-11-01T01:30-04:00")), None);
}

#[test]
fn quiet_hours_end_in_the_morning() {
    let quiet = QuietHours::new(Tz::Europe__Berlin, "22:00-08:00".parse().ok());
    for (moment, contained, end) in [
        ("2026-03-28T21:59+01:00", false, "2026-03-28T21:59+01:00"),
        ("2026-03-28T22:00+01:00", true, "2026-03-29T08:00+02:00"),
        ("2026-03-29T07:59+02:00", true, "2026-03-29T08:00+02:00"),
        ("2026-03-29T08:00+02:00", false, "2026-03-29T08:00+02:00"),
    ] {
        assert_eq!(quiet.contains(at(moment)), contained, "{moment}");
        assert_eq!(quiet.end_after(at(moment)), at(end), "{moment}");
    }
    let never = QuietHours::new(Tz::UTC, None);
    assert!(!never.contains(at("2026-03-28T23:00+00:00")));
}

/// Returns the minutes of a slot: from the first at which the clock shows its start or later, to
/// the last at which it shows a time before its end.
fn minutes_of(slot: &str, day: NaiveDate, zone: Tz) -> Vec<DateTime<Utc>> {
    let (start, end) = slot.split_once('-').unwrap();
    let time = |text: &str, next_day: bool| -> NaiveDateTime {
        let next_day = next_day || text == "24:00";
        let text = if text == "24:00" { "00:00" } else { text };
        let time = NaiveTime::parse_from_str(text, "%H:%M").unwrap();
        (day + Days::new(u64::from(next_day))).and_time(time)
    };
    let (from, to) = (time(start, false), time(end, end <= start));
    let begin = zone
        .from_utc_datetime(&(from - Duration::hours(15)))
        .to_utc();
    let all: Vec<DateTime<Utc>> = (0..58 * 60)
        .map(|minute| begin + Duration::minutes(minute))
        .collect();
    let local = |moment: &DateTime<Utc>| moment.with_timezone(&zone).naive_local();
    let first = all.iter().position(|moment| local(moment) >= from).unwrap();
    let last = all.iter().rposition(|moment| local(moment) < to).unwrap();
    all.get(first..=last).map(<[_]>::to_vec).unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn hours_are_as_slow_reckoning_has_them(
        zone in prop::sample::select(vec![
            Tz::Europe__Berlin,
            Tz::America__New_York,
            Tz::Australia__Lord_Howe,
            Tz::Asia__Kolkata,
            Tz::America__Sao_Paulo,
            Tz::Africa__Casablanca,
        ]),
        day in prop::sample::select(vec![
            "2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2026-10-04", "2026-04-05",
            "2018-11-04", "2018-02-18", "2026-06-10",
        ]),
        start in 0_u16..24 * 4,
        length in 1_u16..24 * 4,
        closed in 0_usize..7,
        minute in -2_000_i64..2_000,
    ) {
        let clock = |quarter: u16| format!("{:02}:{:02}", quarter / 4, quarter % 4 * 15);
        let end = start + length;
        let end = if end > 24 * 4 { end - 24 * 4 } else { end };
        prop_assume!(end != start);
        let slot = format!("{}-{}", clock(start), clock(end));
        let mut week: [Vec<Slot>; 7] = std::array::from_fn(|_| slots(&[&slot]));
        week[closed].clear();
        let hours = BusinessHours::new(zone, week, Vec::new());
        let noon = date(day).and_hms_opt(12, 0, 0).unwrap().and_utc();
        let moment = noon + Duration::minutes(minute);
        let open: std::collections::BTreeSet<DateTime<Utc>> = (-3..=4)
            .map(|offset| date(day) + Duration::days(offset))
            .filter(|day| day.weekday() != WEEKDAYS[closed])
            .flat_map(|day| minutes_of(&slot, day, zone))
            .collect();
        prop_assert_eq!(hours.is_open(moment), open.contains(&moment));
        let next = hours.next_opening(moment).map(|opening| opening.to_utc());
        let slow = (!open.contains(&moment)).then(|| open.range(moment..).next().copied());
        prop_assert_eq!(next, slow.flatten());
    }
}
