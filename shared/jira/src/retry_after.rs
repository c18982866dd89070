//! The wait that Jira asks for.

use chrono::{DateTime, Duration};
use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3). Measures a date against the
/// answer's own `Date`, so that only the server's clock matters.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok().map(str::trim);
    let wanted = text(RETRY_AFTER)?;
    if let Ok(seconds) = wanted.parse::<u32>() {
        return Some(Duration::seconds(seconds.into()));
    }
    let until = DateTime::parse_from_rfc2822(wanted).ok()?;
    let answered = DateTime::parse_from_rfc2822(text(DATE)?).ok()?;
    Some((until - answered).max(Duration::zero()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_understood() {
        let noon = Some("Thu, 22 Oct 2026 12:00:00 GMT");
        for (wanted, date, seconds) in [
            (Some("7"), None, Some(7)),
            (Some(" 0 "), noon, Some(0)),
            (Some("Thu, 22 Oct 2026 12:00:30 GMT"), noon, Some(30)),
            (Some("Thu, 22 Oct 2026 11:00:00 GMT"), noon, Some(0)),
            (Some("Thu, 22 Oct 2026 12:00:30 GMT"), None, None),
            (Some("-1"), noon, None),
            (Some("99999999999"), noon, None),
            (Some("soon"), noon, None),
            (None, noon, None),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [(RETRY_AFTER, wanted), (DATE, date)] {
                if let Some(value) = value {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            let expected = seconds.map(Duration::seconds);
            assert_eq!(retry_after(&headers), expected, "{wanted:?} {date:?}");
        }
    }
}
