//! Signatures of webhook bodies: HMAC-SHA256 over the bytes that are sent.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;

/// Returns the value of both services' signature headers: `sha256=` and 64 lower-case hex digits.
///
/// Source: Meta, "Create a webhook endpoint" (`X-Hub-Signature-256`); Atlassian, "Webhooks"
/// (`X-Hub-Signature`).
pub(crate) fn sha256(secret: &str, body: &[u8]) -> String {
    // HMAC takes keys of any length, so the error arm is never taken.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(body);
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

/// Writes JSON as Meta does: non-ASCII as `\u` with lower-case digits, `/` as `\/`.
///
/// Source: Graph API, "Webhooks, getting started" ("an escaped unicode version of the payload").
pub(crate) fn escaped_json(value: &Value) -> String {
    let plain = value.to_string();
    let mut escaped = String::with_capacity(plain.len());
    for character in plain.chars() {
        if character == '/' {
            escaped.push_str("\\/");
        } else if character.is_ascii() {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn signatures_agree_with_known_vectors() {
        let cases = [
            (
                "It's a Secret to Everybody",
                "Hello World!",
                "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9",
            ),
            (
                "test_app_secret",
                r#"{"object":"whatsapp_business_account","entry":[]}"#,
                "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
            ),
            (
                "test_app_secret",
                r#"{"object": "whatsapp_business_account", "entry": []}"#,
                "56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a",
            ),
            (
                "otro_secreto",
                r#"{"object":"whatsapp_business_account","entry":[]}"#,
                "769b03d8c2ae6498f2d1e1f7299c0ba55448c69d741e7b0bb243d852d8a8d8c7",
            ),
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
        ];
        for (secret, body, hex) in cases {
            assert_eq!(
                sha256(secret, body.as_bytes()),
                format!("sha256={hex}"),
                "{body}"
            );
        }
    }

    #[test]
    fn json_is_escaped_as_meta_does() {
        let value = json!({"body": "café / ¿ 👍"});
        assert_eq!(
            escaped_json(&value),
            r#"{"body":"caf\u00e9 \/ \u00bf \ud83d\udc4d"}"#
        );
        let back: Value = serde_json::from_str(&escaped_json(&value)).unwrap();
        assert_eq!(back, value);
    }
}
