//! The key of every item in the table. Nothing else builds one.
//!
//! | item | `pk` | `sk` |
//! |---|---|---|
//! | conversation | `CONV#<phone_number_id>#<customer>` | `STATE` |
//! | held reply | as its conversation | `HELD#<created>#<comment id>` |
//! | alias | `ALIAS#<phone_number_id>#<identifier>` | `ALIAS` |
//! | issue link | `ISSUE#<issue id>` | `CONV` |
//! | ledger, a message by WhatsApp's id | `MSG#<wamid>` | `MSG` |
//! | ledger, what we send | `OUT#<source>` | `<part>` |
//! | settings | `SETTINGS` | `SETTINGS` |
//! | how far Jira was looked through | `RECONCILIATION` | `CURSOR` |
//!
//! In a key of two parts the first has its `#` escaped, so that the second may hold any.

use casement_core::identity::{ConversationKey, IssueId, PhoneNumberId};
use casement_core::ledger::LedgerKey;
use casement_service::ports::HeldReply;
use chrono::SecondsFormat;

/// Attribute of the partition key.
pub const PK: &str = "pk";

/// Attribute of the sort key.
pub const SK: &str = "sk";

/// Attribute after which DynamoDB may delete an item, in epoch seconds.
pub const EXPIRES_AT: &str = "expires_at";

/// The index of timers that are due.
pub const DUE_INDEX: &str = "due";

/// Partition key of [`DUE_INDEX`]. Only items with a timer have it.
pub const DUE_SHARD: &str = "due_shard";

/// Sort key of [`DUE_INDEX`], in epoch seconds.
pub const DUE_AT: &str = "due_at";

/// What the sort key of every held reply begins with.
pub const HELD_PREFIX: &str = "HELD#";

const CONVERSATION_PREFIX: &str = "CONV#";

/// Where an item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemKey {
    /// Partition key.
    pub pk: String,
    /// Sort key.
    pub sk: String,
}

impl ItemKey {
    fn new(pk: String, sk: impl Into<String>) -> Self {
        Self { pk, sk: sk.into() }
    }
}

/// The state of a conversation.
#[must_use]
pub fn conversation(key: &ConversationKey) -> ItemKey {
    ItemKey::new(conversation_pk(key), "STATE")
}

/// The partition of a conversation and its held replies.
#[must_use]
pub fn conversation_pk(key: &ConversationKey) -> String {
    let number = escaped(key.phone_number_id.as_str());
    format!("{CONVERSATION_PREFIX}{number}#{}", key.customer)
}

/// The conversation whose partition this is; `None` when it is none's.
#[must_use]
pub fn conversation_of_pk(pk: &str) -> Option<ConversationKey> {
    let (number, customer) = pk.strip_prefix(CONVERSATION_PREFIX)?.split_once('#')?;
    let number = PhoneNumberId::new(unescaped(number));
    Some(ConversationKey::new(&number, customer))
}

/// A held reply. The keys of a conversation sort as its comments were written, in
/// milliseconds, which is as exact as Jira is; among equals by the number of the comment.
#[must_use]
pub fn held_reply(conversation: &ConversationKey, reply: &HeldReply) -> ItemKey {
    let created = reply.created.to_rfc3339_opts(SecondsFormat::Millis, true);
    let comment = reply.comment_id.as_str();
    ItemKey::new(
        conversation_pk(conversation),
        format!("{HELD_PREFIX}{created}#{comment:0>20}"),
    )
}

/// Another identifier of a customer.
#[must_use]
pub fn alias(number: &PhoneNumberId, identifier: &str) -> ItemKey {
    let number = escaped(number.as_str());
    ItemKey::new(format!("ALIAS#{number}#{identifier}"), "ALIAS")
}

/// The link from an issue to its conversation.
#[must_use]
pub fn issue(issue: &IssueId) -> ItemKey {
    ItemKey::new(format!("ISSUE#{}", issue.as_str()), "CONV")
}

/// An entry of the ledger.
#[must_use]
pub fn ledger(key: &LedgerKey) -> ItemKey {
    match key {
        LedgerKey::Message(wamid) => ItemKey::new(format!("MSG#{}", wamid.as_str()), "MSG"),
        LedgerKey::Outbound(key) => {
            ItemKey::new(format!("OUT#{}", key.source), key.part.to_string())
        }
    }
}

/// The owner's settings.
#[must_use]
pub fn settings() -> ItemKey {
    ItemKey::new("SETTINGS".to_owned(), "SETTINGS")
}

/// How far Jira was looked through for comments that never came by webhook.
#[must_use]
pub fn reconciliation() -> ItemKey {
    ItemKey::new("RECONCILIATION".to_owned(), "CURSOR")
}

fn escaped(part: &str) -> String {
    part.replace('%', "%25").replace('#', "%23")
}

fn unescaped(part: &str) -> String {
    part.replace("%23", "#").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use casement_core::identity::{CommentId, Wamid};
    use casement_core::ledger::OutboundKey;
    use chrono::{DateTime, Duration};

    use super::*;

    fn pair(key: &ItemKey) -> (&str, &str) {
        (&key.pk, &key.sk)
    }

    fn held(created_ms: i64, comment: &str) -> HeldReply {
        let created = DateTime::from_timestamp_millis(created_ms).unwrap();
        HeldReply {
            comment_id: CommentId::new(comment),
            issue_id: IssueId::new("10001"),
            created,
            held_since: created + Duration::seconds(1),
        }
    }

    #[test]
    fn keys_are_as_documented() {
        let number = PhoneNumberId::new("1065");
        let key = ConversationKey::new(&number, "DE.7");
        let notice = OutboundKey::notice(&key, 3);
        for (item, expected) in [
            (conversation(&key), ("CONV#1065#DE.7", "STATE")),
            (alias(&number, "49151"), ("ALIAS#1065#49151", "ALIAS")),
            (issue(&IssueId::new("10001")), ("ISSUE#10001", "CONV")),
            (
                ledger(&LedgerKey::Message(Wamid::new("wamid.A=="))),
                ("MSG#wamid.A==", "MSG"),
            ),
            (
                ledger(&LedgerKey::Outbound(OutboundKey::comment(
                    &CommentId::new("10100"),
                    2,
                ))),
                ("OUT#comment:10100", "2"),
            ),
            (
                ledger(&LedgerKey::Outbound(notice)),
                (&*format!("OUT#notice:{}:3", key.fingerprint()), "0"),
            ),
            (
                held_reply(&key, &held(1_790_000_000_042, "10100")),
                (
                    "CONV#1065#DE.7",
                    "HELD#2026-09-21T14:13:20.042Z#00000000000000010100",
                ),
            ),
            (settings(), ("SETTINGS", "SETTINGS")),
            (reconciliation(), ("RECONCILIATION", "CURSOR")),
        ] {
            assert_eq!(pair(&item), expected);
        }
    }

    #[test]
    fn conversations_come_back_from_their_partition() {
        for (number, customer) in [
            ("1065", "49151"),
            ("1065", "DE.7"),
            ("1065", "a#b##c"),
            ("10#65", "#"),
            ("10%2365", "49151"),
            ("%#%23", "%23#%25"),
            ("", ""),
        ] {
            let key = ConversationKey::new(&PhoneNumberId::new(number), customer);
            let pk = conversation_pk(&key);
            let back = conversation_of_pk(&pk);
            assert!(back == Some(key), "{pk}");
        }
    }

    #[test]
    fn no_two_conversations_share_a_partition() {
        let key = |number: &str, customer: &str| {
            conversation_pk(&ConversationKey::new(&PhoneNumberId::new(number), customer))
        };
        assert_ne!(key("1#2", "3"), key("1", "2#3"));
        assert_ne!(key("1%232", "3"), key("1#2", "3"));
    }

    #[test]
    fn foreign_partitions_are_nobodys() {
        for pk in ["", "CONV#1065", "ISSUE#1#2", "conv#1065#49151"] {
            assert!(conversation_of_pk(pk).is_none(), "{pk}");
        }
    }

    #[test]
    fn held_replies_sort_as_they_were_written() {
        let conversation = ConversationKey::new(&PhoneNumberId::new("1065"), "49151");
        let order = [
            held(1_790_000_000_009, "30000"),
            held(1_790_000_000_010, "9"),
            held(1_790_000_000_010, "10"),
            held(1_790_000_000_100, "2"),
            held(1_790_000_001_000, "1"),
        ]
        .map(|reply| held_reply(&conversation, &reply).sk);
        assert!(order.is_sorted(), "{order:?}");
    }
}
