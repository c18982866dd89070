//! Signatures as Meta and Jira make them, written independently of the product's code.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The app secret of the local stack.
pub const APP_SECRET: &str = "local-app-secret";
/// The verify token of the local stack.
pub const VERIFY_TOKEN: &str = "local-verify-token";
/// The secret of Jira's webhook in the local stack.
pub const JIRA_SECRET: &str = "local-jira-secret";

/// Returns the value of `X-Hub-Signature-256` (Meta) and of `X-Hub-Signature` (Jira) for a body.
#[must_use]
pub fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key length");
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}
