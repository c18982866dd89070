//! The owner's settings: one TOML document, checked before it is stored.
//!
//! ```toml
//! [[number]]
//! phone_number_id = "106540352242922"
//! service_desk_id = "1"
//! request_type_id = "10"
//! delay_after = "30m"
//! ```

use chrono::Duration;
use chrono_tz::Tz;
use serde::{Deserialize, Deserializer};

use crate::identity::PhoneNumberId;

/// The longest that a notice may wait. After it the window would be closing.
const LONGEST_DELAY_AFTER: Duration = Duration::hours(23);

/// The longest that a request may be reopened. After it nobody remembers what it was about.
const LONGEST_REOPEN_WITHIN: Duration = Duration::days(365);

/// Checked settings.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// One table per WhatsApp business number.
    #[serde(rename = "number")]
    numbers: Vec<NumberSettings>,
}

/// How one WhatsApp business number is served.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberSettings {
    /// The number's id at Meta (WhatsApp Manager shows it; not the phone number itself).
    pub phone_number_id: PhoneNumberId,
    /// The service desk that requests are opened in.
    pub service_desk_id: String,
    /// The request type that requests are opened with.
    pub request_type_id: String,
    /// The text field of the request form that takes Casement's reference. It must be on the form.
    #[serde(default = "default_reference_field")]
    pub reference_field: String,
    /// The time zone of the agents, in which notes give times.
    #[serde(default = "default_time_zone", deserialize_with = "time_zone")]
    pub time_zone: Tz,
    /// How long after its end a request is reopened by a message of its customer. A later one
    /// opens a new request. Zero: always a new one.
    #[serde(default = "default_reopen_within", deserialize_with = "duration")]
    pub reopen_within: Duration,
    /// What else than the built-in phrases counts as thanks that reopen nothing
    /// ([`crate::thanks`]).
    #[serde(default)]
    pub thanks_words: Vec<String>,
    /// How long a customer waits before a delay notice is sent.
    #[serde(default = "default_delay_after", deserialize_with = "duration")]
    pub delay_after: Duration,
    /// The text of the delay notice.
    #[serde(default = "default_delay_notice")]
    pub delay_notice: String,
    /// What a customer is told whose file did not get through WhatsApp.
    #[serde(default = "default_lost_file")]
    pub lost_file: String,
}

fn default_reference_field() -> String {
    "description".to_owned()
}

fn default_time_zone() -> Tz {
    Tz::UTC
}

fn default_reopen_within() -> Duration {
    Duration::days(3)
}

fn default_delay_after() -> Duration {
    Duration::minutes(30)
}

fn default_delay_notice() -> String {
    "Thank you for your message. All our agents are busy at the moment; we will answer you here \
     as soon as we can."
        .to_owned()
}

fn default_lost_file() -> String {
    "Your file did not reach us: it may be larger than 100 MB, or its transfer failed. Please send \
     it again in a smaller size, or tell us in words what it shows."
        .to_owned()
}

fn time_zone<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Tz, D::Error> {
    use serde::de::Error;
    let name = String::deserialize(deserializer)?;
    name.parse().map_err(|_| {
        D::Error::custom(format!(
            "\"{name}\" is not a time zone such as \"Europe/Berlin\""
        ))
    })
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    use serde::de::Error;
    let text = String::deserialize(deserializer)?;
    let duration = humantime::parse_duration(&text).map_err(|_| {
        D::Error::custom(format!(
            "\"{text}\" is not a duration such as \"30m\" or \"2h\""
        ))
    })?;
    Duration::from_std(duration).map_err(|_| D::Error::custom(format!("\"{text}\" is too long")))
}

/// What is wrong with a settings document, with the place. Show it to the owner as it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// Not TOML, an unknown or missing key, or a value of the wrong kind.
    #[error("line {line}: {message}")]
    Document {
        /// Counted from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// A value that cannot be right.
    #[error("number {phone_number_id}: {message}")]
    Number {
        /// Which `[[number]]` table.
        phone_number_id: String,
        /// What is wrong in it.
        message: String,
    },
    /// No `[[number]]` table.
    #[error("no [[number]] table: Casement needs at least one WhatsApp number to serve")]
    NoNumber,
}

impl Settings {
    /// Reads and checks a settings document.
    ///
    /// # Errors
    /// The document is refused with the first thing that is wrong in it.
    pub fn from_toml(document: &str) -> Result<Self, SettingsError> {
        let settings: Self = toml::from_str(document).map_err(|error| SettingsError::Document {
            line: line_of(document, error.span().map_or(0, |span| span.start)),
            message: error.message().to_owned(),
        })?;
        settings.check()?;
        Ok(settings)
    }

    /// The settings of a business number; `None` when it is not ours to serve.
    #[must_use]
    pub fn number(&self, id: &PhoneNumberId) -> Option<&NumberSettings> {
        self.numbers
            .iter()
            .find(|number| number.phone_number_id == *id)
    }

    /// The settings of every business number, in the order of the document.
    #[must_use]
    pub fn numbers(&self) -> &[NumberSettings] {
        &self.numbers
    }

    fn check(&self) -> Result<(), SettingsError> {
        if self.numbers.is_empty() {
            return Err(SettingsError::NoNumber);
        }
        for (index, number) in self.numbers.iter().enumerate() {
            let twice = self.numbers[..index]
                .iter()
                .any(|earlier| earlier.phone_number_id == number.phone_number_id);
            let problem = if twice {
                Some("phone_number_id is given twice".to_owned())
            } else {
                number.problem()
            };
            if let Some(message) = problem {
                return Err(SettingsError::Number {
                    phone_number_id: number.phone_number_id.as_str().to_owned(),
                    message,
                });
            }
        }
        Ok(())
    }
}

impl NumberSettings {
    fn problem(&self) -> Option<String> {
        let required = [
            ("phone_number_id", self.phone_number_id.as_str()),
            ("service_desk_id", &self.service_desk_id),
            ("request_type_id", &self.request_type_id),
            ("reference_field", &self.reference_field),
            ("delay_notice", &self.delay_notice),
            ("lost_file", &self.lost_file),
        ];
        if let Some((key, _)) = required.iter().find(|(_, value)| value.trim().is_empty()) {
            return Some(format!("{key} is empty"));
        }
        if self.reopen_within > LONGEST_REOPEN_WITHIN {
            return Some("reopen_within must be at most 365d".to_owned());
        }
        let useless = |entry: &&String| !crate::thanks::is_usable(entry);
        if let Some(entry) = self.thanks_words.iter().find(useless) {
            return Some(format!(
                "thanks_words: \"{entry}\" has no word and no emoji"
            ));
        }
        if self.delay_after <= Duration::zero() || self.delay_after > LONGEST_DELAY_AFTER {
            return Some("delay_after must be more than 0 and at most 23h".to_owned());
        }
        let texts = [
            ("delay_notice", &self.delay_notice),
            ("lost_file", &self.lost_file),
        ];
        texts.iter().find_map(|(key, text)| {
            let units = text.encode_utf16().count();
            let limit = crate::text::MESSAGE_LIMIT;
            (units > limit)
                .then(|| format!("{key} has {units} characters; a WhatsApp message takes {limit}"))
        })
    }
}

fn line_of(document: &str, offset: usize) -> usize {
    document
        .bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str =
        "[[number]]\nphone_number_id = \"1\"\nservice_desk_id = \"2\"\nrequest_type_id = \"3\"\n";

    #[test]
    fn the_example_is_valid_and_explains_every_key() {
        let example = include_str!("../../../infra/settings.example.toml");
        let settings = Settings::from_toml(example).unwrap();
        assert_eq!(settings.numbers.len(), 1);
        let unknown = Settings::from_toml(&format!("{MINIMAL}nothing = 1\n")).unwrap_err();
        let message = unknown.to_string();
        let keys = message.split('`').skip(3).step_by(2);
        for key in keys {
            assert!(example.contains(&format!("{key} = ")), "{key}");
        }
    }

    #[test]
    fn three_keys_are_enough() {
        let settings = Settings::from_toml(MINIMAL).unwrap();
        let number = settings.number(&PhoneNumberId::new("1")).unwrap();
        assert_eq!(number.delay_after, Duration::minutes(30));
        assert_eq!(number.reference_field, "description");
        assert_eq!(number.time_zone, Tz::UTC);
        assert_eq!(number.reopen_within, Duration::days(3));
        assert!(number.thanks_words.is_empty());
        assert!(settings.number(&PhoneNumberId::new("9")).is_none());
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let long = "x".repeat(4097);
        for (document, message) in [
            (String::new(), "line 1: missing field `number`"),
            (
                "number = []".to_owned(),
                "no [[number]] table: Casement needs at least one WhatsApp number to serve",
            ),
            (
                format!("{MINIMAL}delay_afer = \"1h\"\n"),
                "line 5: unknown field `delay_afer`, expected one of `phone_number_id`, `service_desk_id`, `request_type_id`, `reference_field`, `time_zone`, `reopen_within`, `thanks_words`, `delay_after`, `delay_notice`, `lost_file`",
            ),
            (
                format!("{MINIMAL}time_zone = \"Berlin\"\n"),
                "line 5: \"Berlin\" is not a time zone such as \"Europe/Berlin\"",
            ),
            (
                format!("{MINIMAL}delay_after = \"soon\"\n"),
                "line 5: \"soon\" is not a duration such as \"30m\" or \"2h\"",
            ),
            (
                format!("{MINIMAL}delay_after = 30\n"),
                "line 5: invalid type: integer `30`, expected a string",
            ),
            (
                format!("{MINIMAL}delay_after = \"0s\"\n"),
                "number 1: delay_after must be more than 0 and at most 23h",
            ),
            (
                format!("{MINIMAL}delay_after = \"24h\"\n"),
                "number 1: delay_after must be more than 0 and at most 23h",
            ),
            (
                format!("{MINIMAL}reopen_within = \"2years\"\n"),
                "number 1: reopen_within must be at most 365d",
            ),
            (
                format!("{MINIMAL}thanks_words = [\"dank u\", \"!\"]\n"),
                "number 1: thanks_words: \"!\" has no word and no emoji",
            ),
            (
                format!("{MINIMAL}delay_notice = \" \"\n"),
                "number 1: delay_notice is empty",
            ),
            (
                format!("{MINIMAL}delay_notice = \"{long}\"\n"),
                "number 1: delay_notice has 4097 characters; a WhatsApp message takes 4096",
            ),
            (
                format!("{MINIMAL}lost_file = \"{long}\"\n"),
                "number 1: lost_file has 4097 characters; a WhatsApp message takes 4096",
            ),
            (
                format!("{MINIMAL}{MINIMAL}"),
                "number 1: phone_number_id is given twice",
            ),
            (
                "[[number]]\nphone_number_id = \"1\n".to_owned(),
                "line 2: invalid basic string, expected `\"`",
            ),
        ] {
            let error = Settings::from_toml(&document).unwrap_err();
            assert_eq!(error.to_string(), message, "{document}");
        }
    }
}
