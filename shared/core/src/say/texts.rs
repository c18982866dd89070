//! Casement's own words to customers, in their language.

mod words;

use std::collections::BTreeMap;

pub use words::Words;

use crate::say::languages;
pub use crate::say::languages::placeholders::{Placeholder, TemplateError};
pub use crate::say::languages::{Language, NotALanguage, TextKey};

/// The owner's texts of one language.
pub type OwnTexts = BTreeMap<TextKey, String>;

/// All texts of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    language: Language,
    own: OwnTexts,
}

impl Texts {
    /// Creates the texts of `language`: the owner's, completed by Casement's.
    #[must_use]
    pub fn new(language: Language, own: OwnTexts) -> Self {
        Self { language, own }
    }

    #[must_use]
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// Returns the texts that neither the owner nor Casement has.
    pub fn missing(&self) -> impl Iterator<Item = TextKey> + '_ {
        let required = TextKey::ALL.into_iter().filter(|key| key.is_required());
        required.filter(|key| self.find(*key).is_none())
    }

    /// Returns the text, with its placeholders.
    #[must_use]
    pub fn text(&self, key: TextKey) -> &str {
        let stand_in = key.stands_in();
        self.find(key)
            .or_else(|| stand_in.and_then(|key| self.find(key)))
            .or_else(|| languages::english(stand_in.unwrap_or(key)))
            .unwrap_or_default()
    }

    fn find(&self, key: TextKey) -> Option<&str> {
        let own = self.own.get(&key).map(String::as_str);
        own.or_else(|| languages::text(&self.language, key))
    }
}

#[cfg(test)]
mod tests;
