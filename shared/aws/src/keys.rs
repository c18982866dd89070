//! The keys of all items in the table. Only this file builds keys.
//!
//! | item | `pk` | `sk` |
//! |---|---|---|
//! | conversation | `CONV#<phone_number_id>#<customer>` | `STATE` |
//! | held reply | as its conversation | `HELD#<created>#<comment id>` |
//! | alias | `ALIAS#<phone_number_id>#<identifier>` | `ALIAS` |
//! | issue link | `ISSUE#<issue id>` | `CONV` |
//! | ledger, a message by WhatsApp's id | `MSG#<hash of the wamid>` | `MSG` |
//! | ledger, what we send | `OUT#<source>` | `<part>` |
//! | ledger, a note that several may be writing | `NOTE#<occasion>` | `NOTE` |
//! | change of templates | `TEMPLATES#<business account id>` | `CHANGE` |
//! | settings | `SETTINGS` | `SETTINGS` |
//! | how far Jira was looked through | `RECONCILIATION` | `CURSOR` |
//! | last sighting of a door for Jira, or of another sender | `DOOR#<what>` | `USED` |
//!
//! Entries of the ledger by WhatsApp's id have the attribute `kind`: `received`, `sent`, or
//! `identity_change`. The key says what every other item is.
//!
//! A key of two parts escapes each `#` in the first, so that the second may hold any.

use std::fmt::Display;

use casement_core::model::identity::{BusinessAccountId, ConversationKey, IssueId, PhoneNumberId};
use casement_core::model::ledger::{LedgerKey, OutboundSource};
use casement_core::model::private::Private;
use casement_core::model::sighting::Sighting;
use casement_service::ports::HeldReply;
use chrono::SecondsFormat;

/// Attribute of the partition key.
pub const PK: &str = "pk";

/// Attribute of the sort key.
pub const SK: &str = "sk";

/// Attribute after which DynamoDB may delete an item, in epoch seconds.
pub const EXPIRES_AT: &str = "expires_at";

/// The index of due items: timers of conversations, and messages that should be settled by then.
pub const DUE_INDEX: &str = "due";

/// Partition key of [`DUE_INDEX`]. Only conversations with a timer have it, and ledger entries of
/// customers' messages until they are settled.
pub const DUE_SHARD: &str = "due_shard";

/// Sort key of [`DUE_INDEX`], in epoch seconds.
pub const DUE_AT: &str = "due_at";

/// The beginning of every held reply's sort key.
pub(crate) const HELD_PREFIX: &str = "HELD#";

/// The kind of an item, by its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// The state of a conversation.
    Conversation,
    /// A reply that waits for the window.
    HeldReply,
    /// Another identifier of a customer.
    Alias,
    /// The link from a request to its conversation.
    IssueLink,
    /// The ledger entry of a message by WhatsApp's id.
    Message,
    /// The ledger entry of something that we send.
    Sent,
    /// The ledger entry of an internal note.
    Note,
    /// The time of a business account's last template change.
    TemplateChange,
    /// The owner's settings.
    Settings,
    /// How far Jira was searched.
    Reconciliation,
    /// The time at which something was last seen.
    Sighting,
}

impl ItemKind {
    /// Every kind of item in the table.
    pub const ALL: [Self; 11] = [
        Self::Conversation,
        Self::HeldReply,
        Self::Alias,
        Self::IssueLink,
        Self::Message,
        Self::Sent,
        Self::Note,
        Self::TemplateChange,
        Self::Settings,
        Self::Reconciliation,
        Self::Sighting,
    ];

    /// Returns the beginning of such an item's partition key.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Conversation | Self::HeldReply => "CONV#",
            Self::Alias => "ALIAS#",
            Self::IssueLink => "ISSUE#",
            Self::Message => "MSG#",
            Self::Sent => "OUT#",
            Self::Note => "NOTE#",
            Self::TemplateChange => "TEMPLATES#",
            Self::Settings => "SETTINGS",
            Self::Reconciliation => "RECONCILIATION",
            Self::Sighting => "DOOR#",
        }
    }

    /// Returns the kind of the item with this key, and the rest of its partition key after the
    /// prefix.
    #[must_use]
    pub fn of<'a>(pk: &'a str, sk: &str) -> Option<(Self, &'a str)> {
        let kind = Self::ALL.into_iter().find(|kind| {
            let is_held = sk.starts_with(HELD_PREFIX);
            pk.starts_with(kind.prefix())
                && match kind {
                    Self::Conversation => !is_held,
                    Self::HeldReply => is_held,
                    _ => true,
                }
        })?;
        Some((kind, pk.strip_prefix(kind.prefix())?))
    }

    fn pk(self, rest: impl Display) -> String {
        format!("{}{rest}", self.prefix())
    }
}

/// The key of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemKey {
    /// Partition key.
    pub pk: Private<String>,
    /// Sort key.
    pub sk: String,
}

impl ItemKey {
    fn new(pk: String, sk: impl Into<String>) -> Self {
        Self {
            pk: pk.into(),
            sk: sk.into(),
        }
    }
}

/// The state of a conversation.
#[must_use]
pub fn conversation(key: &ConversationKey) -> ItemKey {
    ItemKey::new(conversation_pk(key), "STATE")
}

/// Returns the partition of a conversation and its held replies.
#[must_use]
pub fn conversation_pk(key: &ConversationKey) -> String {
    let number = escaped(key.phone_number_id.as_str());
    ItemKind::Conversation.pk(format_args!("{number}#{}", key.customer))
}

/// Returns the conversation that owns this partition, if any.
#[must_use]
pub fn conversation_of_pk(pk: &str) -> Option<ConversationKey> {
    let prefix = ItemKind::Conversation.prefix();
    let (number, customer) = pk.strip_prefix(prefix)?.split_once('#')?;
    let number = PhoneNumberId::new(unescaped(number));
    Some(ConversationKey::new(&number, customer))
}

/// A held reply. Within a conversation keys sort by the time of the comment in milliseconds, Jira's
/// precision, and then by the comment's number.
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
    let pk = ItemKind::Alias.pk(format_args!("{number}#{identifier}"));
    ItemKey::new(pk, "ALIAS")
}

/// The link from an issue to its conversation.
#[must_use]
pub fn issue(issue: &IssueId) -> ItemKey {
    ItemKey::new(ItemKind::IssueLink.pk(issue.as_str()), "CONV")
}

/// An entry of the ledger.
#[must_use]
pub fn ledger(key: &LedgerKey) -> ItemKey {
    match key {
        LedgerKey::Message(wamid) => ItemKey::new(ItemKind::Message.pk(wamid.fingerprint()), "MSG"),
        LedgerKey::Outbound(key) => ItemKey::new(outbound_pk(&key.source), key.part.to_string()),
        LedgerKey::Note(key) => ItemKey::new(ItemKind::Note.pk(&key.0), "NOTE"),
    }
}

/// Returns the partition of all parts of something that we send.
#[must_use]
pub fn outbound_pk(source: &OutboundSource) -> String {
    ItemKind::Sent.pk(source)
}

/// The time of a business account's last template change.
#[must_use]
pub fn template_change(account: &BusinessAccountId) -> ItemKey {
    ItemKey::new(ItemKind::TemplateChange.pk(account.as_str()), "CHANGE")
}

/// The owner's settings.
#[must_use]
pub fn settings() -> ItemKey {
    ItemKey::new(ItemKind::Settings.pk(""), "SETTINGS")
}

/// How far Jira was searched for comments whose webhook never came.
#[must_use]
pub fn reconciliation() -> ItemKey {
    ItemKey::new(ItemKind::Reconciliation.pk(""), "CURSOR")
}

/// The time at which something was last seen.
#[must_use]
pub fn sighting(what: Sighting) -> ItemKey {
    ItemKey::new(ItemKind::Sighting.pk(what.as_str()), "USED")
}

fn escaped(part: &str) -> String {
    part.replace('%', "%25").replace('#', "%23")
}

fn unescaped(part: &str) -> String {
    part.replace("%23", "#").replace("%25", "%")
}

#[cfg(test)]
mod tests {
    use casement_core::model::identity::{CommentId, Wamid};
    use casement_core::model::ledger::{NoteKey, OutboundKey};
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
            by_rule: false,
        }
    }

    #[test]
    fn keys_are_as_documented() {
        let number = PhoneNumberId::new("1065");
        let key = ConversationKey::new(&number, "DE.7");
        let notice = OutboundKey::notice(&key, 3);
        let items = [
            (conversation(&key), ("CONV#1065#DE.7", "STATE")),
            (alias(&number, "49151"), ("ALIAS#1065#49151", "ALIAS")),
            (issue(&IssueId::new("10001")), ("ISSUE#10001", "CONV")),
            (
                ledger(&LedgerKey::Message(Wamid::new("wamid.A=="))),
                ("MSG#91787351450b2580520727dd1445db75", "MSG"),
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
                ledger(&LedgerKey::Note(NoteKey("failed:comment:10100".to_owned()))),
                ("NOTE#failed:comment:10100", "NOTE"),
            ),
            (
                held_reply(&key, &held(1_790_000_000_042, "10100")),
                (
                    "CONV#1065#DE.7",
                    "HELD#2026-09-21T14:13:20.042Z#00000000000000010100",
                ),
            ),
            (
                template_change(&BusinessAccountId::new("1022")),
                ("TEMPLATES#1022", "CHANGE"),
            ),
            (settings(), ("SETTINGS", "SETTINGS")),
            (reconciliation(), ("RECONCILIATION", "CURSOR")),
            (
                sighting(Sighting::AnotherSender),
                ("DOOR#another_sender", "USED"),
            ),
        ];
        let mut kinds: Vec<_> = items
            .iter()
            .map(|(item, _)| ItemKind::of(&item.pk, &item.sk).unwrap().0)
            .collect();
        for (item, expected) in &items {
            assert_eq!(pair(item), *expected);
        }
        kinds.sort();
        kinds.dedup();
        assert_eq!(kinds, ItemKind::ALL);
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
