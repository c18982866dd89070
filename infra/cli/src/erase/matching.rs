//! Which items are a customer's.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use casement_aws::keys::{PK, SK};
use casement_core::conversation::Conversation;
use casement_core::identity::ConversationKey;

use crate::stored::Item;

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The state of a conversation.
    Conversation,
    /// A reply that waits for the window.
    HeldReply,
    /// Another identifier of the customer.
    Alias,
    /// What leads from a request to the conversation.
    IssueLink,
    /// An entry of the ledger.
    LedgerEntry,
}

impl Kind {
    /// In the receipt.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Conversation => "conversations",
            Self::HeldReply => "held replies",
            Self::Alias => "other identifiers",
            Self::IssueLink => "links from requests",
            Self::LedgerEntry => "ledger entries",
        }
    }
}

/// An item of the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub kind: Kind,
    pub pk: String,
    pub sk: String,
}

/// What is known of the customer.
#[derive(Clone, Debug, Default)]
pub(super) struct Customer {
    /// Phone numbers and user ids.
    identifiers: BTreeSet<String>,
    /// The conversations: number and customer.
    keys: Vec<ConversationKey>,
    /// What stands for the conversations in the ledger.
    fingerprints: Vec<String>,
    /// The ids of the customer's requests.
    issues: BTreeSet<String>,
}

impl Customer {
    pub(super) fn new(identifier: &str, conversations: &[Conversation]) -> Self {
        let mut customer = Self::default();
        customer.identifiers.insert(identifier.to_owned());
        for conversation in conversations {
            let known = conversation.identity.identifiers().map(str::to_owned);
            customer.identifiers.extend(known);
            customer
                .identifiers
                .insert(conversation.key.customer.clone());
            customer.keys.push(conversation.key.clone());
            customer.fingerprints.push(conversation.key.fingerprint());
            let issue = conversation
                .issue
                .as_ref()
                .map(|issue| issue.id.as_str().to_owned());
            customer.issues.extend(issue);
        }
        customer
    }

    /// Takes in what an item of the customer says: another request, another identifier.
    pub(super) fn learn(&mut self, one: &Match) {
        match one.kind {
            Kind::IssueLink => {
                let issue = one.pk.strip_prefix("ISSUE#");
                self.issues.extend(issue.map(str::to_owned));
            }
            Kind::Alias => {
                let identifier = one.pk.splitn(3, '#').nth(2);
                self.identifiers.extend(identifier.map(str::to_owned));
            }
            Kind::Conversation | Kind::HeldReply | Kind::LedgerEntry => {}
        }
    }

    /// The item, if it is the customer's.
    pub(super) fn matches(&self, item: &Item) -> Option<Match> {
        let (pk, sk) = key(item)?;
        let (prefix, rest) = pk.split_once('#')?;
        let kind = match prefix {
            "ALIAS" if self.leads_to(item) || self.is_identifier(rest) => Kind::Alias,
            "ISSUE" if self.leads_to(item) => Kind::IssueLink,
            "MSG" if self.leads_to(item) || self.is_in_request(item) || self.is_in_wamid(rest) => {
                Kind::LedgerEntry
            }
            "OUT" if self.leads_to(item) || self.is_in_request(item) || self.is_silence(rest) => {
                Kind::LedgerEntry
            }
            _ => return None,
        };
        Some(Match { kind, pk, sk })
    }

    fn leads_to(&self, item: &Item) -> bool {
        let Some(AttributeValue::M(key)) = item.get("conversation") else {
            return false;
        };
        let text = |name: &str| key.get(name).and_then(|value| value.as_s().ok());
        self.keys.iter().any(|own| {
            text("phone_number_id").is_some_and(|id| id == own.phone_number_id.as_str())
                && text("customer").is_some_and(|customer| *customer == own.customer)
        })
    }

    /// An alias: the business number and the identifier.
    fn is_identifier(&self, rest: &str) -> bool {
        rest.split_once('#')
            .is_some_and(|(_, identifier)| self.identifiers.contains(identifier))
    }

    fn is_in_request(&self, item: &Item) -> bool {
        let issue = item.get("issue_id").and_then(|issue| issue.as_s().ok());
        issue.is_some_and(|issue| self.issues.contains(issue))
    }

    /// A wamid is base64 around the customer's number or user id.
    fn is_in_wamid(&self, wamid: &str) -> bool {
        let coded = wamid.strip_prefix("wamid.").unwrap_or(wamid);
        let Ok(bytes) = STANDARD.decode(coded) else {
            return false;
        };
        self.identifiers.iter().any(|identifier| {
            let length = identifier.len();
            // The byte before it says how long it is: a longer number is somebody else's.
            bytes
                .windows(length + 1)
                .any(|part| usize::from(part[0]) == length && &part[1..] == identifier.as_bytes())
        })
    }

    /// Of a notice: `notice:FINGERPRINT:GENERATION`, and the like.
    fn is_silence(&self, source: &str) -> bool {
        source
            .split(':')
            .any(|part| self.fingerprints.iter().any(|own| own == part))
    }
}

/// Where an item is.
pub(super) fn key(item: &Item) -> Option<(String, String)> {
    let text = |name: &str| Some(item.get(name)?.as_s().ok()?.clone());
    Some((text(PK)?, text(SK)?))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use casement_core::identity::{
        CustomerIdentity, IssueId, IssueRef, PhoneNumber, PhoneNumberId,
    };

    use super::*;

    fn customer() -> Customer {
        let key = ConversationKey::new(&PhoneNumberId::new("1065"), "4915112345678");
        let identity = CustomerIdentity::new(None, Some(PhoneNumber::new("4915112345678")));
        let issue = IssueRef {
            id: IssueId::new("10001"),
            key: "SUP-1".to_owned(),
        };
        let conversation = Conversation::new(key, identity.unwrap()).in_request(issue);
        Customer::new("4915112345678", &[conversation])
    }

    fn wamid(identifier: &str) -> String {
        let mut bytes = vec![0x1c, 0x18, u8::try_from(identifier.len()).unwrap()];
        bytes.extend_from_slice(identifier.as_bytes());
        bytes.extend_from_slice(b"\x15\x02\x00\x12\x18\x14AB00");
        format!("wamid.{}", STANDARD.encode(bytes))
    }

    fn item(pk: &str, more: &[(&str, AttributeValue)]) -> Item {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let mut item = HashMap::from([(PK.to_owned(), text(pk)), (SK.to_owned(), text("x"))]);
        item.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone())),
        );
        item
    }

    fn leading_to(customer: &str) -> (&'static str, AttributeValue) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let key = HashMap::from([
            ("phone_number_id".to_owned(), text("1065")),
            ("customer".to_owned(), text(customer)),
        ]);
        ("conversation", AttributeValue::M(key))
    }

    #[test]
    fn items_of_the_customer_are_told_from_others() {
        let customer = customer();
        let fingerprint = customer.fingerprints[0].clone();
        let in_request = |id: &str| ("issue_id", AttributeValue::S(id.to_owned()));
        let ours = leading_to("4915112345678");
        let theirs = leading_to("4915199999999");
        for (pk, more, expected) in [
            (
                "ALIAS#1065#DE.1".to_owned(),
                vec![ours.clone()],
                Some(Kind::Alias),
            ),
            (
                "ALIAS#1065#4915112345678".to_owned(),
                vec![theirs.clone()],
                Some(Kind::Alias),
            ),
            ("ALIAS#1065#DE.2".to_owned(), vec![theirs.clone()], None),
            (
                "ISSUE#10002".to_owned(),
                vec![ours.clone()],
                Some(Kind::IssueLink),
            ),
            ("ISSUE#10003".to_owned(), vec![theirs.clone()], None),
            (
                format!("MSG#{}", wamid("4915112345678")),
                vec![],
                Some(Kind::LedgerEntry),
            ),
            (format!("MSG#{}", wamid("49151123456789")), vec![], None),
            (format!("MSG#{}", wamid("4915199999999")), vec![], None),
            (
                "MSG#wamid.!".to_owned(),
                vec![in_request("10001")],
                Some(Kind::LedgerEntry),
            ),
            ("MSG#wamid.!".to_owned(), vec![in_request("10009")], None),
            (
                "OUT#comment:10100".to_owned(),
                vec![in_request("10001")],
                Some(Kind::LedgerEntry),
            ),
            (
                "OUT#comment:10100".to_owned(),
                vec![ours.clone()],
                Some(Kind::LedgerEntry),
            ),
            ("OUT#comment:10100".to_owned(), vec![theirs], None),
            (
                format!("OUT#notice:{fingerprint}:3"),
                vec![],
                Some(Kind::LedgerEntry),
            ),
            ("OUT#notice:00112233445566778899:3".to_owned(), vec![], None),
            ("SETTINGS".to_owned(), vec![], None),
        ] {
            let found = customer.matches(&item(&pk, &more));
            assert_eq!(found.map(|one| one.kind), expected, "{pk} {more:?}");
        }
    }

    #[test]
    fn former_requests_and_identifiers_lead_further() {
        let mut customer = customer();
        for pk in ["ISSUE#10009", "ALIAS#1065#DE.1"] {
            let link = item(pk, &[leading_to("4915112345678")]);
            let found = customer.matches(&link).unwrap();
            customer.learn(&found);
        }
        let of_former = item(
            "OUT#comment:7",
            &[("issue_id", AttributeValue::S("10009".to_owned()))],
        );
        assert!(customer.matches(&of_former).is_some());
        let by_user_id = item(&format!("MSG#{}", wamid("DE.1")), &[]);
        assert!(customer.matches(&by_user_id).is_some());
    }
}
