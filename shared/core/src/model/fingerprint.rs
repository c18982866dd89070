//! Fingerprints, which stand for a customer where no name may appear: in logs, in ids, as a group
//! on a queue.
//!
//! There are so few phone numbers that a plain hash of one can be reversed by trying them all. So a
//! fingerprint uses a key of the deployment: [`install`] it before anything else.

use std::sync::OnceLock;

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::model::private::Private;

/// The length of a fingerprint, in hex digits.
const LENGTH: usize = 20;

/// The minimum length of a key, in characters. The template's key has 64.
const SHORTEST: usize = 32;

static INSTALLED: OnceLock<FingerprintKey> = OnceLock::new();

/// The key of the fingerprints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FingerprintKey(Private<String>);

/// The error for a text that is no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "it must be at least {SHORTEST} characters without blanks, such as `openssl rand -hex 32` makes"
)]
pub struct NotAKey;

/// The error for a second key: fingerprints of two keys in one process would not match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("fingerprints are made under another key already")]
pub struct AnotherKey;

impl FingerprintKey {
    /// Takes a key as stored.
    ///
    /// # Errors
    /// The key is too short, or has blanks or line ends, which come and go unnoticed.
    pub fn new(text: &str) -> Result<Self, NotAKey> {
        let is_whole = text.len() >= SHORTEST && text.bytes().all(|byte| byte.is_ascii_graphic());
        is_whole.then(|| Self(text.into())).ok_or(NotAKey)
    }

    /// Returns twenty hex digits that stand for `parts`.
    #[must_use]
    pub fn of(&self, parts: &[&str]) -> String {
        // HMAC accepts keys of any length.
        let mac = self.mac(parts).map(Mac::finalize);
        let mut digits = mac.map_or_else(String::new, |mac| hex::encode(mac.into_bytes()));
        digits.truncate(LENGTH);
        digits
    }

    /// Returns the code of `parts` under the key, to make or to verify.
    pub(crate) fn mac(&self, parts: &[&str]) -> Option<Hmac<Sha256>> {
        let mac = Hmac::<Sha256>::new_from_slice(self.0.as_bytes()).ok()?;
        Some(mac.chain_update(parts.join("\0")))
    }
}

/// Makes `key` the key of this process. Installing the same key again is fine.
///
/// # Errors
/// Another key is installed.
pub fn install(key: FingerprintKey) -> Result<(), AnotherKey> {
    (*INSTALLED.get_or_init(|| key.clone()) == key)
        .then_some(())
        .ok_or(AnotherKey)
}

/// Returns twenty hex digits that stand for `parts` in this deployment.
///
/// # Panics
/// No key is installed.
#[must_use]
pub fn of(parts: &[&str]) -> String {
    known(parts).unwrap_or_else(|| panic!("no fingerprint key is installed"))
}

/// Returns the same as `of`, if a key is installed.
pub(crate) fn known(parts: &[&str]) -> Option<String> {
    installed().map(|key| key.of(parts))
}

/// Returns the installed key, if there is one.
pub(crate) fn installed() -> Option<&'static FingerprintKey> {
    if cfg!(any(test, debug_assertions)) {
        // Tests need no setup. Deployed builds have neither of these flags.
        let of_tests = || FingerprintKey("the fingerprint key of tests".into());
        return Some(INSTALLED.get_or_init(of_tests));
    }
    INSTALLED.get()
}

/// Returns 32 hex digits that stand for `text` under any key, for text that nobody can guess.
pub(crate) fn unkeyed(text: &str) -> String {
    let mut digits = hex::encode(Sha256::digest(text));
    digits.truncate(32);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(letter: &str) -> FingerprintKey {
        FingerprintKey::new(&letter.repeat(SHORTEST)).unwrap()
    }

    #[test]
    fn two_keys_make_two_fingerprints() {
        let parts = ["1065", "4915112345678"];
        let fingerprint = key("a").of(&parts);
        assert_eq!(fingerprint, "02b84c0be16eb7d395e7");
        assert_eq!(fingerprint, key("a").of(&parts));
        assert_ne!(fingerprint, key("b").of(&parts));
        assert_ne!(fingerprint, key("a").of(&["106", "54915112345678"]));
        assert!(!unkeyed(&parts.join("\0")).starts_with(&fingerprint));
    }

    #[test]
    fn another_key_is_refused_once_one_is_in_use() {
        let fingerprint = of(&["1065", "4915112345678"]);
        assert_eq!(install(key("a")), Err(AnotherKey));
        let of_tests = INSTALLED.get().unwrap().clone();
        assert_eq!(install(of_tests), Ok(()));
        assert_eq!(of(&["1065", "4915112345678"]), fingerprint);
    }

    #[test]
    fn a_key_is_long_and_has_no_blanks() {
        let blank = format!("{} {}", "a".repeat(32), "a".repeat(32));
        for text in [
            "",
            &"a".repeat(31),
            &blank,
            &format!("{}\n", "a".repeat(64)),
        ] {
            assert_eq!(FingerprintKey::new(text), Err(NotAKey), "{text:?}");
        }
        assert!(!format!("{:?}", key("a")).contains("aa"));
    }
}
