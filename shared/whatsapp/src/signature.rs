//! Proof that a webhook comes from Meta.

use std::fmt;

use casement_core::decide::signature::is_signed_with_any;
use secrecy::{ExposeSecret, SecretString};

/// The header that carries the signature (Cloud API, "Create a webhook endpoint"). Header names are
/// case-insensitive.
pub const SIGNATURE_HEADER: &str = "x-hub-signature-256";

/// The body of a webhook with a valid signature.
///
/// Only [`verify`] makes one, and [`parse`](crate::webhook::parse) takes nothing else, so an
/// unproven body cannot be read by mistake.
#[derive(Clone, Copy)]
pub struct Verified<'a>(&'a [u8]);

impl<'a> Verified<'a> {
    pub(crate) fn body(self) -> &'a [u8] {
        self.0
    }
}

// The body holds customers' names and words.
impl fmt::Debug for Verified<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verified(..)")
    }
}

/// The signature is missing or wrong, or there is no secret to check it with.
///
/// The sender learns nothing more: answer 401 and count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the webhook is not signed by Meta")]
pub struct BadSignature;

/// Checks the signature of a webhook: HMAC-SHA256 with the app secret over the bytes of the body
/// exactly as they came (Cloud API, "Create a webhook endpoint").
///
/// `header` is the value of [`SIGNATURE_HEADER`]. Accepts any one of `app_secrets`, so that a
/// secret can be replaced without losing webhooks. Skips an empty secret, which proves nothing.
///
/// # Errors
/// [`BadSignature`]. Answer 401: Meta repeats the webhook for days, so a mistake in the
/// configured secrets heals without loss.
pub fn verify<'a>(
    body: &'a [u8],
    header: Option<&str>,
    app_secrets: &[SecretString],
) -> Result<Verified<'a>, BadSignature> {
    let digits = header
        .and_then(|header| header.strip_prefix("sha256="))
        .ok_or(BadSignature)?;
    let secrets = app_secrets.iter().map(ExposeSecret::expose_secret);
    is_signed_with_any(secrets, body, digits)
        .then_some(Verified(body))
        .ok_or(BadSignature)
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};
    use sha2::Sha256;

    use super::*;

    const BODY: &str = r#"{"object":"whatsapp_business_account","entry":[]}"#;
    const OURS: &str = "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756";
    const OTHERS: &str = "769b03d8c2ae6498f2d1e1f7299c0ba55448c69d741e7b0bb243d852d8a8d8c7";

    fn secrets(values: &[&str]) -> Vec<SecretString> {
        values.iter().copied().map(SecretString::from).collect()
    }

    #[test]
    fn known_signatures_are_accepted() {
        for (secret, body, digits) in [
            ("test_app_secret", BODY, OURS),
            (
                "test_app_secret",
                r#"{"object": "whatsapp_business_account", "entry": []}"#,
                "56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a",
            ),
            ("otro_secreto", BODY, OTHERS),
            // Meta escapes non-ASCII characters before it signs; the bytes count as they arrived.
            (
                "test_app_secret",
                r#"{"body":"caf\u00e9 \/ \u00bf"}"#,
                "02c3541491ea8088aa98ee6e6a4ba257f812d5ec2e717946e1730918329bcdc5",
            ),
            (
                "test_app_secret",
                r#"{"body":"café / ¿"}"#,
                "02f811c41758c0e4a6fa735702fd1a990af11bf01997320b94c5d97c774a5998",
            ),
        ] {
            let header = format!("sha256={digits}");
            let verified = verify(body.as_bytes(), Some(&header), &secrets(&[secret]));
            assert_eq!(verified.map(Verified::body), Ok(body.as_bytes()), "{body}");
        }
    }

    #[test]
    fn either_of_two_secrets_will_do() {
        let both = secrets(&["test_app_secret", "otro_secreto"]);
        for digits in [OURS, OTHERS] {
            let header = format!("sha256={digits}");
            assert!(verify(BODY.as_bytes(), Some(&header), &both).is_ok());
        }
    }

    #[test]
    fn everything_else_is_refused() {
        let right = format!("sha256={OURS}");
        let ours: &[&str] = &["test_app_secret"];
        // HMAC-SHA256 with an empty key, which an empty secret must not accept.
        let empty = {
            let mac = Hmac::<Sha256>::new_from_slice(b"").unwrap();
            let tag = mac.chain_update(BODY).finalize().into_bytes();
            format!("sha256={}", hex::encode(tag))
        };
        for (case, header, secret) in [
            ("no header", None, ours),
            ("no method", Some(OURS), ours),
            ("another method", Some(&*format!("sha1={OURS}")), ours),
            ("cut short", Some(&right[..right.len() - 2]), ours),
            (
                "odd number of digits",
                Some(&right[..right.len() - 1]),
                ours,
            ),
            ("no digits", Some("sha256="), ours),
            ("nothing", Some(""), ours),
            ("space around it", Some(&*format!(" {right} ")), ours),
            (
                "a method in capitals",
                Some(&*right.replace("sha", "SHA")),
                ours,
            ),
            // API Gateway joins two headers of one name like this.
            ("two at once", Some(&*format!("{right},{right}")), ours),
            ("twice as long", Some(&*format!("{right}{OURS}")), ours),
            ("not hexadecimal", Some("sha256=zz"), ours),
            ("another secret", Some(&right), &["other"]),
            ("no secret", Some(&right), &[]),
            ("an empty secret", Some(&empty), &[""]),
        ] {
            let verified = verify(BODY.as_bytes(), header, &secrets(secret));
            assert_eq!(verified.map(Verified::body), Err(BadSignature), "{case}");
        }
        // Digits are case-insensitive.
        let capitals = format!("sha256={}", OURS.to_uppercase());
        assert!(verify(BODY.as_bytes(), Some(&capitals), &secrets(ours)).is_ok());
        let other_body = format!("{BODY} ");
        let verified = verify(other_body.as_bytes(), Some(&right), &secrets(ours));
        assert_eq!(verified.map(Verified::body), Err(BadSignature));
    }
}
