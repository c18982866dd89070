//! Who is talking: newtypes for the identifiers of WhatsApp and Jira.
//!
//! Types that identify a person print nothing of it with `{:?}`; logs use
//! [`ConversationKey::fingerprint`].

mod phone;

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use self::phone::NotAPhoneNumber;

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
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }

        identifier!(@common $name);
    };
    (@common $name:ident) => {
        impl $name {
            /// Takes the identifier as the provider wrote it.
            pub fn new(value: impl Into<String>) -> Self {
                Self(value.into())
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
    /// WhatsApp's id of one message (`wamid.…`), opaque.
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
    /// Twenty hex digits that stand for the message in names and ids: a wamid has the customer's
    /// number in it, and characters that SQS and file systems refuse.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&[self.as_str()])
    }
}

impl PhoneNumber {
    /// The number with the `+` that Meta wants in `to`; without it the business number's own
    /// country code would be put in front (Cloud API, "Send messages").
    #[must_use]
    pub fn e164(&self) -> String {
        format!("+{}", self.0)
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

/// What is known of a customer. At least one of the two is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerIdentity {
    bsuid: Option<Bsuid>,
    phone: Option<PhoneNumber>,
}

impl CustomerIdentity {
    /// `None` when neither is known: such a message has no sender that could be answered.
    #[must_use]
    pub fn new(bsuid: Option<Bsuid>, phone: Option<PhoneNumber>) -> Option<Self> {
        (bsuid.is_some() || phone.is_some()).then_some(Self { bsuid, phone })
    }

    /// A customer of whom nothing but the phone number is known.
    #[must_use]
    pub fn of_phone(phone: PhoneNumber) -> Self {
        Self {
            bsuid: None,
            phone: Some(phone),
        }
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
        bsuid.into_iter().chain(phone)
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
        Self::new(bsuid, phone)
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

    /// Twenty hex digits that stand for the conversation in logs and ids without naming the customer.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&[self.phone_number_id.as_str(), &self.customer])
    }
}

fn fingerprint(parts: &[&str]) -> String {
    let mut digits = hex::encode(Sha256::digest(parts.join("\0")));
    digits.truncate(20);
    digits
}

impl fmt::Debug for ConversationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConversationKey({})", self.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(bsuid: Option<&str>, phone: Option<&str>) -> CustomerIdentity {
        CustomerIdentity::new(bsuid.map(Bsuid::new), phone.map(PhoneNumber::new)).unwrap()
    }

    #[test]
    fn a_phone_number_wins_over_a_bsuid_when_sending() {
        assert_eq!(
            identity(Some("DE.1"), Some("4915112345678")).recipient(),
            Some(Recipient::Phone(PhoneNumber::new("4915112345678")))
        );
        assert_eq!(
            identity(Some("DE.1"), None).recipient(),
            Some(Recipient::Bsuid(Bsuid::new("DE.1")))
        );
        let parent = identity(Some("DE.ENT.1aB"), None);
        assert!(parent.recipient().is_some());
        for malformed in [
            "",
            "1",
            "DE.",
            "de.1",
            "DEU.1",
            "[<A_PHONE_NUMBER>]",
            "DE.1 2",
        ] {
            let nowhere = identity(Some(malformed), None).recipient();
            assert_eq!(nowhere, None, "{malformed}");
        }
    }

    #[test]
    fn known_identifiers_are_kept_and_gaps_are_filled() {
        let known = identity(None, Some("1"));
        let newer = identity(Some("DE.1"), Some("2"));
        assert_eq!(
            known.completed_by(&newer),
            identity(Some("DE.1"), Some("1"))
        );
    }

    #[test]
    fn two_bsuids_are_two_customers() {
        for (one, other, expected) in [
            ((Some("DE.1"), Some("1")), (Some("DE.2"), Some("1")), true),
            ((Some("DE.1"), Some("1")), (Some("DE.1"), Some("2")), false),
            ((Some("DE.1"), None), (None, Some("1")), false),
        ] {
            let (one, other) = (identity(one.0, one.1), identity(other.0, other.1));
            assert_eq!(one.contradicts(&other), expected, "{one:?} {other:?}");
        }
        let both = identity(Some("DE.1"), Some("1"));
        let rest = both.without(&["1".to_owned()]);
        assert_eq!(rest, Some(identity(Some("DE.1"), None)));
        assert_eq!(rest.unwrap().without(&["DE.1".to_owned()]), None);
    }

    #[test]
    fn debug_output_names_nobody() {
        let key = ConversationKey::new(&PhoneNumberId::new("1065"), "4915112345678");
        let text = format!(
            "{key:?} {:?}",
            identity(Some("DE.77"), Some("4915112345678"))
        );
        assert!(!text.contains("49151") && !text.contains("DE.77"), "{text}");
    }
}
