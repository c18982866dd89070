//! Cards from an address book.

use serde::{Deserialize, Serialize};

use super::pages::{Pages, label};

/// One card (Cloud API, "Contacts messages"). Everything may be missing.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactCard {
    /// The name as the customer has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Phone numbers, in any spelling.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// E-mail addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// The organisation, with department and title as far as they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
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
            ]
        })
        .collect();
    pages.table(["Name", "Phones", "E-mails", "Organisation"], &rows);
}
