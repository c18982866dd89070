//! Whose messages are taken in.

use serde::Deserialize;

use crate::model::identity::CustomerIdentity;

/// What becomes of a message that is not taken in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unwanted {
    /// It is put down that there was one, in the ledger and the conversation; Jira gets nothing.
    #[default]
    Record,
    /// Nothing at all is kept of it.
    Ignore,
}

/// Whose messages are taken in: of all, but for some; or of some only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Senders {
    blocked: Vec<String>,
    allowed: Vec<String>,
    unwanted: Unwanted,
}

impl Senders {
    /// Phone numbers and BSUIDs as WhatsApp writes them. `allowed` empty: everybody.
    pub(crate) fn new(blocked: Vec<String>, allowed: Vec<String>, unwanted: Unwanted) -> Self {
        Self {
            blocked,
            allowed,
            unwanted,
        }
    }

    /// The identifier of this customer that is blocked, if one is.
    #[must_use]
    pub fn blocked_by<'a>(&self, customer: &'a CustomerIdentity) -> Option<&'a str> {
        let is_blocked = |identifier: &&str| self.blocked.iter().any(|entry| entry == identifier);
        customer.identifiers().find(is_blocked)
    }

    /// What the owner blocks: phone numbers and BSUIDs.
    pub fn blocked(&self) -> impl Iterator<Item = &str> {
        self.blocked.iter().map(String::as_str)
    }

    /// What becomes of a message of this customer, if it is not taken in.
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

// It holds phone numbers.
impl std::fmt::Debug for Senders {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (blocked, allowed) = (self.blocked.len(), self.allowed.len());
        write!(f, "Senders({blocked} blocked, {allowed} allowed)")
    }
}
