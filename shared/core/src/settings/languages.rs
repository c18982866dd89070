//! The language in which a customer is addressed.

use std::collections::BTreeMap;

use crate::model::identity::{Bsuid, CustomerIdentity, PhoneNumber};
use crate::say::texts::{Language, Texts};

/// The languages of a business number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Languages {
    /// The texts for customers about whom nothing else is known.
    default_texts: Texts,
    /// Languages by leading digits of the phone number, or by country of the BSUID.
    by_code: BTreeMap<String, Language>,
    /// The texts of every language in `by_code`.
    texts: BTreeMap<Language, Texts>,
}

impl Languages {
    pub(super) fn new(
        default_texts: Texts,
        by_code: BTreeMap<String, Language>,
        texts: BTreeMap<Language, Texts>,
    ) -> Self {
        Self {
            default_texts,
            by_code,
            texts,
        }
    }

    /// Returns the language for customers about whom nothing else is known.
    #[must_use]
    pub fn default_language(&self) -> &Language {
        self.default_texts.language()
    }

    /// Returns the language of a customer: by the longest beginning of the phone number in the
    /// settings; without a phone number, by the country of the BSUID; otherwise the default.
    #[must_use]
    pub fn of(&self, customer: &CustomerIdentity) -> &Language {
        let known = match (customer.phone(), customer.bsuid()) {
            (Some(phone), _) => self.of_phone(phone),
            (None, Some(bsuid)) => self.of_bsuid(bsuid),
            (None, None) => None,
        };
        known.unwrap_or(self.default_language())
    }

    /// Returns the texts in the customer's language.
    #[must_use]
    pub fn texts_for(&self, customer: &CustomerIdentity) -> &Texts {
        self.texts
            .get(self.of(customer))
            .unwrap_or(&self.default_texts)
    }

    fn of_phone(&self, phone: &PhoneNumber) -> Option<&Language> {
        let number = phone.as_str();
        let beginnings = (1..=number.len()).rev();
        beginnings
            .filter_map(|end| number.get(..end))
            .find_map(|beginning| self.by_code.get(beginning))
    }

    fn of_bsuid(&self, bsuid: &Bsuid) -> Option<&Language> {
        let (country, _) = bsuid.as_str().split_once('.')?;
        self.by_code.get(country)
    }
}
