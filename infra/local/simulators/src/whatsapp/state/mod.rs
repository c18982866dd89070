//! Customers, their chats and windows.

pub(crate) mod bucket;
pub(crate) mod chat;
pub(crate) mod media;
pub(crate) mod pricing;
pub(crate) mod templates;
pub(crate) mod thread;
pub(crate) mod window;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use self::bucket::Bucket;
use self::chat::{ChatMessage, Direction};
use self::media::library::Library;
use self::pricing::Pricing;
use self::templates::{Changed, Listed};
use self::thread::Threads;
use super::options::Options;
use super::setup::Setup;
use crate::ids::stable_number;

/// All state that changes.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub options: Options,
    pub setup: Setup,
    pub pricing: Pricing,
    pub media: Library,
    pub template_statuses: Changed,
    pub template_categories: Changed,
    pub threads: Threads,
    /// The customers by phone number in digits, or by user id if their number was never seen.
    customers: BTreeMap<String, Customer>,
    /// The ends of the customer service windows, by business number and customer.
    windows: BTreeMap<(String, String), DateTime<Utc>>,
    /// The use of the pair limit, by business number and customer.
    pairs: BTreeMap<(String, String), Bucket>,
    /// The use of the throughput limit, by business number.
    throughput: BTreeMap<String, Bucket>,
}

/// A WhatsApp user.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Customer {
    /// Digits with the country code.
    pub phone: Option<String>,
    /// The business-scoped user id; `None` for an account from before such ids existed.
    pub user_id: Option<String>,
    pub profile_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Whether webhooks leave out the phone number.
    pub hide_phone: bool,
    #[serde(skip)]
    pub chat: Vec<ChatMessage>,
}

impl Customer {
    /// Returns the part of this customer's wamids that names the customer.
    pub(crate) fn wamid_part(&self) -> &str {
        let phone = self.phone.as_deref().filter(|_| !self.hide_phone);
        phone.or(self.user_id.as_deref()).unwrap_or_default()
    }

    pub(crate) fn change(&mut self, details: Details) {
        if let Some(name) = details.profile_name {
            self.profile_name = name;
        }
        if details.username.is_some() {
            self.username = details.username;
        }
        if let Some(user_id) = details.user_id {
            self.user_id = user_id;
        }
        if let Some(hide) = details.hide_phone {
            self.hide_phone = hide || self.phone.is_none();
        }
    }
}

/// Details of a customer; absent ones stay as they are.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Details {
    pub profile_name: Option<String>,
    pub username: Option<String>,
    /// `null` if the account has no business-scoped user id.
    #[serde(default, deserialize_with = "given")]
    pub user_id: Option<Option<String>>,
    pub hide_phone: Option<bool>,
}

// Distinguishes `null` from an absent member.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Normalizes a customer's key: the digits of a phone number, or a user id unchanged. Returns
/// `None` if `text` is neither.
pub(crate) fn customer_key(text: &str) -> Option<String> {
    if text.contains('.') {
        let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
        return plain.then(|| text.to_owned());
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain = text
        .chars()
        .all(|c| c.is_ascii_digit() || "+ -()".contains(c));
    (plain && (6..=15).contains(&digits.len())).then_some(digits)
}

impl State {
    pub(crate) fn templates(&self) -> Vec<Listed> {
        templates::all(
            &self.options,
            &self.template_statuses,
            &self.template_categories,
        )
    }

    /// Takes in a change of a template's category, unless it is only announced.
    ///
    /// Source: Meta, "`template_category_update` webhook reference": an announcement says what is
    /// correct.
    pub(crate) fn change_category(&mut self, value: &Value) {
        let text = |name: &str| value[name].as_str();
        let name = text("message_template_name");
        let language = text("message_template_language");
        let (Some(name), Some(language), Some(category), None) = (
            name,
            language,
            text("new_category"),
            text("correct_category"),
        ) else {
            return;
        };
        let key = (name.to_owned(), language.replace('-', "_"));
        self.template_categories.insert(key, category.to_owned());
    }

    /// Returns the customer with this key, creating the customer on first use.
    pub(crate) fn customer_mut(&mut self, key: &str, seed: u64) -> &mut Customer {
        self.customers.entry(key.to_owned()).or_insert_with(|| {
            let is_user_id = key.contains('.');
            Customer {
                phone: (!is_user_id).then(|| key.to_owned()),
                user_id: Some(if is_user_id {
                    key.to_owned()
                } else {
                    format!("US.{:020}", stable_number(seed, key))
                }),
                profile_name: format!("Customer {}", &key[key.len().saturating_sub(4)..]),
                username: None,
                hide_phone: is_user_id,
                chat: Vec::new(),
            }
        })
    }

    pub(crate) fn customer(&self, key: &str) -> Option<&Customer> {
        self.customers.get(key)
    }

    pub(crate) fn customers(&self) -> impl Iterator<Item = (&String, &Customer)> {
        self.customers.iter()
    }

    /// Returns the key of the customer with this user id.
    pub(crate) fn key_of_user_id(&self, user_id: &str) -> Option<String> {
        let has = |customer: &Customer| customer.user_id.as_deref() == Some(user_id);
        let mut found = self.customers.iter().filter(|(_, customer)| has(customer));
        found.next().map(|(key, _)| key.clone())
    }

    /// Extends the window. An old message never shortens it.
    pub(crate) fn open_window(&mut self, number: &str, key: &str, until: DateTime<Utc>) {
        let window = self
            .windows
            .entry((number.to_owned(), key.to_owned()))
            .or_insert(until);
        *window = until.max(*window);
    }

    /// Returns when the window ends or ended.
    pub(crate) fn window(&self, number: &str, key: &str) -> Option<DateTime<Utc>> {
        let pair = (number.to_owned(), key.to_owned());
        self.windows.get(&pair).copied()
    }

    pub(crate) fn pair(&mut self, number: &str, key: &str) -> &mut Bucket {
        self.pairs
            .entry((number.to_owned(), key.to_owned()))
            .or_default()
    }

    pub(crate) fn throughput(&mut self, number: &str) -> &mut Bucket {
        self.throughput.entry(number.to_owned()).or_default()
    }

    /// Marks a customer's messages to `number` as read, up to the message `wamid`. Returns the
    /// customer's key, or `None` if there is no such message.
    pub(crate) fn mark_read(&mut self, number: &str, wamid: &str) -> Option<String> {
        for (key, customer) in &mut self.customers {
            let of_number = |message: &ChatMessage| {
                message.direction == Direction::In && message.phone_number_id == number
            };
            let is_meant = |message: &ChatMessage| of_number(message) && message.wamid == wamid;
            let Some(last) = customer.chat.iter().position(is_meant) else {
                continue;
            };
            let seen = customer.chat[..=last].iter_mut();
            for message in seen.filter(|message| of_number(message)) {
                message.status = "read";
            }
            return Some(key.clone());
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_are_named_by_phone_or_user_id() {
        let table = [
            ("16505551234", Some("16505551234")),
            ("+1 (650) 555-1234", Some("16505551234")),
            ("US.13491208655302741918", Some("US.13491208655302741918")),
            ("abc", None),
            ("a.ü", None),
            ("12", None),
            ("", None),
        ];
        for (text, key) in table {
            assert_eq!(customer_key(text).as_deref(), key, "{text}");
        }
    }

    #[test]
    fn a_late_old_message_does_not_shorten_the_window() {
        let mut state = State::default();
        let (early, late) = (
            DateTime::from_timestamp(1_000, 0).unwrap(),
            DateTime::from_timestamp(2_000, 0).unwrap(),
        );
        state.open_window("1", "16505551234", late);
        state.open_window("1", "16505551234", early);
        assert_eq!(state.window("1", "16505551234"), Some(late));
        assert_eq!(state.window("2", "16505551234"), None);
    }
}
