//! The customers whose messages are accepted.

use serde::Deserialize;

use crate::model::identity::CustomerIdentity;

/// The treatment of messages that are not accepted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unwanted {
    /// The ledger and the conversation record that there was a message. Jira gets nothing.
    #[default]
    Record,
    /// Nothing of the message is kept.
    Ignore,
}

/// The customers whose messages are accepted: all but some, or some only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Senders {
    blocked: Vec<String>,
    allowed: Vec<String>,
    unwanted: Unwanted,
}

impl Senders {
    /// Takes phone numbers and BSUIDs as WhatsApp writes them. An empty `allowed` means everybody.
    pub(crate) fn new(blocked: Vec<String>, allowed: Vec<String>, unwanted: Unwanted) -> Self {
        Self {
            blocked,
            allowed,
            unwanted,
        }
    }

    /// Returns the customer's blocked identifier, if one is blocked.
    #[must_use]
    pub fn blocked_by<'a>(&self, customer: &'a CustomerIdentity) -> Option<&'a str> {
        let is_blocked = |identifier: &&str| self.blocked.iter().any(|entry| entry == identifier);
        customer.identifiers().find(is_blocked)
    }

    /// Returns the phone numbers and BSUIDs that the owner blocks.
    pub fn blocked(&self) -> impl Iterator<Item = &str> {
        self.blocked.iter().map(String::as_str)
    }

    /// Returns what happens to this customer's messages, if they are not accepted.
    #[must_use]
    pub fn unwanted(&self, customer: &CustomerIdentity) -> Option<Unwanted> {
        let is_in = |list: &[String]| {
            customer
                .identifiers()
                .any(|identifier| list.iter().any(|entry| entry == identifier))
        };
        let is_allowed = self.allowed.is_empty() || is_in(&self.allowed);
        (!is_allowed || is_in(&self.blocked)).then_some(self.unwanted)
    }
}

// `Debug` must not print the phone numbers.
impl std::fmt::Debug for Senders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (blocked, allowed) = (self.blocked.len(), self.allowed.len());
        write!(f, "Senders({blocked} blocked, {allowed} allowed)")
    }
}
