//! Values that check themselves while the document is read.

use std::fmt::{self, Display};
use std::str::FromStr;

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

use super::words::nearest;
use crate::hours::Slot;
use crate::model::identity::BusinessAccountId;
use crate::say::texts::Language;

/// A visitor that reads a text, or asks for one like this.
struct Text(&'static str);

impl Text {
    fn read<'de, D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_string(self)
    }
}

impl Visitor<'_> for Text {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
}

/// The expectation that [`crate::settings::wording`] puts into an owner's words.
const ANY: Text = Text("a string");

const DURATION: Text = Text("a duration in quotes, such as \"30m\"");

const SLOT: Text = Text("a time range in quotes, such as \"09:00-17:30\"");

/// Reads a string and parses it into another type.
fn parsed<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(
    text: Text,
    deserializer: D,
) -> Result<T, D::Error> {
    text.read(deserializer)?.parse().map_err(D::Error::custom)
}

macro_rules! read_from_string {
    ($text:ident: $($name:ident)*) => {$(
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                parsed($text, deserializer)
            }
        }
    )*};
}

read_from_string!(SLOT: Slot);
read_from_string!(ANY: Language AccountNumber CountryCode Sender TextField CustomField TemplateName);
read_from_string!(ANY: ServiceDesk RequestType);

/// The number of a service desk.
pub(super) struct ServiceDesk(pub(super) String);

impl FromStr for ServiceDesk {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_key = text.starts_with(|letter: char| letter.is_ascii_uppercase())
            && text
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
        let what = if is_key {
            "the key of a space (formerly project)"
        } else {
            "not a number"
        };
        number_in_the_portal(text, what, "service desk", "/portal/<number>").map(Self)
    }
}

/// The number of a request type.
pub(super) struct RequestType(pub(super) String);

impl FromStr for RequestType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        number_in_the_portal(text, "not a number", "request type", "/create/<number>").map(Self)
    }
}

fn number_in_the_portal(
    text: &str,
    what: &str,
    whose: &str,
    place: &str,
) -> Result<String, String> {
    if text.trim().is_empty() {
        Err("is empty".to_owned())
    } else if text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "\"{text}\" is {what}; write the number of the {whose}, which stands in the address of \
             the customer portal: {place}"
        ))
    }
}

/// The id of a WhatsApp Business Account: digits only, since it becomes part of a path.
pub(super) struct AccountNumber(pub(super) BusinessAccountId);

impl FromStr for AccountNumber {
    type Err = String;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(BusinessAccountId::new(id)))
        } else {
            Err(format!(
                "\"{id}\" is not the id of a WhatsApp Business Account such as \"102290129340398\""
            ))
        }
    }
}

/// The leading digits of phone numbers, such as `49`, or the country of a BSUID, such as `DE`.
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

/// A customer's phone number or BSUID, as WhatsApp writes it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Sender(pub(super) String);

impl FromStr for Sender {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if crate::model::identity::Bsuid::new(text).is_well_formed() {
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

/// The id of a text field in Jira: one that somebody has added to the site, or one of Jira's own
/// that a request form can have.
pub(super) struct TextField(pub(super) String);

impl FromStr for TextField {
    type Err = String;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        if is_custom_field(id) || matches!(id, "description" | "environment") {
            Ok(Self(id.to_owned()))
        } else {
            Err(not_a_field(id, "a field"))
        }
    }
}

fn is_custom_field(id: &str) -> bool {
    let number = id.strip_prefix("customfield_").unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn not_a_field(id: &str, kind: &str) -> String {
    let digits: String = id.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        format!("\"{id}\" is not the id of {kind} such as \"customfield_10051\"")
    } else {
        format!("\"{id}\" is not the id of {kind}; did you mean \"customfield_{digits}\"?")
    }
}

/// The id of a field that somebody has added to the Jira site.
pub(super) struct CustomField(pub(super) String);

impl FromStr for CustomField {
    type Err = String;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        if is_custom_field(id) {
            Ok(Self(id.to_owned()))
        } else {
            Err(not_a_field(id, "a custom field"))
        }
    }
}

/// The name of a message template: at most 512 lower-case letters, digits and underscores (Cloud
/// API, "Message templates").
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
    let name = ANY.read(deserializer)?;
    name.parse().map_err(|_| {
        D::Error::custom(match meant(&name) {
            Some(zone) => format!("\"{name}\" is not a time zone; did you mean \"{zone}\"?"),
            None => format!("\"{name}\" is not a time zone such as \"Europe/Berlin\""),
        })
    })
}

/// Finds the zone of a city given without its continent, or of a misspelt name.
fn meant(name: &str) -> Option<&'static str> {
    let all = || chrono_tz::TZ_VARIANTS.into_iter().map(Tz::name);
    let wanted = name.trim().replace(' ', "_");
    let city = |zone: &str| zone.rsplit('/').next().map(str::to_lowercase);
    all()
        .find(|zone| zone.eq_ignore_ascii_case(&wanted))
        .or_else(|| all().find(|zone| city(zone) == Some(wanted.to_lowercase())))
        .or_else(|| nearest(&wanted, all().filter(|zone| zone.contains('/'))))
}

/// Reads a duration of `MIN` to `MAX` seconds.
pub(super) fn duration<'de, D: Deserializer<'de>, const MIN: u64, const MAX: u64>(
    deserializer: D,
) -> Result<Duration, D::Error> {
    let text = DURATION.read(deserializer)?;
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

/// Formats seconds as an owner would write them.
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

/// Reads a whole number of `MIN` to `MAX`.
pub(super) fn count<'de, D: Deserializer<'de>, const MIN: u32, const MAX: u32>(
    deserializer: D,
) -> Result<u32, D::Error> {
    let count = i64::deserialize(deserializer)?;
    let count = u32::try_from(count)
        .ok()
        .filter(|count| (MIN..=MAX).contains(count));
    count.ok_or_else(|| D::Error::custom(format!("must be {MIN} to {MAX}")))
}

/// Reads a time range within a day, or `"none"`.
pub(super) fn slot_or_none<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Slot>, D::Error> {
    let text = SLOT.read(deserializer)?;
    if text == "none" {
        return Ok(None);
    }
    let slot = text.parse();
    slot.map(Some)
        .map_err(|error| D::Error::custom(format!("{error}, or \"none\"")))
}

/// Reads a date, with or without quotation marks.
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
