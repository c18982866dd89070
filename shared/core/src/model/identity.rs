//! Who is talking: newtypes for the identifiers of WhatsApp and Jira.
//!
//! Types that identify a person print nothing of it with `{:?}`; logs use
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

            /// The identifier as the provider wrote it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

identifier! {
    /// A business phone number's id at Meta (`metadata.phone_number_id`): digits, not a phone number.
    PhoneNumberId
}
identifier! {
    /// A WhatsApp Business Account's id at Meta, to which numbers and templates belong (`entry[].id`
    /// of webhooks).
    BusinessAccountId
}
identifier! {
    personal
    /// WhatsApp's id of one message (`wamid.…`), opaque. The customer's number is encoded in it.
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
    /// Meta's id of a file that we have uploaded.
    MediaId
}
identifier! {
    /// An Atlassian account id.
    AccountId
}
identifier! {
    personal
    /// A business-scoped user id (`CC.…`), Meta's identity of a customer for one business portfolio.
    Bsuid
}
identifier! {
    personal
    /// A customer's phone number: digits with country code, without `+`.
    PhoneNumber
}

impl Bsuid {
    /// Whether Meta takes it as a `recipient`: a country code, a dot, and letters and digits, with
    /// a dot more in a parent id (Cloud API, "Business-scoped user IDs"). Webhooks have had other
    /// things in its place.
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
    /// 32 hex digits that stand for the message in names, ids and keys: a wamid has the customer's
    /// number in it, and characters that SQS and file systems refuse.
    ///
    /// A plain hash, so that a lost [`fingerprint`] key makes the ledger forget nothing: beside the
    /// number a wamid has 64 bits of chance or more, which nobody guesses.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint::unkeyed(self.as_str())
    }
}

/// How many digits are seen of a number that may be somebody else's.
const SHOWN_DIGITS: usize = 3;

impl PhoneNumber {
    /// Its end, which tells those who know the number that it is meant, and others nothing.
    #[must_use]
    pub fn masked(&self) -> String {
        let digits = self.as_str();
        let hidden = digits.chars().count().saturating_sub(SHOWN_DIGITS);
        let shown: String = digits.chars().skip(hidden).collect();
        format!("…{shown}")
    }

    /// The number with the `+` that Meta wants in `to`; without it the business number's own
    /// country code would be put in front (Cloud API, "Send messages").
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

/// What is known of a customer. At least one of the two is set, unless everything was given up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerIdentity {
    bsuid: Option<Bsuid>,
    phone: Option<PhoneNumber>,
    /// The phone number as an agent wrote it, where WhatsApp writes it in another way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    spelled: Option<PhoneNumber>,
}

impl CustomerIdentity {
    /// `None` when neither is known: such a message has no sender that could be answered.
    #[must_use]
    pub fn new(bsuid: Option<Bsuid>, phone: Option<PhoneNumber>) -> Option<Self> {
        (bsuid.is_some() || phone.is_some()).then_some(Self {
            bsuid,
            phone,
            spelled: None,
        })
    }

    /// A customer who has nothing any more that is known.
    #[must_use]
    pub fn gone() -> Self {
        Self {
            bsuid: None,
            phone: None,
            spelled: None,
        }
    }

    /// A customer of whom nothing but the phone number is known.
    #[must_use]
    pub fn of_phone(phone: PhoneNumber) -> Self {
        Self {
            bsuid: None,
            phone: Some(phone),
            spelled: None,
        }
    }

    /// The same customer, whose number WhatsApp writes as `phone`. The spelling that was known
    /// until now leads to the customer as well.
    #[must_use]
    pub fn written_as(self, phone: PhoneNumber) -> Self {
        let former = self.phone.filter(|former| *former != phone);
        Self {
            bsuid: self.bsuid,
            phone: Some(phone),
            spelled: former.or(self.spelled),
        }
    }

    /// The same customer, who has the number `phone` now, and no longer the former one.
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

    /// Whether `identifier` is one of this customer's.
    #[must_use]
    pub fn has(&self, identifier: &str) -> bool {
        self.identifiers().any(|own| own == identifier)
    }

    /// The phone number, if known.
    #[must_use]
    pub fn phone(&self) -> Option<&PhoneNumber> {
        self.phone.as_ref()
    }

    /// The business-scoped user id, if known.
    #[must_use]
    pub fn bsuid(&self) -> Option<&Bsuid> {
        self.bsuid.as_ref()
    }

    /// Every identifier that the customer may be filed under, the preferred one first.
    pub fn identifiers(&self) -> impl Iterator<Item = &str> {
        let bsuid = self.bsuid.as_ref().map(Bsuid::as_str);
        let phone = self.phone.as_ref().map(PhoneNumber::as_str);
        let spelled = self.spelled.as_ref().map(PhoneNumber::as_str);
        bsuid.into_iter().chain(phone).chain(spelled)
    }

    /// Where messages to this customer go: the phone number when it is known, else the BSUID.
    /// Never both, since `to` would win over `recipient`. `None`: Meta would take neither.
    #[must_use]
    pub fn recipient(&self) -> Option<Recipient> {
        self.phone.clone().map(Recipient::Phone).or_else(|| {
            let bsuid = self.bsuid.as_ref().filter(|bsuid| bsuid.is_well_formed());
            bsuid.cloned().map(Recipient::Bsuid)
        })
    }

    /// This identity with the gaps filled from a newer one. What is known already stays:
    /// conflicting identities are not merged.
    #[must_use]
    pub fn completed_by(&self, newer: &Self) -> Self {
        Self {
            bsuid: self.bsuid.clone().or_else(|| newer.bsuid.clone()),
            phone: self.phone.clone().or_else(|| newer.phone.clone()),
            spelled: self.spelled.clone().or_else(|| newer.spelled.clone()),
        }
    }

    /// Whether the two have different BSUIDs and so are two customers, even with one phone number:
    /// numbers are given to others, BSUIDs are not.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        matches!((&self.bsuid, &other.bsuid), (Some(one), Some(other)) if one != other)
    }

    /// This identity without these identifiers. `None`: nothing is left.
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

    /// For the agent's eyes only: the number with `+`, else the BSUID.
    #[must_use]
    pub fn display(&self) -> String {
        self.phone.as_ref().map_or_else(
            || self.identifiers().next().unwrap_or_default().to_owned(),
            PhoneNumber::e164,
        )
    }
}

/// Where a message goes (`to` or `recipient` of a send).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// By phone number.
    Phone(PhoneNumber),
    /// By business-scoped user id.
    Bsuid(Bsuid),
}

/// One conversation: a business number and a customer.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ConversationKey {
    /// The business number.
    pub phone_number_id: PhoneNumberId,
    /// The customer's BSUID, else the phone number: the identifier that was preferred when
    /// the conversation began.
    pub customer: String,
}

impl ConversationKey {
    /// The key under which `identifier` of a customer is filed at `phone_number_id`.
    pub fn new(phone_number_id: &PhoneNumberId, identifier: impl Into<String>) -> Self {
        Self {
            phone_number_id: phone_number_id.clone(),
            customer: identifier.into(),
        }
    }

    /// The identifier that the conversation began with. Where a former owner of it has a
    /// conversation, the key of the next one's ends in `~` and a number.
    #[must_use]
    pub fn identifier(&self) -> &str {
        let (identifier, _) = self
            .customer
            .split_once('~')
            .unwrap_or((&self.customer, ""));
        identifier
    }

    /// Twenty hex digits that stand for the conversation in logs and ids without naming the
    /// customer, to whom nobody without the key finds back.
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
