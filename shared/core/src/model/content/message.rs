//! A message with its sender and its circumstances.

use chrono::serde::ts_seconds;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::pages::Pages;
use super::{Context, Enrichment, InboundContent, Via, stored};
use crate::model::adf::Document;
use crate::model::identity::{CustomerIdentity, PhoneNumberId, Wamid};
use crate::model::private::Private;

/// A customer's message, or another event of the conversation that agents see in its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundMessage {
    /// The business number that received it.
    pub phone_number_id: PhoneNumberId,
    pub wamid: Wamid,
    /// The customer, whoever wrote.
    pub from: CustomerIdentity,
    /// Who wrote, and to whom.
    #[serde(default, skip_serializing_if = "Via::is_direct")]
    pub via: Via,
    /// The sender's name in WhatsApp.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_name: Option<Private<String>>,
    /// The time by WhatsApp's clock.
    #[serde(
        serialize_with = "ts_seconds::serialize",
        deserialize_with = "stored::told"
    )]
    pub sent_at: DateTime<Utc>,
    pub content: InboundContent,
    /// The circumstances of the message.
    #[serde(default, skip_serializing_if = "Context::is_empty")]
    pub context: Context,
}

impl InboundMessage {
    /// Returns the message as an agent reads it: see [`InboundContent::documents`].
    #[must_use]
    pub fn documents(&self, enrichment: &Enrichment) -> Vec<Document> {
        let rest = enrichment.rest.as_ref();
        self.pages(enrichment).finish(rest)
    }

    fn pages(&self, enrichment: &Enrichment) -> Pages {
        self.content.pages(self.via, &self.context, enrichment)
    }

    /// Returns whether the customer may see the comment in the portal. What other senders write
    /// and do is for agents.
    #[must_use]
    pub fn is_for_customers(&self) -> bool {
        self.via.is_direct() && !matches!(self.content, InboundContent::Handover(_))
    }

    /// Returns whether the message is the customer's own word to us, for which WhatsApp has an id.
    #[must_use]
    pub fn is_written_to_us(&self) -> bool {
        self.via.is_direct()
            && !matches!(
                self.content,
                InboundContent::Call(_) | InboundContent::Handover(_)
            )
    }

    /// Returns the text that goes into a file because the message is too long for comments, if it
    /// is.
    #[must_use]
    pub fn rest(&self, enrichment: &Enrichment) -> Option<Private<String>> {
        self.pages(enrichment).rest().map(Private::from)
    }

    /// Returns the name of that file, unique to this message.
    #[must_use]
    pub fn rest_name(&self) -> String {
        format!("rest-of-message-{}.txt", &self.wamid.fingerprint()[..8])
    }

    /// Returns the earlier message that this one replies to, changes, deletes or reacts to.
    #[must_use]
    pub fn earlier(&self) -> Option<&Wamid> {
        let answered = self.context.reply_to.as_ref();
        self.content.concerns().or(answered)
    }
}
