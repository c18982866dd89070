//! WhatsApp's reports of changed identifiers.

use chrono::serde::ts_seconds;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ConversationKey, CustomerIdentity, PhoneNumberId, Wamid};

/// A report by WhatsApp that a customer's identifiers have changed. It is not a message of the
/// customer: it opens neither a request nor the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityChange {
    /// The business number that received the report.
    pub phone_number_id: PhoneNumberId,
    /// WhatsApp's id of the system message.
    pub wamid: Wamid,
    /// The former identifiers.
    pub former: CustomerIdentity,
    /// The new identifiers.
    pub new: CustomerIdentity,
    /// The time of the change, by WhatsApp's clock.
    #[serde(with = "ts_seconds")]
    pub changed_at: DateTime<Utc>,
}

impl IdentityChange {
    /// Returns the conversation that the former identifiers lead to first.
    #[must_use]
    pub fn former_key(&self) -> ConversationKey {
        let former = self.former.identifiers().next().unwrap_or_default();
        ConversationKey::new(&self.phone_number_id, former)
    }
}
