//! Whether a webhook comes from somebody who knows a shared secret.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Returns whether `digits` are the hexadecimal HMAC-SHA256 of `body` under one of `secrets`.
///
/// `body` is the payload as received, byte for byte: Meta signs its own escaped spelling of the
/// JSON. An empty secret proves nothing and is skipped. The comparison takes the same time wherever
/// the signatures differ.
#[must_use]
pub fn is_signed_with_any<'a>(
    secrets: impl IntoIterator<Item = &'a str>,
    body: &[u8],
    digits: &str,
) -> bool {
    let Ok(signature) = hex::decode(digits) else {
        return false;
    };
    secrets
        .into_iter()
        .filter(|secret| !secret.is_empty())
        .any(|secret| is_signed_with(secret.as_bytes(), body, &signature))
}

fn is_signed_with(secret: &[u8], body: &[u8], signature: &[u8]) -> bool {
    Hmac::<Sha256>::new_from_slice(secret)
        .is_ok_and(|mac| mac.chain_update(body).verify_slice(signature).is_ok())
}

/// Returns whether `given` is `expected`, which is not empty.
///
/// Compares the authentication codes of both under one key in constant time, so that the time taken
/// does not tell where they differ.
#[must_use]
pub fn is_same(given: &str, expected: &str) -> bool {
    let keyed = || Hmac::<Sha256>::new_from_slice(b"comparison");
    match (keyed(), keyed()) {
        (Ok(first), Ok(second)) if !expected.is_empty() => {
            let code = first.chain_update(expected).finalize().into_bytes();
            second.chain_update(given).verify(&code).is_ok()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example in Jira's documentation ("Webhooks": secure admin webhooks).
    const SECRET: &str = "It's a Secret to Everybody";
    const BODY: &[u8] = b"Hello World!";
    const DIGITS: &str = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";

    #[test]
    fn only_the_same_text_is_the_same() {
        for (given, expected, same) in [
            ("token", "token", true),
            ("Token", "token", false),
            ("token ", "token", false),
            ("", "token", false),
            ("", "", false),
        ] {
            assert_eq!(is_same(given, expected), same, "{given:?} {expected:?}");
        }
    }

    #[test]
    fn any_of_the_secrets_will_do_and_an_empty_one_never() {
        let of_empty = "0366d43cf5215a646b90008490ca34b5994cc08f173c9e6cdccef82656896592";
        for (secrets, digits, expected) in [
            (&[SECRET][..], DIGITS, true),
            (&["new", SECRET], DIGITS, true),
            (&["other"], DIGITS, false),
            (&[], DIGITS, false),
            (&[""], of_empty, false),
            (&[SECRET], &DIGITS[..62], false),
            (&[SECRET], "", false),
            (&[SECRET], "zz", false),
        ] {
            let signed = is_signed_with_any(secrets.iter().copied(), BODY, digits);
            assert_eq!(signed, expected, "{secrets:?} {digits}");
        }
    }
}
