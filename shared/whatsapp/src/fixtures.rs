//! Shared parts of this crate's tests.

use casement_testkit::outside;
pub(crate) use casement_testkit::outside::{http, nobody, server_that_hangs_up};
use secrecy::SecretString;

use crate::signature::{Verified, verify};

/// A body from the folder of fixtures.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    outside::fixture(&format!("whatsapp/{name}"))
}

/// Returns the sorted names of the bodies in a folder of the fixtures.
pub(crate) fn fixtures_in(folder: &str) -> Vec<String> {
    outside::fixtures_in(&format!("whatsapp/{folder}"))
}

/// Payloads from elsewhere, if there are any.
pub(crate) fn corpus() -> Vec<(String, Vec<u8>)> {
    outside::corpus("whatsapp")
}

/// Returns the body with a valid signature of Meta's.
pub(crate) fn signed(body: &[u8]) -> Verified<'_> {
    let header = outside::signature(body, "secret");
    verify(body, Some(&header), &[SecretString::from("secret")]).unwrap()
}
