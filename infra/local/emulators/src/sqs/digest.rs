//! The digests that SQS returns and the SDKs verify.

use std::collections::BTreeMap;

use md5::{Digest, Md5};
use sha2::Sha256;

use super::content::MessageAttribute;

/// Returns the MD5 of a body, in hex.
pub(super) fn md5_of_body(body: &str) -> String {
    hex::encode(Md5::digest(body))
}

/// Returns the de-duplication id of a body on a queue with content-based de-duplication (SQS API
/// reference, `SendMessage`: SHA-256 of the body, not the attributes).
pub(super) fn content_deduplication_id(body: &str) -> String {
    hex::encode(Sha256::digest(body))
}

/// Returns the MD5 of message attributes, in hex, or `None` without attributes.
///
/// SQS developer guide, "Calculating the MD5 message digest for message attributes": by name in
/// ascending order, the length (four bytes, big-endian) and bytes of name and type, one byte for
/// the kind of value (1 text, 2 binary), then length and bytes of the value.
pub(super) fn md5_of_attributes<'a>(
    attributes: impl IntoIterator<Item = (&'a String, &'a MessageAttribute)>,
) -> Option<String> {
    let sorted: BTreeMap<_, _> = attributes.into_iter().collect();
    if sorted.is_empty() {
        return None;
    }
    let mut md5 = Md5::new();
    let part = |md5: &mut Md5, bytes: &[u8]| {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        md5.update(length.to_be_bytes());
        md5.update(bytes);
    };
    for (name, attribute) in sorted {
        part(&mut md5, name.as_bytes());
        part(&mut md5, attribute.data_type.as_bytes());
        md5.update([if attribute.is_binary() { 2 } else { 1 }]);
        part(&mut md5, &attribute.value().unwrap_or_default());
    }
    Some(hex::encode(md5.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expected values from independent implementations: md5sum, sha256sum, and Python's
    // hashlib over the bytes laid out by hand.
    #[test]
    fn digests_are_those_of_the_documentation() {
        assert_eq!(md5_of_body("hello"), "5d41402abc4b2a76b9719d911017c592");
        assert_eq!(
            content_deduplication_id("hello"),
            "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        );
        let text = MessageAttribute {
            data_type: "String".to_owned(),
            string_value: Some("abc".to_owned()),
            binary_value: None,
        };
        let binary = MessageAttribute {
            data_type: "Binary".to_owned(),
            string_value: None,
            binary_value: Some("AAEC".to_owned()),
        };
        let attributes = BTreeMap::from([("trace".to_owned(), text), ("blob".to_owned(), binary)]);
        assert_eq!(
            md5_of_attributes(&attributes).as_deref(),
            Some("b14d8cbb964b505136901528434edb6a")
        );
        assert_eq!(md5_of_attributes(&BTreeMap::new()), None);
    }
}
