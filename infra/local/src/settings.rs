//! The owner's settings document, kept in the table as in production.

use casement_core::settings::Settings;
use serde_json::{Value, json};

/// The initial document, unless the stack is given a file.
pub(crate) const DEVELOPMENT: &str = include_str!("../settings.toml");

/// The key of the item that holds the settings.
pub(crate) const KEY: &str = "SETTINGS";

/// Checks a document as production does.
///
/// # Errors
/// What is wrong, and where. Meant to be shown unchanged.
pub(crate) fn check(document: &str) -> Result<(), String> {
    Settings::from_toml(document)
        .map(|_| ())
        .map_err(|error| error.to_string())
}

/// Returns the table's item for a document, in DynamoDB JSON.
#[must_use]
pub(crate) fn item(document: &str, version: u64) -> Value {
    json!({
        "pk": {"S": KEY},
        "sk": {"S": KEY},
        "document": {"S": document},
        "version": {"N": version.to_string()},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_development_document_is_valid() {
        check(DEVELOPMENT).unwrap();
    }

    #[test]
    fn a_broken_document_is_refused_with_the_place() {
        assert_eq!(
            check("[[number]]\nsurprise = 1\n")
                .unwrap_err()
                .split(':')
                .next(),
            Some("line 2")
        );
    }
}
