//! The template that asks a customer to open the window again.

use std::collections::BTreeMap;

use crate::say::texts::Language;

/// An approved template with a quick-reply button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReopeningTemplate {
    /// The name in WhatsApp Manager.
    pub name: String,
    /// The language of the template for each customer language.
    languages: BTreeMap<Language, Language>,
    /// The language of the template for all other customers.
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

    /// Returns WhatsApp's code of the template language for customers of `language`.
    #[must_use]
    pub fn code(&self, language: &Language) -> &str {
        self.languages
            .get(language)
            .unwrap_or(&self.default)
            .as_str()
    }

    /// Returns whether this is the template `name` in `language`, as a webhook writes it. A webhook
    /// without a language is about any.
    #[must_use]
    pub fn is(&self, name: &str, language: &str) -> bool {
        let same = |code: &str| {
            let parts = |text: &str| text.replace('-', "_").to_ascii_lowercase();
            parts(code) == parts(language)
        };
        self.name == name && (language.is_empty() || self.codes().any(same))
    }

    /// Returns WhatsApp's codes of all languages that the template is sent in.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        let all = self.languages.values().chain([&self.default]);
        all.map(Language::as_str)
    }
}
