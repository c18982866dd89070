//! The identities of the people who talk: newtypes for the identifiers of WhatsApp and Jira.
//!
//! Types that identify a person print nothing with `{:?}`; logs use
//! [`ConversationKey::fingerprint`].

mod assignee;
mod change;
mod phone;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::assignee::Assignee;
pub use self::change::IdentityChange;
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
        self.as_str().strip_suffix(ECHO).map(Self::new)
    }

    /// Returns whether the id is that of a message, which can be marked as read and answered. A call
    /// has an id of another form (Cloud API, "Calling API": `wacid.…`).
    #[must_use]
    pub fn is_of_a_message(&self) -> bool {
        !self.as_str().starts_with("wacid.")
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

/// The known identifiers of a customer. At least one is set, unless the customer gave up all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerIdentity {
    bsuid: Option<Bsuid>,
    phone: Option<PhoneNumber>,
    /// The phone number as an agent wrote it, if WhatsApp spells it differently.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    spelled: Option<PhoneNumber>,
}

impl CustomerIdentity {
    /// Returns `None` if neither is known: such a message has no sender to reply to.
    #[must_use]
    pub fn new(bsuid: Option<Bsuid>, phone: Option<PhoneNumber>) -> Option<Self> {
        (bsuid.is_some() || phone.is_some()).then_some(Self {
            bsuid,
            phone,
            spelled: None,
        })
    }

    /// Creates the identity of a customer who has no known identifier left.
    #[must_use]
    pub fn gone() -> Self {
        Self {
            bsuid: None,
            phone: None,
            spelled: None,
        }
    }

    /// Creates the identity of a customer known only by a phone number.
    #[must_use]
    pub fn of_phone(phone: PhoneNumber) -> Self {
        Self {
            bsuid: None,
            phone: Some(phone),
            spelled: None,
        }
    }

    /// Sets the spelling of the number that WhatsApp uses. The former spelling still leads to the
    /// customer.
    #[must_use]
    pub fn written_as(self, phone: PhoneNumber) -> Self {
        let former = self.phone.filter(|former| *former != phone);
        Self {
            bsuid: self.bsuid,
            phone: Some(phone),
            spelled: former.or(self.spelled),
        }
    }

    /// Replaces the customer's number by `phone`.
    #[must_use]
    pub fn now_at(&self, phone: &PhoneNumber) -> Self {
        if self.phone.as_ref() == Some(phone) {
            return self.clone();
        }
        if self.spelled.as_ref() == Some(phone) {
            return self.clone().written_as(phone.clone());
        }
        Self {
            bsuid: self.bsuid.clone(),
            phone: Some(phone.clone()),
            spelled: None,
        }
    }

    /// Returns whether `identifier` is one of this customer's.
    #[must_use]
    pub fn has(&self, identifier: &str) -> bool {
        self.identifiers().any(|own| own == identifier)
    }

    #[must_use]
    pub fn phone(&self) -> Option<&PhoneNumber> {
        self.phone.as_ref()
    }

    /// Returns the business-scoped user id, if known.
    #[must_use]
    pub fn bsuid(&self) -> Option<&Bsuid> {
        self.bsuid.as_ref()
    }

    /// Returns every identifier that the customer may be filed under, the preferred one first.
    pub fn identifiers(&self) -> impl Iterator<Item = &str> {
        let bsuid = self.bsuid.as_ref().map(Bsuid::as_str);
        let phone = self.phone.as_ref().map(PhoneNumber::as_str);
        let spelled = self.spelled.as_ref().map(PhoneNumber::as_str);
        bsuid.into_iter().chain(phone).chain(spelled)
    }

    /// Returns the address for messages to this customer: the phone number if known, else the
    /// BSUID. Never both, since `to` would override `recipient`. Returns `None` if Meta would
    /// accept neither.
    #[must_use]
    pub fn recipient(&self) -> Option<Recipient> {
        self.phone.clone().map(Recipient::Phone).or_else(|| {
            let bsuid = self.bsuid.as_ref().filter(|bsuid| bsuid.is_well_formed());
            bsuid.cloned().map(Recipient::Bsuid)
        })
    }

    /// Fills the gaps in this identity from a newer one. Known identifiers stay: conflicting
    /// identities are not merged.
    #[must_use]
    pub fn completed_by(&self, newer: &Self) -> Self {
        Self {
            bsuid: self.bsuid.clone().or_else(|| newer.bsuid.clone()),
            phone: self.phone.clone().or_else(|| newer.phone.clone()),
            spelled: self.spelled.clone().or_else(|| newer.spelled.clone()),
        }
    }

    /// Returns whether the two have different BSUIDs and so are two customers, even with one phone
    /// number: numbers are reassigned, BSUIDs are not.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        matches!((&self.bsuid, &other.bsuid), (Some(one), Some(other)) if one != other)
    }

    /// Removes these identifiers. Returns `None` if nothing is left.
    #[must_use]
    pub fn without(&self, identifiers: &[String]) -> Option<Self> {
        let stays = |identifier: &str| identifiers.iter().all(|other| other != identifier);
        let bsuid = self.bsuid.clone().filter(|bsuid| stays(bsuid.as_str()));
        let phone = self.phone.clone().filter(|phone| stays(phone.as_str()));
        let spelled = self.spelled.clone();
        let spelled = spelled.filter(|spelled| stays(spelled.as_str()));
        Some(Self {
            spelled,
            ..Self::new(bsuid, phone)?
        })
    }

    /// Returns the number with `+`, else the BSUID. For the agent's eyes only.
    #[must_use]
    pub fn display(&self) -> String {
        self.phone.as_ref().map_or_else(
            || self.identifiers().next().unwrap_or_default().to_owned(),
            PhoneNumber::e164,
        )
    }
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
