//! A customer who has another phone number or another BSUID from now on.

use chrono::serde::ts_seconds;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::conversation::Conversation;
use crate::identity::{ConversationKey, CustomerIdentity, PhoneNumber, PhoneNumberId, Wamid};
use crate::notes::Note;

/// How many digits of a number that is given up agents still see.
const SHOWN_DIGITS: usize = 3;

/// What WhatsApp says of a customer whose identifiers have changed. It is no message of the
/// customer: it opens neither a request nor the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityChange {
    /// The business number that was told.
    pub phone_number_id: PhoneNumberId,
    /// WhatsApp's id of the system message.
    pub wamid: Wamid,
    /// What the customer had.
    pub former: CustomerIdentity,
    /// What the customer has.
    pub new: CustomerIdentity,
    /// When, by WhatsApp's clock.
    #[serde(with = "ts_seconds")]
    pub changed_at: DateTime<Utc>,
}

/// What becomes of a conversation whose customer has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangePlan {
    /// The conversation to be saved.
    pub conversation: Conversation,
    /// The identifiers that are to lead to it.
    pub aliases: Vec<String>,
    /// What its request is told.
    pub note: Note,
}

/// Decides what becomes of the conversation of the former identity.
///
/// It keeps its key and its window. A former identifier is not kept beside a new one: a BSUID
/// ends with its phone number, and a number is given to somebody else. May be repeated.
#[must_use]
pub fn decide_identity_change(
    mut conversation: Conversation,
    change: &IdentityChange,
) -> ChangePlan {
    conversation.identity = change.new.clone();
    let own = conversation.key.customer.as_str();
    let aliases = change.new.identifiers().filter(|new| *new != own);
    ChangePlan {
        aliases: aliases.map(str::to_owned).collect(),
        note: Note::IdentityChanged {
            now: change.new.display(),
            before: change.former.phone().map(masked),
        },
        conversation,
    }
}

/// The key that the queue keeps the order of a customer by.
#[must_use]
pub fn former_key(change: &IdentityChange) -> ConversationKey {
    let former = change.former.identifiers().next().unwrap_or_default();
    ConversationKey::new(&change.phone_number_id, former)
}

/// A number that may belong to somebody else by now.
fn masked(phone: &PhoneNumber) -> String {
    let digits = phone.as_str();
    let hidden = digits.chars().count().saturating_sub(SHOWN_DIGITS);
    let shown: String = digits.chars().skip(hidden).collect();
    format!("…{shown}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Bsuid;

    fn identity(bsuid: Option<&str>, phone: Option<&str>) -> CustomerIdentity {
        CustomerIdentity::new(bsuid.map(Bsuid::new), phone.map(PhoneNumber::new)).unwrap()
    }

    #[test]
    fn the_conversation_keeps_its_key_and_gets_the_new_identifiers() {
        for (case, former, new, aliases, before) in [
            (
                "number",
                (None, Some("4915112345678")),
                (None, Some("4915187654321")),
                vec!["4915187654321"],
                Some("…678"),
            ),
            (
                "both",
                (Some("DE.1"), Some("4915112345678")),
                (Some("DE.2"), Some("4915187654321")),
                vec!["DE.2", "4915187654321"],
                Some("…678"),
            ),
            (
                "BSUID",
                (Some("DE.1"), None),
                (Some("DE.2"), None),
                vec!["DE.2"],
                None,
            ),
            (
                "short",
                (None, Some("12")),
                (None, Some("13")),
                vec!["13"],
                Some("…12"),
            ),
        ] {
            let number = PhoneNumberId::new("1065");
            let change = IdentityChange {
                phone_number_id: number,
                wamid: Wamid::new("wamid.S"),
                former: identity(former.0, former.1),
                new: identity(new.0, new.1),
                changed_at: DateTime::from_timestamp(1_790_000_000, 0).unwrap(),
            };
            let key = former_key(&change);
            let known = Conversation::new(key.clone(), change.former.clone());
            let plan = decide_identity_change(known, &change);
            assert_eq!(plan.conversation.key, key, "{case}");
            assert_eq!(plan.conversation.identity, change.new, "{case}");
            assert_eq!(plan.conversation.window_expires_at, None, "{case}");
            assert_eq!(plan.aliases, aliases, "{case}");
            let Note::IdentityChanged {
                now,
                before: hidden,
            } = &plan.note
            else {
                panic!("{case}")
            };
            assert_eq!(*now, change.new.display(), "{case}");
            assert_eq!(hidden.as_deref(), before, "{case}");
            let again = decide_identity_change(plan.conversation.clone(), &change);
            assert_eq!(again, plan, "{case}");
        }
    }
}
