//! Who wrote a message.
//!
//! The phone number or the BSUID may be missing, a BSUID may stand where the phone number is
//! expected, and the list of contacts may be missing or incomplete (Cloud API, "Business-scoped
//! user IDs").

use std::collections::HashMap;

use casement_core::model::identity::{Bsuid, CustomerIdentity, PhoneNumber};
use casement_core::text;
use serde::Deserialize;
use serde_json::Value;

use super::lenient::{Written, lenient};

/// The longest phone number that is accepted, in digits. E.164 allows 15.
const LONGEST_PHONE: usize = 20;

/// The longest BSUID that is accepted: a country, `ENT`, two dots and 128 characters.
const LONGEST_BSUID: usize = 140;

/// The longest name that stays whole, in characters. WhatsApp allows 25. A longer name would push
/// the phone number out of a request's summary, and an endless one would not fit into the table.
const LONGEST_NAME: usize = 100;

/// The identifiers in a message or a contact.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Identifiers {
    phone: Option<PhoneNumber>,
    bsuid: Option<Bsuid>,
    /// An identifier that looks like neither. An agent then still sees the message, even if its
    /// sender cannot be answered.
    opaque: Option<Bsuid>,
}

impl Identifiers {
    /// Sorts identifiers by their form, not by their field. The first of each kind counts.
    pub(super) fn of<'a>(values: impl IntoIterator<Item = Option<&'a Written>>) -> Self {
        let mut found = Self::default();
        for text in values.into_iter().flatten().filter_map(Written::text) {
            if let Some(bsuid) = bsuid(&text) {
                found.bsuid.get_or_insert(bsuid);
            } else if let Some(phone) = phone(&text) {
                found.phone.get_or_insert(phone);
            } else if let Some(opaque) = opaque(&text) {
                found.opaque.get_or_insert(opaque);
            }
        }
        found
    }

    /// Returns the customer with these identifiers.
    pub(super) fn into_identity(self) -> Option<CustomerIdentity> {
        CustomerIdentity::new(self.bsuid, self.phone)
            .or_else(|| CustomerIdentity::new(self.opaque, None))
    }

    fn contradicts(&self, other: &Self) -> bool {
        fn differ<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
            matches!((one, other), (Some(one), Some(other)) if one != other)
        }
        differ(self.phone.as_ref(), other.phone.as_ref())
            || differ(self.bsuid.as_ref(), other.bsuid.as_ref())
    }
}

/// One of `contacts[]`.
#[derive(Default)]
struct Contact {
    identifiers: Identifiers,
    name: Option<String>,
}

impl Contact {
    /// Reads whatever can be read.
    fn read(item: &Value) -> Self {
        let wire = WireContact::deserialize(item).unwrap_or_default();
        let name = wire.profile.and_then(|profile| profile.name);
        Self {
            identifiers: Identifiers::of([wire.wa_id.as_ref(), wire.user_id.as_ref()]),
            name: name
                .map(|name| text::truncated(name.trim(), LONGEST_NAME))
                .filter(|name| !name.is_empty()),
        }
    }
}

/// The list `contacts[]`, which may be as long as the list of messages.
#[derive(Default)]
pub(super) struct Contacts {
    list: Vec<Contact>,
    /// The index of the first contact with each number.
    by_phone: HashMap<PhoneNumber, usize>,
    /// The index of the first contact with each BSUID.
    by_bsuid: HashMap<Bsuid, usize>,
}

impl Contacts {
    /// Reads whatever can be read.
    pub(super) fn read(items: &[Value]) -> Self {
        let mut contacts = Self::default();
        for (place, contact) in items.iter().map(Contact::read).enumerate() {
            let Identifiers { phone, bsuid, .. } = &contact.identifiers;
            if let Some(phone) = phone {
                contacts.by_phone.entry(phone.clone()).or_insert(place);
            }
            if let Some(bsuid) = bsuid {
                contacts.by_bsuid.entry(bsuid.clone()).or_insert(place);
            }
            contacts.list.push(contact);
        }
        contacts
    }

    /// Returns the first contact that shares an identifier with `own`.
    fn sharing_with(&self, own: &Identifiers) -> Option<&Contact> {
        let of_phone = own
            .phone
            .as_ref()
            .and_then(|phone| self.by_phone.get(phone));
        let of_bsuid = own
            .bsuid
            .as_ref()
            .and_then(|bsuid| self.by_bsuid.get(bsuid));
        let first = of_phone.into_iter().chain(of_bsuid).min()?;
        self.list.get(*first)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireContact {
    #[serde(deserialize_with = "lenient")]
    wa_id: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    user_id: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    profile: Option<WireProfile>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireProfile {
    #[serde(deserialize_with = "lenient")]
    name: Option<String>,
}

/// Returns the customer behind `own`, the identifiers of a message, completed from its contact. If
/// the message is `alone` with these contacts, a single contact is its sender even if they share no
/// identifier.
pub(super) fn identify(
    own: Identifiers,
    contacts: &Contacts,
    alone: bool,
) -> Option<(CustomerIdentity, Option<String>)> {
    let shared = contacts.sharing_with(&own);
    let contact = shared.or(match &*contacts.list {
        [only] if alone && !only.identifiers.contradicts(&own) => Some(only),
        _ => None,
    });
    let theirs = contact.map(|contact| contact.identifiers.clone());
    let theirs = theirs.unwrap_or_default();
    let opaque = own.opaque.or(theirs.opaque);
    let identity = CustomerIdentity::new(own.bsuid.or(theirs.bsuid), own.phone.or(theirs.phone))
        .or_else(|| CustomerIdentity::new(opaque, None))?;
    Some((identity, contact.and_then(|contact| contact.name.clone())))
}

/// `CC.` and letters, digits and dots. The ids of parent accounts have the same shape.
pub(super) fn bsuid(text: &str) -> Option<Bsuid> {
    let (country, rest) = text.split_once('.')?;
    let fits = country.len() == 2
        && country.bytes().all(|b| b.is_ascii_alphabetic())
        && !rest.is_empty()
        && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.')
        && text.len() <= LONGEST_BSUID;
    fits.then(|| Bsuid::new(text))
}

/// Reads an identifier of a form that Meta has not announced, if it can be part of a key.
fn opaque(text: &str) -> Option<Bsuid> {
    let fits =
        text.len() <= LONGEST_BSUID && text.bytes().all(|b| b.is_ascii_graphic() && b != b'#');
    fits.then(|| Bsuid::new(text))
}

/// Reads digits, with an optional `+` in front and the usual marks between.
fn phone(text: &str) -> Option<PhoneNumber> {
    let marks = |c: char| c.is_whitespace() || matches!(c, '-' | '(' | ')');
    let digits = text.strip_prefix('+').unwrap_or(text).replace(marks, "");
    let fits =
        (1..=LONGEST_PHONE).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| PhoneNumber::new(digits))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn own(values: &[&str]) -> Identifiers {
        let written: Vec<_> = values.iter().map(|v| Written::Text((*v).into())).collect();
        Identifiers::of(written.iter().map(Some))
    }

    fn identified(own_values: &[&str], contacts: &Value, alone: bool) -> Option<[String; 3]> {
        let contacts = Contacts::read(contacts.as_array().unwrap());
        let (identity, name) = identify(own(own_values), &contacts, alone)?;
        Some([
            identity.phone().map_or("", PhoneNumber::as_str).to_owned(),
            identity.bsuid().map_or("", Bsuid::as_str).to_owned(),
            name.unwrap_or_default(),
        ])
    }

    #[test]
    fn identifiers_are_known_by_their_looks() {
        for (text, phone_is, bsuid_is) in [
            ("4915112345678", Some("4915112345678"), None),
            ("+49 151 1234-5678", Some("4915112345678"), None),
            ("DE.1a2B", None, Some("DE.1a2B")),
            ("DE.ENT.99", None, Some("DE.ENT.99")),
            ("DE.", None, None),
            ("DEU.1", None, None),
            ("DE.1 2", None, None),
            ("somebody", None, None),
            ("", None, None),
            ("123456789012345678901", None, None),
        ] {
            assert_eq!(
                phone(text).as_ref().map(PhoneNumber::as_str),
                phone_is,
                "{text}"
            );
            assert_eq!(bsuid(text).as_ref().map(Bsuid::as_str), bsuid_is, "{text}");
        }
    }

    #[test]
    fn names_without_end_are_cut() {
        let contact = json!({"profile": {"name": "x".repeat(LONGEST_NAME + 1)}});
        let name = Contact::read(&contact).name.unwrap();
        assert_eq!(name.chars().count(), LONGEST_NAME);
        assert!(name.ends_with("x…"), "{name}");
    }

    #[test]
    fn senders_are_completed_from_their_own_contact_only() {
        let ana = json!({"wa_id": "491", "user_id": "DE.1", "profile": {"name": " Ana "}});
        let ben = json!({"wa_id": "492", "user_id": "DE.2", "profile": {"name": "Ben"}});
        let nameless = json!({"wa_id": null, "user_id": null, "profile": {"name": "Cem"}});
        for (case, own, contacts, alone, expected) in [
            (
                "both",
                vec!["491", "DE.1"],
                json!([ana]),
                true,
                Some(["491", "DE.1", "Ana"]),
            ),
            (
                "phone only",
                vec!["491"],
                json!([ben, ana]),
                false,
                Some(["491", "DE.1", "Ana"]),
            ),
            (
                "BSUID only",
                vec!["DE.2"],
                json!([ana, ben]),
                false,
                Some(["492", "DE.2", "Ben"]),
            ),
            (
                "no contacts",
                vec!["491"],
                json!([]),
                true,
                Some(["491", "", ""]),
            ),
            (
                "contacts are rubbish",
                vec!["491"],
                json!([null, 7]),
                true,
                Some(["491", "", ""]),
            ),
            (
                "only a contact",
                vec![],
                json!([ana]),
                true,
                Some(["491", "DE.1", "Ana"]),
            ),
            (
                "a contact of many messages",
                vec![],
                json!([ana]),
                false,
                None,
            ),
            ("two contacts", vec![], json!([ana, ben]), true, None),
            (
                "a contact without ids",
                vec!["493"],
                json!([nameless]),
                true,
                Some(["493", "", "Cem"]),
            ),
            (
                "another's contact",
                vec!["493"],
                json!([ana]),
                true,
                Some(["493", "", ""]),
            ),
            ("nobody", vec![], json!([]), true, None),
            (
                "of an unknown shape",
                vec!["user.93_7"],
                json!([nameless]),
                true,
                Some(["", "user.93_7", "Cem"]),
            ),
            (
                "a known shape is better",
                vec!["user.93_7"],
                json!([{"wa_id": "494"}]),
                true,
                Some(["494", "", ""]),
            ),
            (
                "no part of a key",
                vec!["a#b", "a b"],
                json!([nameless]),
                true,
                None,
            ),
        ] {
            let expected = expected.map(|texts| texts.map(str::to_owned));
            assert_eq!(identified(&own, &contacts, alone), expected, "{case}");
        }
    }
}
