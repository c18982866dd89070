//! SQS's limits and formats.

use std::borrow::Cow;

use casement_core::model::fingerprint;
use sha2::{Digest, Sha256};

/// Entries in one `SendMessageBatch` (SQS API reference).
pub(super) const ENTRIES_PER_CALL: usize = 10;

/// The most bytes of one message, or of all messages in a batch (SQS developer guide, "Message
/// quotas"): 1 MiB.
pub(super) const LONGEST_BODY: usize = 1024 * 1024;

const LONGEST_ID: usize = 128;

/// Makes a group id that does not tell whose it is: those who may look at the queue see group ids
/// even without its messages.
pub(super) fn group_id(group: &str) -> String {
    fingerprint::of(&[group])
}

/// Makes a deduplication id: up to 128 letters, digits and punctuation marks of ASCII (SQS API
/// reference, `SendMessage`). Replaces any other id by its SHA-256.
pub(super) fn fifo_id(id: &str) -> Cow<'_, str> {
    let fits = (1..=LONGEST_ID).contains(&id.len());
    if fits && id.bytes().all(|byte| byte.is_ascii_graphic()) {
        Cow::Borrowed(id)
    } else {
        Cow::Owned(hex::encode(Sha256::digest(id)))
    }
}

/// Escapes the two characters that SQS refuses in a body although JSON allows them (SQS API
/// reference, `SendMessage`: `MessageBody`). A customer can type them, and one refused message
/// would hold up everything that comes with it. They occur only in strings, where the escape means
/// the same.
pub(super) fn sendable(json: String) -> String {
    if is_refused(json.as_bytes()) {
        json.replace('\u{FFFE}', r"\ufffe")
            .replace('\u{FFFF}', r"\uffff")
    } else {
        json
    }
}

/// Whether the text has one of the two characters. In UTF-8 both begin with the same two bytes, and
/// the first is rare: searching for that byte takes almost no time, while a search by characters
/// took more time than anything else in a large webhook.
fn is_refused(text: &[u8]) -> bool {
    let is_one = |bytes: &[u8]| matches!(bytes, [0xEF, 0xBF, 0xBE | 0xBF]);
    text.contains(&0xEF) && text.windows(3).any(is_one)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_keeps_its_messages_together_and_names_nobody() {
        let group = group_id("1065:4915112345678");
        assert_eq!(group, group_id("1065:4915112345678"));
        assert_ne!(group, group_id("1065:4915112345679"));
        for part in ["1065", "49151", ":"] {
            assert!(!group.contains(part), "{group}");
        }
        assert_eq!(fifo_id(&group), group);
    }

    #[test]
    fn ids_that_sqs_refuses_are_replaced() {
        let long = "x".repeat(LONGEST_ID + 1);
        for (id, kept) in [
            ("10001", true),
            ("release:0123456789abcdef0123", true),
            (&long[1..], true),
            (&long, false),
            ("", false),
            ("two words", false),
            ("ümlaut", false),
            ("line\nbreak", false),
        ] {
            let sent = fifo_id(id);
            assert_eq!(sent == id, kept, "{id:?}");
            assert!((1..=LONGEST_ID).contains(&sent.len()), "{id:?}");
            assert!(sent.bytes().all(|byte| byte.is_ascii_graphic()), "{id:?}");
        }
        assert_ne!(fifo_id("two words"), fifo_id("two  words"));
    }

    #[test]
    fn characters_that_sqs_refuses_are_escaped() {
        for (text, kept) in [
            ("a\u{FFFE}b\u{FFFF}c\u{1F44D}\n\u{7f}", false),
            ("\u{FFFF}", false),
            ("plain", true),
            ("\u{FFFD}\u{FF0C}\u{1FFFE}", true),
            ("", true),
        ] {
            let json = serde_json::to_string(text).unwrap();
            let sent = sendable(json.clone());
            assert_eq!(sent == json, kept, "{text:?}");
            assert!(
                sent.chars()
                    .all(|c| c >= ' ' && c != '\u{FFFE}' && c != '\u{FFFF}')
            );
            assert_eq!(serde_json::from_str::<String>(&sent).unwrap(), text);
        }
    }
}
