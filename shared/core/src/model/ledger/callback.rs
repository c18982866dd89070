//! The callback data that goes along with a message of ours and comes back in its statuses
//! (`biz_opaque_callback_data`).
//!
//! Comment ids of two sites are the same numbers, and two deployments may share one of Meta's apps.
//! So the ledger key travels with a short code that only this deployment can make, such as
//! `comment:10501/0~1f0c5a9be2d4470a`.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The separator between the key and its code. No key contains it.
const MARK: char = '~';

/// The length of a code in bytes: too many to guess through webhooks, and few in the queue.
const LENGTH: usize = 8;

/// A prefix that nothing else signed with the secret has.
const PURPOSE: &[u8] = b"casement callback\0";

/// Returns the ledger key `key` with its code. Without a secret there is no code, and nobody trusts
/// the key.
#[must_use]
pub fn sealed(key: &str, secret: &str) -> String {
    match code(key, secret) {
        Some(mac) => {
            let code = mac.finalize().into_bytes();
            format!("{key}{MARK}{}", hex::encode(&code[..LENGTH]))
        }
        None => key.to_owned(),
    }
}

/// Returns the ledger key in `data`, if its code was made with one of `secrets`.
#[must_use]
pub fn opened<'a, 's>(
    data: &'a str,
    secrets: impl IntoIterator<Item = &'s str>,
) -> Option<&'a str> {
    let (key, digits) = data.rsplit_once(MARK)?;
    let code_of_data: [u8; LENGTH] = hex::decode(digits).ok()?.try_into().ok()?;
    let mut codes = secrets.into_iter().filter_map(|secret| code(key, secret));
    codes
        .any(|code| code.verify_truncated_left(&code_of_data).is_ok())
        .then_some(key)
}

/// Returns the ledger key in `data`, whoever made it: for checking its form, not for trusting it.
#[must_use]
pub fn key_in(data: &str) -> &str {
    data.rsplit_once(MARK).map_or(data, |(key, _)| key)
}

fn code(key: &str, secret: &str) -> Option<Hmac<Sha256>> {
    if secret.is_empty() {
        return None;
    }
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    Some(mac.chain_update(PURPOSE).chain_update(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_has_the_secret_makes_a_key_that_is_believed() {
        let ours = sealed("comment:20002/0", "ours");
        assert_eq!(ours.len(), "comment:20002/0".len() + 1 + 2 * LENGTH);
        assert_eq!(key_in(&ours), "comment:20002/0");
        let theirs = sealed("comment:20002/0", "theirs");
        let another = format!("comment:20003/0{}", &ours["comment:20002/0".len()..]);
        for (data, secrets, expected) in [
            (&*ours, &["ours"][..], Some("comment:20002/0")),
            (&ours, &["new", "ours"], Some("comment:20002/0")),
            (&ours, &["new"], None),
            (&ours, &[], None),
            (&ours, &[""], None),
            (&theirs, &["ours"], None),
            (&another, &["ours"], None),
            (&ours[..ours.len() - 2], &["ours"], None),
            ("comment:20002/0", &["ours"], None),
            ("comment:20002/0~", &["ours"], None),
            ("comment:20002/0~zz", &["ours"], None),
            ("", &["ours"], None),
        ] {
            let opened = opened(data, secrets.iter().copied());
            assert_eq!(opened, expected, "{data} {secrets:?}");
        }
        assert_eq!(sealed("comment:20002/0", ""), "comment:20002/0");
    }
}
