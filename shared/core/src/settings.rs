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
mod languages;
mod number;
mod senders;
mod template;
mod value;

use crate::identity::PhoneNumberId;
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
}

impl Settings {
    /// Reads and checks a settings document.
    ///
    /// # Errors
    /// The document is refused with the first thing that is wrong in it.
    pub fn from_toml(document: &str) -> Result<Self, SettingsError> {
        let tables = Document::parse(document)?;
        let numbers =
            checks::checked(tables.numbers).map_err(|problem| problem.in_document(document))?;
        Ok(Self { numbers })
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
