//! Proof that a webhook comes from the owner's Jira, or from somebody who has the owner's token.

use std::fmt;

use casement_core::decide::signature::{is_same, is_signed_with_any};
use casement_core::model::queue::Door;
use secrecy::{ExposeSecret, SecretString};

/// The header that carries the signature. Jira leaves it out when the webhook has no secret (Jira
/// Cloud platform, "Webhooks": secure admin webhooks). Header names are case-insensitive.
pub const SIGNATURE_HEADER: &str = "x-hub-signature";

/// The header in which a rule of Automation shows its token: it cannot sign.
pub const TOKEN_HEADER: &str = "x-casement-token";

/// The body of a webhook with a valid signature or token.
///
/// Only [`verify`] and [`verify_token`] make one, and [`parse`](crate::webhook::parse) takes nothing else, so an
/// unproven body cannot be read by mistake.
#[derive(Clone, Copy)]
pub struct Verified<'a> {
    body: &'a [u8],
    door: Door,
}

impl<'a> Verified<'a> {
    pub(crate) fn body(self) -> &'a [u8] {
        self.body
    }

    /// Returns the door by which it came.
    #[must_use]
    pub fn door(self) -> Door {
        self.door
    }
}

// The body holds an agent's words.
impl fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verified(..)")
    }
}

/// The signature or token is missing or wrong, or there is nothing to check it with.
///
/// The sender learns nothing more: answer 401 and count it. Jira does not repeat the webhook then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the webhook is not signed by Jira")]
pub struct BadSignature;

/// Checks the signature of a webhook.
///
/// The header is `method=signature`, over the bytes of the body exactly as they came. The method is
/// `sha256`, which stands for HMAC-SHA256. It may change (Jira Cloud platform, "Webhooks"); an
/// unknown method proves nothing.
///
/// `header` is the value of [`SIGNATURE_HEADER`]. Accepts any one of `secrets`, so that a secret
/// can be replaced without losing webhooks. Skips an empty secret, which proves nothing.
///
/// # Errors
/// [`BadSignature`].
pub fn verify<'a>(
    body: &'a [u8],
    header: Option<&str>,
    secrets: &[SecretString],
) -> Result<Verified<'a>, BadSignature> {
    let (method, digits) = header
        .and_then(|header| header.split_once('='))
        .ok_or(BadSignature)?;
    if method != "sha256" {
        return Err(BadSignature);
    }
    let secrets = secrets.iter().map(ExposeSecret::expose_secret);
    is_signed_with_any(secrets, body, digits)
        .then_some(Verified {
            body,
            door: Door::Webhook,
        })
        .ok_or(BadSignature)
}

/// Checks the token of a request by a rule of Automation.
///
/// `header` is the value of [`TOKEN_HEADER`]. Accepts any one of `tokens`. Whoever has one can make
/// Casement read a comment once more, and nothing else: a body is never believed.
///
/// # Errors
/// [`BadSignature`].
pub fn verify_token<'a>(
    body: &'a [u8],
    header: Option<&str>,
    tokens: &[SecretString],
) -> Result<Verified<'a>, BadSignature> {
    let given = header.ok_or(BadSignature)?;
    let mut tokens = tokens.iter().map(ExposeSecret::expose_secret);
    tokens
        .any(|token| is_same(given, token))
        .then_some(Verified {
            body,
            door: Door::Automation,
        })
        .ok_or(BadSignature)
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;

    use super::*;

    /// Atlassian's example ("Webhooks", "Testing the webhook payload validation").
    const SECRET: &str = "It's a Secret to Everybody";
    const BODY: &[u8] = b"Hello World!";
    const DIGITS: &str = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";

    fn check(header: Option<&str>, secrets: &[&str]) -> bool {
        let secrets: Vec<_> = secrets.iter().copied().map(SecretString::from).collect();
        verify(BODY, header, &secrets).is_ok_and(|verified| verified.body() == BODY)
    }

    #[test]
    fn the_published_example_is_accepted_also_beside_a_newer_secret() {
        let header = format!("sha256={DIGITS}");
        assert!(check(Some(&header), &[SECRET]));
        assert!(check(Some(&header), &["new", SECRET]));
        assert!(check(Some(&header), &[SECRET, "old"]));
    }

    #[test]
    fn a_token_opens_the_other_door() {
        let tokens = ["first-token-of-16", "second-token-of-16"].map(SecretString::from);
        for (header, expected) in [
            (Some("first-token-of-16"), true),
            (Some("second-token-of-16"), true),
            (Some("second-token-of-1"), false),
            (Some(""), false),
            (None, false),
        ] {
            let verified = verify_token(BODY, header, &tokens);
            assert_eq!(verified.is_ok(), expected, "{header:?}");
            assert!(verified.is_err() || verified.unwrap().door() == Door::Automation);
        }
        assert!(verify_token(BODY, Some(""), &[]).is_err());
        assert!(verify_token(BODY, Some(""), &[SecretString::from("")]).is_err());
    }

    #[test]
    fn everything_else_is_refused() {
        let right = format!("sha256={DIGITS}");
        // HMAC-SHA256 with an empty key, which an empty secret must not accept.
        let empty = {
            let mac = Hmac::<Sha256>::new_from_slice(b"").unwrap();
            let tag = mac.chain_update(BODY).finalize().into_bytes();
            format!("sha256={}", hex::encode(tag))
        };
        for (case, header, secrets) in [
            ("no header", None, vec![SECRET]),
            ("no method", Some(DIGITS), vec![SECRET]),
            (
                "an unknown method",
                Some(&*format!("sha512={DIGITS}")),
                vec![SECRET],
            ),
            (
                "an empty method",
                Some(&*format!("={DIGITS}")),
                vec![SECRET],
            ),
            ("cut short", Some(&right[..right.len() - 2]), vec![SECRET]),
            ("no digits", Some("sha256="), vec![SECRET]),
            ("nothing", Some(""), vec![SECRET]),
            (
                "space around it",
                Some(&*format!(" {right} ")),
                vec![SECRET],
            ),
            (
                "a method in capitals",
                Some(&*right.replace("sha", "SHA")),
                vec![SECRET],
            ),
            // API Gateway joins two headers of one name like this.
            (
                "two at once",
                Some(&*format!("{right},{right}")),
                vec![SECRET],
            ),
            ("not hexadecimal", Some("sha256=zz"), vec![SECRET]),
            ("another secret", Some(&right), vec!["other"]),
            ("no secret", Some(&right), vec![]),
            ("an empty secret", Some(&empty), vec![""]),
        ] {
            assert!(!check(header, &secrets), "{case}");
        }
        // Digits are case-insensitive.
        let capitals = format!("sha256={}", DIGITS.to_uppercase());
        assert!(check(Some(&capitals), &[SECRET]));
        let secrets = [SecretString::from(SECRET)];
        let of_another = verify(b"Hello World?", Some(&right), &secrets);
        assert_eq!(of_another.map(Verified::body), Err(BadSignature));
    }
}
