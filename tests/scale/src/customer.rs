//! One customer of a hundred thousand: names, and what the customer and the agents are about to do.

use casement_core::model::identity::{
    Bsuid, ConversationKey, CustomerIdentity, PhoneNumber, PhoneNumberId, Wamid,
};
use chrono::{DateTime, Utc};

use crate::calendar::Millis;

/// The start of the week: a Monday, at midnight.
const BEGINNING: i64 = 1_793_577_600;

/// Converts milliseconds since the week began to a time.
pub(crate) fn time(at: Millis) -> DateTime<Utc> {
    let at = i64::from(at);
    DateTime::from_timestamp_millis(BEGINNING * 1000 + at).unwrap_or_default()
}

/// The plans of the customer and the agents, and the counts for the simulation's checks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Customer {
    /// The remaining turns of the talk, and the remaining messages of this turn.
    pub(crate) turns: u8,
    pub(crate) burst: u8,
    /// Whether an answer is on its way.
    pub(crate) is_being_answered: bool,
    /// The number of messages taken by the inbound queue, and of the last one in Jira.
    pub(crate) taken: u32,
    pub(crate) in_jira: u32,
    /// The number of replies that agents wrote, and of the last one that was sent or held.
    pub(crate) replies: u32,
    pub(crate) replied: u32,
    /// The generation of the last notice.
    pub(crate) noticed: u32,
}

/// The business number.
pub(crate) fn number() -> PhoneNumberId {
    PhoneNumberId::new("1065")
}

/// How the BSUIDs begin.
const PREFIX: &str = "DE.13491208655";

/// Returns what WhatsApp says of a customer: BSUID and phone.
pub(crate) fn identity(customer: u32) -> CustomerIdentity {
    let phone = PhoneNumber::new(format!("4915{customer:08}"));
    let identity = CustomerIdentity::of_phone(phone.clone());
    let bsuid = Bsuid::new(bsuid(customer));
    CustomerIdentity::new(Some(bsuid), Some(phone)).unwrap_or(identity)
}

fn bsuid(customer: u32) -> String {
    format!("{PREFIX}{customer:09}")
}

/// Returns the conversation of a customer.
pub(crate) fn key(customer: u32) -> ConversationKey {
    ConversationKey::new(&number(), bsuid(customer))
}

/// Returns whose conversation it is.
pub(crate) fn customer_of(key: &ConversationKey) -> u32 {
    let number = key.customer.strip_prefix(PREFIX);
    let number = number.and_then(|number| number.parse().ok());
    number.unwrap_or_default()
}

/// Returns the id of a customer's message, as long as Meta's.
pub(crate) fn wamid(customer: u32, number: u32) -> Wamid {
    Wamid::new(format!(
        "wamid.HBgNNDkxNTExMjM0NTY3OBUCABIYFjNF{customer:08}{number:08}AA=="
    ))
}

/// The most replies to a customer.
const REPLIES: u64 = 1_000_000;

/// Returns the id of the comment with a customer's reply of this number.
pub(crate) fn comment(customer: u32, reply: u32) -> String {
    (u64::from(customer) * REPLIES + u64::from(reply)).to_string()
}

/// Returns the customer and the number of the reply in a comment.
pub(crate) fn reply_of(comment: &str) -> Option<(u32, u32)> {
    let id: u64 = comment.parse().ok()?;
    let customer = u32::try_from(id / REPLIES).ok()?;
    Some((customer, u32::try_from(id % REPLIES).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_again() {
        assert_eq!(customer_of(&key(99_999)), 99_999);
        assert_eq!(reply_of(&comment(99_999, 7)), Some((99_999, 7)));
        assert_eq!(reply_of("own-1"), None);
    }
}
