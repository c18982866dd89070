//! The owner's settings: one TOML document, checked before it is stored.
//!
//! ```toml
//! [[number]]
//! phone_number_id = "106540352242922"
//! service_desk_id = "1"
//! request_type_id = "10"
//! delay_after = "30m"
//! ```
//!
//! `infra/settings.example.toml` explains every key.

mod checks;
mod document;
mod error;
mod keys;
mod languages;
mod number;
mod senders;
mod syntax;
mod template;
mod value;
mod wording;
mod words;

use crate::model::identity::PhoneNumberId;
use document::Document;
pub use error::SettingsError;
pub use languages::Languages;
pub use number::{AfterStop, AutomationComments, MarkRead, NumberSettings, Standby};
pub use senders::{Senders, Unwanted};
pub use template::ReopeningTemplate;

/// The checked settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The settings of each WhatsApp business number.
    numbers: Vec<NumberSettings>,
    /// Numbers of the same accounts that are served elsewhere.
    other_numbers: Vec<PhoneNumberId>,
}

/// Who serves a business number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served<'a> {
    /// Casement, with these settings.
    Here(&'a NumberSettings),
    /// Someone else. Whatever arrives for the number is ignored.
    Elsewhere,
    /// The settings do not say. Whatever arrives for the number waits until they do.
    Unknown,
}

/// The number in the samples that the "Test" button of Meta's dashboard sends.
const META_SAMPLE: &str = "123456123";

impl Settings {
    /// Reads and checks a settings document.
    ///
    /// # Errors
    /// Returns the first mistake in the document.
    pub fn from_toml(document: &str) -> Result<Self, SettingsError> {
        let toml = toml::Deserializer::parse(document)
            .map_err(|error| SettingsError::syntax(document, &error))?;
        let tables: Document = serde_path_to_error::deserialize(toml)
            .map_err(|error| SettingsError::structure(document, &error))?;
        checks::checked(tables).map_err(|problem| problem.in_document(document))
    }

    /// Returns who serves the business number.
    #[must_use]
    pub fn served(&self, id: &PhoneNumberId) -> Served<'_> {
        match self.number(id) {
            Some(number) => Served::Here(number),
            None if self.other_numbers.contains(id) || id.as_str() == META_SAMPLE => {
                Served::Elsewhere
            }
            None => Served::Unknown,
        }
    }

    /// Returns the settings of a business number, or `None` if Casement does not serve it.
    #[must_use]
    pub fn number(&self, id: &PhoneNumberId) -> Option<&NumberSettings> {
        self.numbers
            .iter()
            .find(|number| number.phone_number_id == *id)
    }

    /// Returns the settings of every business number, in the order of the document.
    #[must_use]
    pub fn numbers(&self) -> &[NumberSettings] {
        &self.numbers
    }
}

#[cfg(test)]
mod tests;
