//! Finds a customer's items.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use casement_aws::keys::{ItemKind, PK, SK};
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::ConversationKey;

use crate::stored::Item;

/// Returns the scan that finds items of a kind, or `None` if they belong to no customer.
pub(super) fn look(kind: ItemKind) -> Option<Look> {
    match kind {
        ItemKind::Conversation | ItemKind::HeldReply => Some(Look::Partition),
        ItemKind::Alias | ItemKind::IssueLink => Some(Look::Links),
        ItemKind::Message | ItemKind::Sent | ItemKind::Note => Some(Look::Ledger),
        ItemKind::TemplateChange
        | ItemKind::Settings
        | ItemKind::Reconciliation
        | ItemKind::Sighting => None,
    }
}

/// A scan of the table for items of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Links to conversations. They name the customer's requests.
    Links,
    /// The ledger, whose entries may name requests.
    Ledger,
    /// No scan: the conversation's partition is read directly.
    Partition,
}

impl Look {
    /// Returns the prefixes of the partition keys.
    pub(super) fn prefixes(self) -> Vec<&'static str> {
        let all = ItemKind::ALL.into_iter();
        all.filter(|kind| look(*kind) == Some(self))
            .map(ItemKind::prefix)
            .collect()
    }
}

/// Returns the name of a kind of item in the receipt, singular and plural.
pub(super) fn names(kind: ItemKind) -> (&'static str, &'static str) {
    match kind {
        ItemKind::Conversation => ("conversation", "conversations"),
        ItemKind::HeldReply => ("held reply", "held replies"),
        ItemKind::Alias => ("other identifier", "other identifiers"),
        ItemKind::IssueLink => ("link from a request", "links from requests"),
        ItemKind::Message | ItemKind::Sent => ("ledger entry", "ledger entries"),
        ItemKind::Note => (
            "ledger entry of an internal note",
            "ledger entries of internal notes",
        ),
        ItemKind::TemplateChange => ("change of templates", "changes of templates"),
        ItemKind::Settings => ("settings", "settings"),
        ItemKind::Sighting => (
            "note of when something was last seen",
            "notes of when something was last seen",
        ),
        ItemKind::Reconciliation => ("mark in Jira's history", "marks in Jira's history"),
    }
}

/// An item of the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Match {
    pub kind: ItemKind,
    pub pk: String,
    pub sk: String,
}

/// A customer's known identifiers.
#[derive(Clone, Debug, Default)]
pub(super) struct Customer {
    /// Phone numbers and user ids.
    identifiers: BTreeSet<String>,
    keys: Vec<ConversationKey>,
    /// The conversations' fingerprints, as the ledger has them.
    fingerprints: Vec<String>,
    /// The ids of the customer's requests.
    issues: BTreeSet<String>,
}

impl Customer {
    pub(super) fn new(identifier: &str, conversations: &[Conversation]) -> Self {
        // The numbers in the keys are left out: they may belong to somebody else now.
        let mut customer = Self::default();
        customer.identifiers.insert(identifier.to_owned());
        for conversation in conversations {
            let known = conversation.identity.identifiers().map(str::to_owned);
            customer.identifiers.extend(known);
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

    /// Records the request or the identifier that an item of the customer names. Returns whether
    /// the identifier is news, so that aliases seen before may match now.
    pub(super) fn learn(&mut self, one: &Match) -> bool {
        match ItemKind::of(&one.pk, &one.sk) {
            Some((ItemKind::IssueLink, request)) => {
                self.issues.insert(request.to_owned());
                false
            }
            Some((ItemKind::Alias, rest)) => rest
                .split_once('#')
                .is_some_and(|(_, identifier)| self.identifiers.insert(identifier.to_owned())),
            _ => false,
        }
    }

    /// Returns the item's match if it belongs to the customer. Conversations and held replies never
    /// match here: reading their partition finds them.
    pub(super) fn matches(&self, item: &Item) -> Option<Match> {
        let (pk, sk) = key(item)?;
        let (kind, rest) = ItemKind::of(&pk, &sk)?;
        let is_known = || self.leads_to(item) || self.is_in_request(item);
        let is_theirs = match kind {
            ItemKind::Alias => self.leads_to(item) || self.is_identifier(rest),
            ItemKind::IssueLink => self.leads_to(item),
            ItemKind::Message => is_known(),
            ItemKind::Sent | ItemKind::Note => is_known() || self.is_silence(rest),
            ItemKind::Conversation
            | ItemKind::HeldReply
            | ItemKind::TemplateChange
            | ItemKind::Settings
            | ItemKind::Reconciliation
            | ItemKind::Sighting => false,
        };
        is_theirs.then_some(Match { kind, pk, sk })
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

    /// Returns whether `rest` of an alias key, business number and identifier, names the customer.
    fn is_identifier(&self, rest: &str) -> bool {
        rest.split_once('#')
            .is_some_and(|(_, identifier)| self.identifiers.contains(identifier))
    }

    fn is_in_request(&self, item: &Item) -> bool {
        let issue = item.get("issue_id").and_then(|issue| issue.as_s().ok());
        issue.is_some_and(|issue| self.issues.contains(issue))
    }

    /// Returns whether a source belongs to an automatic message to the customer, such as
    /// `notice:FINGERPRINT:GENERATION`.
    fn is_silence(&self, source: &str) -> bool {
        source
            .split(':')
            .any(|part| self.fingerprints.iter().any(|own| own == part))
    }
}

/// Returns the key of an item.
pub(super) fn key(item: &Item) -> Option<(String, String)> {
    let text = |name: &str| Some(item.get(name)?.as_s().ok()?.clone());
    Some((text(PK)?, text(SK)?))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use casement_core::model::identity::{
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
                Some(ItemKind::Alias),
            ),
            (
                "ALIAS#1065#4915112345678".to_owned(),
                vec![theirs.clone()],
                Some(ItemKind::Alias),
            ),
            ("ALIAS#1065#DE.2".to_owned(), vec![theirs.clone()], None),
            (
                "ISSUE#10002".to_owned(),
                vec![ours.clone()],
                Some(ItemKind::IssueLink),
            ),
            ("ISSUE#10003".to_owned(), vec![theirs.clone()], None),
            // Without a link or a request, an entry cannot be attributed.
            ("MSG#00ff".to_owned(), vec![], None),
            (
                "MSG#00ff".to_owned(),
                vec![in_request("10001")],
                Some(ItemKind::Message),
            ),
            ("MSG#00ff".to_owned(), vec![in_request("10009")], None),
            (
                "OUT#comment:10100".to_owned(),
                vec![in_request("10001")],
                Some(ItemKind::Sent),
            ),
            (
                "OUT#comment:10100".to_owned(),
                vec![ours.clone()],
                Some(ItemKind::Sent),
            ),
            ("OUT#comment:10100".to_owned(), vec![theirs], None),
            (
                format!("OUT#notice:{fingerprint}:3"),
                vec![],
                Some(ItemKind::Sent),
            ),
            ("OUT#notice:00112233445566778899:3".to_owned(), vec![], None),
            (
                "NOTE#failed:comment:10100".to_owned(),
                vec![in_request("10001")],
                Some(ItemKind::Note),
            ),
            (
                "NOTE#failed:comment:10100".to_owned(),
                vec![in_request("10009")],
                None,
            ),
            (
                format!("NOTE#failed:notice:{fingerprint}:3"),
                vec![],
                Some(ItemKind::Note),
            ),
            (
                "NOTE#failed:notice:00112233445566778899:3".to_owned(),
                vec![],
                None,
            ),
            ("SETTINGS".to_owned(), vec![], None),
            ("RECONCILIATION".to_owned(), vec![ours.clone()], None),
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
        let by_user_id = item("ALIAS#1065#DE.1", &[leading_to("4915199999999")]);
        assert!(customer.matches(&by_user_id).is_some());
    }

    #[test]
    fn every_kind_of_item_with_a_customer_in_it_is_looked_for() {
        let looks = [Look::Links, Look::Ledger, Look::Partition];
        let looked: BTreeSet<_> = looks.into_iter().flat_map(Look::prefixes).collect();
        for kind in ItemKind::ALL {
            let is_nobodys = matches!(
                kind,
                ItemKind::TemplateChange
                    | ItemKind::Settings
                    | ItemKind::Reconciliation
                    | ItemKind::Sighting
            );
            assert_eq!(!looked.contains(kind.prefix()), is_nobodys, "{kind:?}");
        }
    }
}
