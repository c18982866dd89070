//! The identities of the people who talk: newtypes for the identifiers of WhatsApp and Jira.
//!
//! Types that identify a person print nothing with `{:?}`; logs use
//! [`ConversationKey::fingerprint`].

mod assignee;
mod change;
mod customer;
mod phone;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::assignee::Assignee;
pub use self::change::IdentityChange;
pub use self::customer::CustomerIdentity;
pub use self::phone::NotAPhoneNumber;
use crate::model::fingerprint;
use crate::model::private::Private;

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        identifier!(@common $name);
    };
    (personal $(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Private<String>);

        identifier!(@common $name);
    };
    (@common $name:ident) => {
        impl $name {
            /// Takes the identifier as the provider wrote it.
            pub fn new(value: impl Into<String>) -> Self {
                Self(value.into().into())
            }

            /// Returns the identifier as the provider wrote it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

identifier! {
    /// Meta's id of a business phone number (`metadata.phone_number_id`): digits, but not a phone
    /// number.
    PhoneNumberId
}
identifier! {
    /// Meta's id of a WhatsApp Business Account, which owns numbers and templates (`entry[].id` of
    /// webhooks).
    BusinessAccountId
}
identifier! {
    personal
    /// WhatsApp's id of one message (`wamid.…`). It is opaque, but encodes the customer's number.
    Wamid
}
identifier! {
    /// Jira's numeric id of an issue, as a string. Unlike the key it survives a move.
    IssueId
}
identifier! {
    /// Jira's id of a comment.
    CommentId
}
identifier! {
    /// Jira's id of an attachment.
    AttachmentId
}
identifier! {
    /// Meta's id of an uploaded file.
    MediaId
}
identifier! {
    /// An Atlassian account id.
    AccountId
}
identifier! {
    personal
    /// A business-scoped user id (`CC.…`): Meta's identity of a customer within one business
    /// portfolio.
    Bsuid
}
identifier! {
    personal
    /// A customer's phone number: digits with the country code, without `+`.
    PhoneNumber
}

impl Bsuid {
    /// Returns whether Meta accepts it as a `recipient`: a country code, a dot, and letters and
    /// digits, with another dot in a parent id (Cloud API, "Business-scoped user IDs"). Webhooks
    /// have carried other values in its place.
    #[must_use]
    pub fn is_well_formed(&self) -> bool {
        let Some((country, rest)) = self.0.split_once('.') else {
            return false;
        };
        country.len() == 2
            && country.bytes().all(|byte| byte.is_ascii_uppercase())
            && !rest.is_empty()
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.')
    }
}

impl Wamid {
    /// Returns 32 hex digits that stand for the message in names, ids and keys. A wamid itself
    /// contains the customer's number, and characters that SQS and file systems refuse.
    ///
    /// The hash is unkeyed, so that a lost [`fingerprint`] key does not make the ledger forget
    /// anything. Besides the number, a wamid has at least 64 random bits, which nobody can guess.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint::unkeyed(self.as_str())
    }

    /// Creates an id for an `event` of a conversation, such as `handover:1790000000`, for which
    /// WhatsApp has none. It stands for the customer under the deployment's key, since nothing in it
    /// is random.
    #[must_use]
    pub fn of_event(conversation: &ConversationKey, event: &str) -> Self {
        Self::new(format!("{event}:{}", conversation.fingerprint()))
    }

    /// Creates the id under which the echo of this message is handled. The id itself may be that of
    /// a message of ours, whose entry must stay.
    #[must_use]
    pub fn of_echo(&self) -> Self {
        Self::new(format!("{}{ECHO}", self.as_str()))
    }

    /// Returns the id of the message that this is the echo of, if it is one.
    #[must_use]
    pub fn echoed(&self) -> Option<Self> {
        let (echoed, _) = self.as_str().split_once(ECHO)?;
        Some(Self::new(echoed))
    }

    /// Returns whether the id is that of a message, which can be marked as read and answered. Calls
    /// (Cloud API, "Calling API": `wacid.…`) and hand-overs cannot.
    #[must_use]
    pub fn is_of_a_message(&self) -> bool {
        let others = ["wacid.", "handover:"];
        !others.iter().any(|other| self.as_str().starts_with(other))
    }
}

/// The mark of an echo's id. No id of Meta's has a `#`.
const ECHO: &str = "#echo";

/// How many digits are shown of a number that may belong to somebody else.
const SHOWN_DIGITS: usize = 3;

impl PhoneNumber {
    /// Returns the last digits. People who know the number recognize it; others learn nothing.
    #[must_use]
    pub fn masked(&self) -> String {
        let digits = self.as_str();
        let hidden = digits.chars().count().saturating_sub(SHOWN_DIGITS);
        let shown: String = digits.chars().skip(hidden).collect();
        format!("…{shown}")
    }

    /// Returns the number with the `+` that Meta wants in `to`. Without it Meta would prepend the
    /// business number's own country code (Cloud API, "Send messages").
    #[must_use]
    pub fn e164(&self) -> String {
        format!("+{}", self.as_str())
    }
}

/// A Jira issue: its id for calls, its key for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueRef {
    /// The numeric id.
    pub id: IssueId,
    /// The key, for example `SUP-7`. Changes when the issue is moved.
    pub key: String,
}

/// The address of a message (`to` or `recipient` of a send).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    Phone(PhoneNumber),
    /// A business-scoped user id.
    Bsuid(Bsuid),
}

/// One conversation: a business number and a customer.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ConversationKey {
    /// The business number.
    pub phone_number_id: PhoneNumberId,
    /// The customer's BSUID, else the phone number: the identifier that was preferred when the
    /// conversation began.
    pub customer: String,
}

impl ConversationKey {
    /// Creates the key under which a customer's `identifier` is filed at `phone_number_id`.
    pub fn new(phone_number_id: &PhoneNumberId, identifier: impl Into<String>) -> Self {
        Self {
            phone_number_id: phone_number_id.clone(),
            customer: identifier.into(),
        }
    }

    /// Returns the identifier that the conversation began with. If a former owner of the identifier
    /// has a conversation, the key of the next owner's ends in `~` and a number.
    #[must_use]
    pub fn identifier(&self) -> &str {
        let (identifier, _) = self
            .customer
            .split_once('~')
            .unwrap_or((&self.customer, ""));
        identifier
    }

    /// Returns twenty hex digits that stand for the conversation in logs and ids. Without the key
    /// nobody can trace them to the customer.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint::of(&self.parts())
    }

    fn parts(&self) -> [&str; 2] {
        [self.phone_number_id.as_str(), &self.customer]
    }
}

impl fmt::Debug for ConversationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fingerprint = fingerprint::known(&self.parts());
        write!(f, "ConversationKey({})", fingerprint.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
