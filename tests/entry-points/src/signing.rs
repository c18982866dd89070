//! Signatures as Meta and Jira make them.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::SecretString;
use sha2::Sha256;

const SECRET: &str = "a secret of the tests";

/// Returns the secrets that signatures are checked with.
pub(crate) fn secrets() -> [SecretString; 1] {
    [SecretString::from(SECRET)]
}

/// Returns the valid signature for `body`.
pub(crate) fn signature(body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key length");
    let tag = mac.chain_update(body).finalize().into_bytes();
    format!("sha256={}", hex::encode(tag))
}
