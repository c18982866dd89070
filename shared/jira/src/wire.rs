//! Identifiers and times as Jira writes them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A numeric identifier, which Jira writes as a string here and as a number there.
///
/// Ids become parts of paths, so only digits are accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NumericId(pub(crate) String);

impl NumericId {
    /// Returns `None` unless the text is all digits.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let fits = (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| Self(text.to_owned()))
    }

    /// Returns the id as a number: Jira counts ids up, so the smaller is the older.
    pub(crate) fn number(&self) -> u128 {
        self.0.parse().unwrap_or_default()
    }

    /// Reads the digits at the start of `text`.
    pub(crate) fn leading(text: &str) -> Option<Self> {
        let end = text.find(|c: char| !c.is_ascii_digit());
        Self::new(&text[..end.unwrap_or(text.len())])
    }
}

impl<'de> Deserialize<'de> for NumericId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        lenient_id(deserializer)?.ok_or_else(|| serde::de::Error::custom("not an id"))
    }
}

/// For `#[serde(deserialize_with)]`: treats anything but an id as absent.
pub(crate) fn lenient_id<'de, D>(deserializer: D) -> Result<Option<NumericId>, D::Error>
where
    D: Deserializer<'de>,
{
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => NumericId::new(&text),
        Value::Number(number) => NumericId::new(&number.to_string()),
        _ => None,
    })
}

/// A user, reduced to the account id.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    pub(crate) account_id: String,
}

/// Reads an instant as a site writes it, with its offset: `2026-10-22T12:00:00.000+0200`. Also
/// reads RFC 3339.
pub(crate) fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z")
        .or_else(|_| DateTime::parse_from_rfc3339(text))
        .ok()
        .map(|time| time.to_utc())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_are_digits_in_either_type() {
        for (value, id) in [
            (json!("10042"), Some("10042")),
            (json!(10042), Some("10042")),
            (json!(""), None),
            (json!("SUP-1"), None),
            (json!("../1"), None),
            (json!("1".repeat(21)), None),
            (json!(1.5), None),
            (json!(-1), None),
            (json!(null), None),
            (json!({"id": 1}), None),
        ] {
            let read = serde_json::from_value(value.clone()).ok();
            assert_eq!(read.map(|NumericId(id)| id).as_deref(), id, "{value}");
        }
        assert_eq!(NumericId::leading("12/comment/3").unwrap().0, "12");
        assert_eq!(NumericId::leading("12").unwrap().0, "12");
        assert_eq!(NumericId::leading("x12"), None);
    }

    #[test]
    fn times_with_the_offset_of_a_site_are_instants() {
        for (text, utc) in [
            (
                "2026-10-22T12:00:00.250+0200",
                Some("2026-10-22T10:00:00.250+00:00"),
            ),
            (
                "2026-10-22T03:30:00.000-0630",
                Some("2026-10-22T10:00:00+00:00"),
            ),
            (
                "2026-10-22T10:00:00+0000",
                Some("2026-10-22T10:00:00+00:00"),
            ),
            (
                "2026-10-22T10:00:00.000Z",
                Some("2026-10-22T10:00:00+00:00"),
            ),
            (
                "2026-10-22T12:00:00+02:00",
                Some("2026-10-22T10:00:00+00:00"),
            ),
            ("2026-10-22T12:00:00", None),
            ("yesterday", None),
        ] {
            assert_eq!(
                instant(text).map(|time| time.to_rfc3339()).as_deref(),
                utc,
                "{text}"
            );
        }
    }
}
