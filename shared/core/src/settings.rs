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

use crate::model::identity::PhoneNumberId;
use document::Document;
pub use error::SettingsError;
pub use languages::Languages;
pub use number::{MarkRead, NumberSettings};
pub use senders::{Senders, Unwanted};
pub use template::ReopeningTemplate;

/// Checked settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// One per WhatsApp business number.
    numbers: Vec<NumberSettings>,
    /// Numbers of the same accounts that others serve.
    other_numbers: Vec<PhoneNumberId>,
}

/// Whose a business number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Served<'a> {
    /// Ours, served like this.
    Here(&'a NumberSettings),
    /// Somebody else's: what comes for it is none of our business.
    Elsewhere,
    /// The settings do not say. What comes for it waits until they do.
    Unknown,
}

/// The number in the samples that Meta's dashboard sends at the press of "Test".
const META_SAMPLE: &str = "123456123";

impl Settings {
    /// Reads and checks a settings document.
    ///
    /// # Errors
    /// The document is refused with the first thing that is wrong in it.
    pub fn from_toml(document: &str) -> Result<Self, SettingsError> {
        let tables = Document::parse(document)?;
        checks::checked(tables).map_err(|problem| problem.in_document(document))
    }

    /// Whose the business number is.
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
}

#[cfg(test)]
mod tests;
