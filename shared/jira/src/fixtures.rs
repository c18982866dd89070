//! Shared parts of this crate's tests.

use casement_testkit::outside;
pub(crate) use casement_testkit::outside::{http, nobody, server_that_hangs_up};
use secrecy::SecretString;

use crate::signature::{Verified, verify};

/// A body from the folder of fixtures.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    outside::fixture(&format!("jira/{name}"))
}

/// Payloads from elsewhere, if there are any.
pub(crate) fn corpus() -> Vec<(String, Vec<u8>)> {
    outside::corpus("jira")
}

/// Returns the body with a valid signature of Jira's.
pub(crate) fn signed(body: &[u8]) -> Verified<'_> {
    let header = outside::signature(body, "secret");
    verify(body, Some(&header), &[SecretString::from("secret")]).unwrap()
}
