//! Digests, which tell whether words have changed without keeping them.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A digest in the ledger, standing for words that went to a customer or came from one: the table
/// holds no text.
///
/// Its salt identifies what the words belong to, so that the same words under two comments have two
/// digests.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

/// The length of a digest, in hex digits.
const LENGTH: usize = 16;

impl Digest {
    /// Computes the digest of `parts`, in order, under `salt`.
    #[must_use]
    pub fn of<'a>(salt: &'a str, parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        for part in std::iter::once(salt).chain(parts) {
            // The length of each part goes in, so that different lists of parts never hash alike.
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        let mut digits = hex::encode(hash.finalize());
        digits.truncate(LENGTH);
        Self(digits)
    }
}

// Short words can be guessed from a digest.
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_of_the_same_comment_have_the_same_digest() {
        let digest = Digest::of("100", ["Yes", "No"]);
        assert_eq!(digest, Digest::of("100", ["Yes", "No"]));
        for other in [
            Digest::of("101", ["Yes", "No"]),
            Digest::of("100", ["No", "Yes"]),
            Digest::of("100", ["YesNo"]),
            Digest::of("100", ["Yes", "No", ""]),
            Digest::of("100", ["yes", "No"]),
            Digest::of("", ["100", "Yes", "No"]),
        ] {
            assert_ne!(digest, other);
        }
        assert_eq!(digest.0.len(), LENGTH);
        assert_eq!(format!("{digest:?}"), "Digest(..)");
        let stored = serde_json::to_string(&digest).unwrap();
        assert_eq!(serde_json::from_str::<Digest>(&stored).unwrap(), digest);
    }
}
