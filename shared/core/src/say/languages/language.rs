//! The languages of customers.

use std::fmt;
use std::str::FromStr;

use chrono::Locale;

/// A language code, with a country if the owner distinguishes two: `de`, `pt_BR`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(String);

/// The error for a text that is no language code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a language such as \"de\" or \"pt_BR\"")]
pub struct NotALanguage(String);

impl Language {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the language without the country.
    #[must_use]
    pub fn base(&self) -> &str {
        self.0.split_once('_').map_or(&self.0, |(base, _)| base)
    }

    /// Returns the locale for dates. If the code names no country, or an unknown one, the locale is
    /// that of the country with most of its speakers, or of the country whose code equals the
    /// language's. If there is none, names are in English.
    pub(crate) fn locale(&self) -> Locale {
        let usual = match self.base() {
            "en" => "en_GB".to_owned(),
            "pt" => "pt_BR".to_owned(),
            base => format!("{base}_{}", base.to_uppercase()),
        };
        let mut codes = [self.as_str(), &usual].into_iter();
        codes
            .find_map(|code| Locale::from_str(code).ok())
            .unwrap_or(Locale::POSIX)
    }
}

/// The default is English.
impl Default for Language {
    fn default() -> Self {
        Self("en".to_owned())
    }
}

impl FromStr for Language {
    type Err = NotALanguage;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        let (language, country) = code.split_once(['_', '-']).map_or((code, None), |parts| {
            let (language, country) = parts;
            (language, Some(country))
        });
        let is_language =
            matches!(language.len(), 2 | 3) && language.bytes().all(|b| b.is_ascii_lowercase());
        let is_country = country
            .is_none_or(|code| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()));
        if !is_language || !is_country {
            return Err(NotALanguage(code.to_owned()));
        }
        Ok(Self(country.map_or_else(
            || language.to_owned(),
            |country| format!("{language}_{country}"),
        )))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
