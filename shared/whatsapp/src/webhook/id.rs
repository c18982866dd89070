//! WhatsApp's message ids, in any form.

use casement_core::model::identity::Wamid;
use sha2::{Digest, Sha256};

use super::lenient::Written;

/// The longest id that stays as it is. WhatsApp's ids have about 60 characters; they become keys in
/// the table and properties in Jira, which have limits of their own.
const LONGEST: usize = 512;

/// Returns the id of a message, if there is one. An id that is not a short ASCII word becomes its
/// SHA-256, which is the same each time. So does an id with a `#`, which marks our own suffixes.
pub(super) fn wamid(written: Option<&Written>) -> Option<Wamid> {
    let text = written.and_then(Written::text)?;
    let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'#';
    let fits = text.len() <= LONGEST && text.bytes().all(is_plain);
    Some(if fits {
        Wamid::new(text)
    } else {
        Wamid::new(format!("sha256:{}", hex::encode(Sha256::digest(text))))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Option<String> {
        let wamid = wamid(Some(&Written::Text(text.to_owned())));
        wamid.map(|wamid| wamid.as_str().to_owned())
    }

    #[test]
    fn ids_are_kept_or_replaced_by_a_short_one() {
        let longest = "x".repeat(LONGEST);
        for kept in ["wamid.HBgM+/==", "wacid.1", "7", &longest] {
            assert_eq!(id(kept).as_deref(), Some(kept));
        }
        let longer = format!("{longest}x");
        for replaced in [&*longer, "two words", "ümlaut", "nul\u{0}", "wamid.1#2"] {
            let short = id(replaced).unwrap();
            assert!(short.starts_with("sha256:") && short.len() == 71, "{short}");
            assert_eq!(id(replaced), Some(short), "the same every time");
        }
        assert_ne!(id("two words"), id("two  words"));
        assert_eq!(id(" "), None);
        assert_eq!(wamid(None), None);
    }
}
