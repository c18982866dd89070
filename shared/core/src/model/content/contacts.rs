//! Cards from an address book.

use serde::{Deserialize, Serialize};

use super::pages::{Pages, label};
use crate::model::identity::PhoneNumber;

/// One card (Cloud API, "Contacts messages"). Every field may be missing.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactCard {
    /// The name that the customer has given the contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Phone numbers, in any format.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// E-mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// The organisation, with department and title if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Postal addresses, each on one line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// Web addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub websites: Vec<String>,
    /// The birthday as WhatsApp writes it: `2012-08-18`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birthday: Option<String>,
    /// The customer's own phone number, if WhatsApp says that the customer has shared it in answer
    /// to a request (Cloud API, `origin`: `contact_request`), and the card has no other number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_number: Option<PhoneNumber>,
}

impl ContactCard {
    /// Returns the fields that few cards have, one per line.
    fn more(&self) -> String {
        let websites = self.websites.iter().cloned();
        let birthday = self.birthday.iter().map(|day| format!("Birthday: {day}"));
        let lines = self.addresses.iter().cloned().chain(websites);
        lines.chain(birthday).collect::<Vec<_>>().join("\n")
    }
}

fn heading(cards: &[ContactCard]) -> String {
    match cards.len() {
        0 => "[A contact card with nothing on it]".to_owned(),
        1 => "[Contact card]".to_owned(),
        many => format!("[{many} contact cards]"),
    }
}

pub(super) fn first_line(cards: &[ContactCard]) -> String {
    let names: Vec<_> = cards
        .iter()
        .filter_map(|card| card.name.as_deref().map(label))
        .filter(|name| !name.is_empty())
        .collect();
    format!("{} {}", heading(cards), names.join(", "))
        .trim_end()
        .to_owned()
}

pub(super) fn write(cards: &[ContactCard], pages: &mut Pages) {
    pages.ours(&heading(cards));
    let rows: Vec<_> = cards
        .iter()
        .map(|card| {
            [
                card.name.clone().unwrap_or_default(),
                card.phones.join("\n"),
                card.emails.join("\n"),
                card.organisation.clone().unwrap_or_default(),
                card.more(),
            ]
        })
        .collect();
    let has_more = rows.iter().any(|[.., more]| !more.is_empty());
    if has_more {
        let headings = ["Name", "Phones", "E-mails", "Organisation", "More"];
        return pages.table(headings, &rows);
    }
    let rows: Vec<_> = rows
        .into_iter()
        .map(|[a, b, c, d, _]| [a, b, c, d])
        .collect();
    pages.table(["Name", "Phones", "E-mails", "Organisation"], &rows);
}
