//! Values that check themselves while the document is read.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::hours::Slot;
use crate::texts::Language;

/// Reads a string that is something else.
fn parsed<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(D::Error::custom)
}

macro_rules! read_from_string {
    ($($name:ident)*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                parsed(deserializer)
            }
        }
    )*};
}

read_from_string!(Slot Language CountryCode Sender Field CustomField TemplateName);

/// The beginning of phone numbers, as `49`, or the country of a BSUID, as `DE`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct CountryCode(pub(super) String);

impl FromStr for CountryCode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code = text.strip_prefix('+').unwrap_or(text);
        let is_calling_code = matches!(code.len(), 1..=15)
            && code.bytes().all(|byte| byte.is_ascii_digit())
            && !code.starts_with('0');
        let is_country = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
        if is_calling_code || is_country {
            Ok(Self(code.to_owned()))
        } else {
            Err(format!(
                "\"{text}\" is neither a calling code such as 49 nor a country such as DE"
            ))
        }
    }
}

/// A customer by phone number or BSUID, as WhatsApp writes it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Sender(pub(super) String);

impl FromStr for Sender {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if crate::identity::Bsuid::new(text).is_well_formed() {
            return Ok(Self(text.to_owned()));
        }
        let digits: String = text
            .chars()
            .filter(|c| !matches!(c, '+' | ' ' | '-' | '(' | ')' | '/'))
            .collect();
        let is_number = (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if is_number {
            Ok(Self(digits))
        } else {
            Err(format!(
                "\"{text}\" is neither a phone number with its country code such as \
                 \"+49 151 2345678\" nor a BSUID such as \"DE.1234\""
            ))
        }
    }
}

/// The id of a field of Jira's.
pub(super) struct Field(pub(super) String);

impl FromStr for Field {
    type Err = String;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        let is_id = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        if !id.is_empty() && id.bytes().all(is_id) {
            Ok(Self(id.to_owned()))
        } else {
            Err(format!(
                "\"{id}\" is not the id of a field such as \"customfield_10051\""
            ))
        }
    }
}

/// The id of a field that somebody has added to the site.
pub(super) struct CustomField(pub(super) String);

impl FromStr for CustomField {
    type Err = String;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        let number = id.strip_prefix("customfield_").unwrap_or_default();
        if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(id.to_owned()))
        } else {
            Err(format!(
                "\"{id}\" is not the id of a custom field such as \"customfield_10051\""
            ))
        }
    }
}

/// The name of a message template (Cloud API, "Message templates": lower-case letters, digits and
/// underscores, at most 512).
pub(super) struct TemplateName(pub(super) String);

impl FromStr for TemplateName {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let is_in_a_name =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if matches!(name.len(), 1..=512) && name.bytes().all(is_in_a_name) {
            Ok(Self(name.to_owned()))
        } else {
            Err(format!(
                "\"{name}\" is not the name of a template: lower-case letters, digits and \
                 underscores"
            ))
        }
    }
}

pub(super) fn time_zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tz, D::Error> {
    let name = String::deserialize(deserializer)?;
    name.parse().map_err(|_| {
        D::Error::custom(format!(
            "\"{name}\" is not a time zone such as \"Europe/Berlin\""
        ))
    })
}

/// A duration of `MIN` to `MAX` seconds.
pub(super) fn duration<'de, D: Deserializer<'de>, const MIN: u64, const MAX: u64>(
    deserializer: D,
) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let duration = humantime::parse_duration(&text).map_err(|_| {
        D::Error::custom(format!(
            "\"{text}\" is not a duration such as \"30m\" or \"2h\""
        ))
    })?;
    if !(MIN..=MAX).contains(&duration.as_secs()) {
        let [least, most] = [MIN, MAX].map(in_largest_unit);
        let range = if MIN == 0 {
            format!("must be at most {most}")
        } else {
            format!("must be {least} to {most}")
        };
        return Err(D::Error::custom(range));
    }
    Duration::from_std(duration).map_err(D::Error::custom)
}

/// Seconds as an owner would write them.
fn in_largest_unit(seconds: u64) -> String {
    let units = [(24 * 60 * 60, "d"), (60 * 60, "h"), (60, "m")];
    let unit = units
        .into_iter()
        .find(|(length, _)| seconds >= *length && seconds.is_multiple_of(*length));
    unit.map_or_else(
        || format!("{seconds}s"),
        |(length, unit)| format!("{}{unit}", seconds / length),
    )
}

/// A whole number up to `MAX`.
pub(super) fn count<'de, D: Deserializer<'de>, const MAX: u32>(
    deserializer: D,
) -> Result<u32, D::Error> {
    let count = i64::deserialize(deserializer)?;
    let count = u32::try_from(count).ok().filter(|count| *count <= MAX);
    count.ok_or_else(|| D::Error::custom(format!("must be 0 to {MAX}")))
}

/// A string with something in it.
pub(super) fn filled<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() {
        return Err(D::Error::custom("is empty"));
    }
    Ok(text)
}

/// A stretch of the day, or `"none"`.
pub(super) fn slot_or_none<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Slot>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text == "none" {
        return Ok(None);
    }
    let slot = text.parse();
    slot.map(Some)
        .map_err(|error| D::Error::custom(format!("{error}, nor \"none\"")))
}

/// A date, with quotation marks or without.
pub(super) fn date<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<NaiveDate>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Plain(toml::value::Datetime),
        Text(String),
    }
    let not_a_date = |_| D::Error::custom("is not a date such as 2026-12-24");
    let text = match Written::deserialize(deserializer).map_err(not_a_date)? {
        Written::Plain(date) => date.to_string(),
        Written::Text(text) => text,
    };
    let date = text.parse::<NaiveDate>();
    date.map(Some)
        .map_err(|_| D::Error::custom(format!("\"{text}\" is not a date such as 2026-12-24")))
}
