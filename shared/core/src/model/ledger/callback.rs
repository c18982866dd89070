//! The callback data that goes along with a message of ours and comes back in its statuses
//! (`biz_opaque_callback_data`).
//!
//! Comment ids of two sites are the same numbers, and two deployments may share one of Meta's apps.
//! So the ledger key travels with a short code that only this deployment can make, under its
//! fingerprint key, such as `comment:10501/0~1f0c5a9be2d4470a`.

use hmac::Mac;

use crate::model::fingerprint::{self, FingerprintKey};

/// The separator between the key and its code. No key contains it.
const MARK: char = '~';

/// The length of a code in bytes: too many to guess through webhooks, and few in the queue.
const LENGTH: usize = 8;

/// A prefix that no fingerprint is made of.
const PURPOSE: &str = "casement callback";

/// Returns the ledger key `key` with its code under the installed fingerprint key. Without one
/// there is no code, and nobody trusts the key.
#[must_use]
pub fn sealed(key: &str) -> String {
    fingerprint::installed().map_or_else(|| key.to_owned(), |secret| sealed_under(secret, key))
}

/// Does the same as [`sealed`], under a key of the caller's.
#[must_use]
pub fn sealed_under(secret: &FingerprintKey, key: &str) -> String {
    match secret.mac(&[PURPOSE, key]) {
        Some(mac) => {
            let code = mac.finalize().into_bytes();
            format!("{key}{MARK}{}", hex::encode(&code[..LENGTH]))
        }
        None => key.to_owned(),
    }
}

/// Returns the ledger key in `data`, if its code was made under the installed fingerprint key.
#[must_use]
pub fn opened(data: &str) -> Option<&str> {
    opened_under(fingerprint::installed()?, data)
}

fn opened_under<'a>(secret: &FingerprintKey, data: &'a str) -> Option<&'a str> {
    let (key, digits) = data.rsplit_once(MARK)?;
    let code_of_data: [u8; LENGTH] = hex::decode(digits).ok()?.try_into().ok()?;
    let code = secret.mac(&[PURPOSE, key])?;
    code.verify_truncated_left(&code_of_data)
        .is_ok()
        .then_some(key)
}

/// Returns the ledger key in `data`, whoever made it: for checking its form, not for trusting it.
#[must_use]
pub fn key_in(data: &str) -> &str {
    data.rsplit_once(MARK).map_or(data, |(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_has_the_key_makes_data_that_is_believed() {
        let [ours, theirs] =
            ["a", "b"].map(|letter| FingerprintKey::new(&letter.repeat(32)).unwrap());
        let good = sealed_under(&ours, "comment:20002/0");
        assert_eq!(good.len(), "comment:20002/0".len() + 1 + 2 * LENGTH);
        assert_eq!(key_in(&good), "comment:20002/0");
        let foreign = sealed_under(&theirs, "comment:20002/0");
        let another = format!("comment:20003/0{}", &good["comment:20002/0".len()..]);
        for (data, expected) in [
            (&*good, Some("comment:20002/0")),
            (&foreign, None),
            (&another, None),
            (&good[..good.len() - 2], None),
            ("comment:20002/0", None),
            ("comment:20002/0~", None),
            ("comment:20002/0~zz", None),
            ("", None),
        ] {
            assert_eq!(opened_under(&ours, data), expected, "{data}");
        }
        assert_eq!(opened(&sealed("comment:20002/0")), Some("comment:20002/0"));
        assert_eq!(opened(&good), None);
    }

    /// The code is no fingerprint of anything: what is made for one purpose serves no other.
    #[test]
    fn the_code_is_as_a_fingerprint_of_the_purpose_and_the_key() {
        let key = FingerprintKey::new(&"0123456789abcdef".repeat(4)).unwrap();
        let data = sealed_under(&key, "comment:1/0");
        let code = key.of(&[PURPOSE, "comment:1/0"]);
        assert_eq!(data, format!("comment:1/0~{}", &code[..2 * LENGTH]));
    }
}
