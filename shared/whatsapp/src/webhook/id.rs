//! WhatsApp's ids of messages, whatever they look like.

use casement_core::identity::Wamid;
use sha2::{Digest, Sha256};

use super::lenient::Written;

/// The longest id that is kept as it is. WhatsApp's own have about 60 characters; ids become keys
/// in the table and properties in Jira, which have limits of their own.
const LONGEST: usize = 512;

/// The id of a message. One that is no short ASCII word is replaced by its SHA-256, so that it
/// costs nothing but stays the same whenever it comes; so is one with a `#`, which marks what we
/// add ourselves. `None`: there is none.
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
