//! Reads fields of any type.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::{self, DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Number, Value};

/// WhatsApp began in 2009. No message is older.
const EARLIEST: i64 = 1_230_768_000;

/// Numbers from here on are milliseconds: as seconds they would lie beyond the year 5000.
const MILLISECONDS_FROM: f64 = 1e11;

/// For `#[serde(deserialize_with)]`: treats a field of an unexpected type as absent. With
/// `#[serde(default)]` on the struct, no field can spoil the rest of its object.
///
/// Only for reading from a [`Value`]: giving up a field there does not lose the next one, as it
/// would in a text.
pub(super) fn lenient<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(T::deserialize(deserializer).ok())
}

/// Defines the fields to read from one of Meta's objects. A field that is absent or of another type
/// is `None`.
macro_rules! wire {
    (
        $(#[$meta:meta])*
        $visibility:vis struct $name:ident { $($field:ident: $type:ty),* $(,)? }
    ) => {
        $(#[$meta])*
        #[derive(Default, ::serde::Deserialize)]
        #[serde(default)]
        $visibility struct $name {
            $(
                #[serde(deserialize_with = "crate::webhook::lenient::lenient")]
                $field: Option<$type>,
            )*
        }
    };
}

pub(super) use wire;

/// The readable items of a list. Anything but a list counts as absent.
pub(super) struct Each<T>(pub(super) Vec<T>);

impl<T> Default for Each<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Each<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let items = Vec::<Value>::deserialize(deserializer)?;
        let readable = items
            .into_iter()
            .filter_map(|item| T::deserialize(item).ok());
        Ok(Self(readable.collect()))
    }
}

/// An identifier or a number, written as a string or as a number.
#[derive(Clone)]
pub(super) enum Written {
    Text(String),
    Number(Number),
}

/// Written by hand, because serde's untagged enums copy each value first, and a large webhook has
/// thousands.
impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WrittenVisitor)
    }
}

struct WrittenVisitor;

impl Visitor<'_> for WrittenVisitor {
    type Value = Written;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Written, E> {
        Ok(Written::Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Written, E> {
        Ok(Written::Text(text))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Written, E> {
        Ok(Written::Number(number.into()))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Written, E> {
        Ok(Written::Number(number.into()))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Written, E> {
        let number = Number::from_f64(number).ok_or_else(|| E::custom("no number"))?;
        Ok(Written::Number(number))
    }
}

impl Written {
    /// Returns the text without space around it. `None` if it is empty.
    pub(super) fn text(&self) -> Option<String> {
        let text = match self {
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(number) => number.to_string(),
        };
        (!text.is_empty()).then_some(text)
    }

    /// Returns the text with the space around it.
    pub(super) fn verbatim(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }

    /// As a number.
    pub(super) fn number(&self) -> Option<f64> {
        self.text()?.parse().ok()
    }

    /// As a whole number.
    pub(super) fn integer(&self) -> Option<i64> {
        self.text()?.parse().ok()
    }
}

/// Reads a time of WhatsApp's clock: seconds or milliseconds since 1970. A value that is not a
/// time, or lies in the future, becomes the time of receipt: a window must not open for too long.
pub(super) fn instant(written: Option<&Written>, received_at: DateTime<Utc>) -> DateTime<Utc> {
    written
        .and_then(Written::number)
        .map(|number| {
            if number < MILLISECONDS_FROM {
                number
            } else {
                number / 1000.0
            }
        })
        // The cast saturates, and a number that is too large is not a date.
        .map(|seconds| seconds as i64)
        .filter(|seconds| *seconds >= EARLIEST)
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .filter(|time| *time <= received_at)
        .unwrap_or(received_at)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_read_in_every_spelling_and_rubbish_is_now() {
        let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        let sent = 1_794_999_000;
        for (value, expected) in [
            (json!("1794999000"), sent),
            (json!(1_794_999_000), sent),
            (json!(" 1794999000 "), sent),
            (json!(1_794_999_000_000_i64), sent),
            (json!("1794999000987"), sent),
            (json!(1_794_999_000.9), sent),
            (json!("asdf"), 1_795_000_000),
            (json!(""), 1_795_000_000),
            (json!(0), 1_795_000_000),
            (json!(-5), 1_795_000_000),
            (json!("NaN"), 1_795_000_000),
            (json!(1e300), 1_795_000_000),
            // An hour and a hundred years in the future.
            (json!(1_795_003_600), 1_795_000_000),
            (json!("4950000000"), 1_795_000_000),
        ] {
            let written: Written = serde_json::from_value(value.clone()).unwrap();
            let read = instant(Some(&written), now).timestamp();
            assert_eq!(read, expected, "{value}");
        }
        assert_eq!(instant(None, now), now);
    }
}
