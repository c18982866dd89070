//! The versions of Meta's Graph API.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::Verdict;

/// The version that this release was tried with: the template's default.
pub(crate) const TRIED: &str = "v27.0";

/// The days before its end in which a version is warned of.
const ENDS_SOON: Days = Days::new(183);

/// The last days of versions (Graph API, "Changelog"). A version ends two years after the next one
/// has come out.
const ENDS: [(&str, (i32, u32, u32)); 7] = [
    ("v20.0", (2026, 9, 24)),
    ("v21.0", (2027, 1, 21)),
    ("v22.0", (2027, 5, 20)),
    ("v23.0", (2027, 10, 8)),
    ("v24.0", (2028, 2, 18)),
    ("v25.0", (2028, 7, 29)),
    ("v26.0", (2028, 11, 4)),
];

/// Judges the version in use.
pub(crate) fn judge(version: &str, now: DateTime<Utc>) -> Verdict {
    let Some(own) = number(version) else {
        return Verdict::wrong(
            format!("{version} is no version"),
            format!("write GraphApiVersion as {TRIED}, or leave it out"),
        );
    };
    let fix = format!("deploy with GraphApiVersion={TRIED}, the default");
    let today = now.date_naive();
    let soon = |end: NaiveDate| today.checked_add_days(ENDS_SOON) >= Some(end);
    match end(own) {
        Some(end) if end <= today => Verdict::wrong(
            format!("{version} ended on {end}: Meta takes another version in its place"),
            fix,
        ),
        Some(end) if soon(end) => Verdict::hint(format!("{version} ends on {end}"), fix),
        _ if Some(own) < number(TRIED) => Verdict::hint(
            format!("{version} is older than {TRIED}, which this release was tried with"),
            fix,
        ),
        _ => Verdict::ok(version),
    }
}

/// Returns the day on which a version ends. `None` if it is not known yet. Versions before the
/// first one of the table have ended before it.
fn end(version: (u32, u32)) -> Option<NaiveDate> {
    let known = ENDS
        .iter()
        .find(|(name, _)| number(name).is_some_and(|one| version <= one));
    let (_, (year, month, day)) = known?;
    NaiveDate::from_ymd_opt(*year, *month, *day)
}

/// Reads a version as its numbers.
pub(crate) fn number(version: &str) -> Option<(u32, u32)> {
    let (major, minor) = version.strip_prefix('v')?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn a_version_is_warned_of_half_a_year_before_its_end() {
        let on = |y, m, d| Utc.with_ymd_and_hms(y, m, d, 12, 0, 0).unwrap();
        let now = on(2026, 11, 30);
        for (version, now, expected) in [
            (TRIED, now, ("ok", "v27.0")),
            ("v99.0", now, ("ok", "v99.0")),
            ("v26.0", now, ("hint", "older than v27.0")),
            ("v23.0", now, ("hint", "older than v27.0")),
            ("v22.0", now, ("hint", "ends on 2027-05-20")),
            ("v21.0", now, ("hint", "ends on 2027-01-21")),
            ("v21.0", on(2027, 1, 21), ("wrong", "ended on 2027-01-21")),
            ("v26.0", on(2028, 5, 4), ("hint", "older than v27.0")),
            ("v26.0", on(2028, 5, 5), ("hint", "ends on 2028-11-04")),
            ("v20.0", now, ("wrong", "ended on 2026-09-24")),
            ("v3.2", now, ("wrong", "ended on")),
            ("27", now, ("wrong", "no version")),
        ] {
            let verdict = judge(version, now);
            let (word, detail) = match &verdict {
                Verdict::Ok { detail } => ("ok", detail),
                Verdict::Hint { detail, .. } => ("hint", detail),
                Verdict::Wrong { detail, .. } => ("wrong", detail),
                Verdict::Unknown { detail } => ("unknown", detail),
            };
            assert_eq!(word, expected.0, "{version} {now} {detail}");
            assert!(detail.contains(expected.1), "{version} {now} {detail}");
        }
    }
}
