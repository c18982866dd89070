//! The template that asks a customer to open the window again.

use std::collections::BTreeMap;

use crate::say::texts::Language;

/// An approved template with a quick-reply button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReopeningTemplate {
    /// Its name in WhatsApp Manager.
    pub name: String,
    /// In which of its languages customers of a language get it.
    languages: BTreeMap<Language, Language>,
    /// In which all others get it.
    default: Language,
}

impl ReopeningTemplate {
    pub(super) fn new(
        name: String,
        languages: BTreeMap<Language, Language>,
        default: Language,
    ) -> Self {
        Self {
            name,
            languages,
            default,
        }
    }

    /// WhatsApp's code of the language in which a customer of `language` gets it.
    #[must_use]
    pub fn code(&self, language: &Language) -> &str {
        self.languages
            .get(language)
            .unwrap_or(&self.default)
            .as_str()
    }
}
