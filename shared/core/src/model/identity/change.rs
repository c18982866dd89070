//! What WhatsApp says of a customer whose identifiers change.

use chrono::serde::ts_seconds;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{ConversationKey, CustomerIdentity, PhoneNumberId, Wamid};

/// What WhatsApp says of a customer whose identifiers have changed. It is no message of the
/// customer: it opens neither a request nor the window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityChange {
    /// The business number that was told.
    pub phone_number_id: PhoneNumberId,
    /// WhatsApp's id of the system message.
    pub wamid: Wamid,
    /// What the customer had.
    pub former: CustomerIdentity,
    /// What the customer has.
    pub new: CustomerIdentity,
    /// When, by WhatsApp's clock.
    #[serde(with = "ts_seconds")]
    pub changed_at: DateTime<Utc>,
}

impl IdentityChange {
    /// The conversation that the former identifiers lead to first.
    #[must_use]
    pub fn former_key(&self) -> ConversationKey {
        let former = self.former.identifiers().next().unwrap_or_default();
        ConversationKey::new(&self.phone_number_id, former)
    }
}
