//! Conversations that change hands between Casement and Meta's agent.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::envelope;
use crate::lock;
use crate::problem::Problem;
use crate::webhook::Outcome;
use crate::whatsapp::WhatsappSimulator;
use crate::whatsapp::config::PhoneNumber;
use crate::whatsapp::options::Holder;
use crate::whatsapp::state::{Customer, State};

/// The id of the app of Meta's agent.
const AGENT_APP: &str = "1205236764812935";

/// The change of a conversation's holder.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandOver {
    to: Holder,
    /// What Meta's agent says of the conversation when it passes it on.
    summary: Option<String>,
    phone_number_id: Option<String>,
}

impl WhatsappSimulator {
    /// Returns who holds a conversation now, or will after the customer's next message.
    pub(crate) fn holder(&self, state: &State, number: &str, key: &str) -> Holder {
        let usual = state.options.default_holder;
        state.threads.holder(number, key, usual, self.now())
    }

    /// Changes the holder of a conversation. Returns the outcome of the first attempt to tell
    /// Casement, or `None` if there is nothing to tell.
    ///
    /// # Errors
    /// The business number does not exist.
    pub(crate) async fn hand_over(
        &self,
        key: &str,
        change: HandOver,
    ) -> Result<Option<Outcome>, Problem> {
        let number = self.number(change.phone_number_id.as_deref())?;
        let parcel = {
            let mut state = lock(&self.shared.state);
            let from = self.holder(&state, &number.id, key);
            let now = self.now();
            state.threads.hand_over(&number.id, key, change.to, now);
            if from == change.to {
                return Ok(None);
            }
            let customer = state.customer_mut(key, self.shared.config.seed).clone();
            let value = self.handover(&number, &customer, &change);
            let field = "messaging_handovers";
            let body = envelope::change(&self.shared.config, None, field, value);
            let subject = format!("handover to {:?}", change.to);
            envelope::parcel(&self.shared.config, &state.options, subject, &body)
        };
        Ok(Some(self.shared.outbox.send_now(parcel).await))
    }

    /// Source: Meta, "`messaging_handovers` webhook reference": the new owner is told that control
    /// was passed, the previous one that it was taken.
    fn handover(&self, number: &PhoneNumber, customer: &Customer, change: &HandOver) -> Value {
        let mut sender = Map::new();
        if let Some(phone) = customer.phone.as_ref().filter(|_| !customer.hide_phone) {
            sender.insert("phone_number".to_owned(), json!(phone));
            sender.insert("wa_id".to_owned(), json!(phone));
        }
        if let Some(user_id) = &customer.user_id {
            sender.insert("user_id".to_owned(), json!(user_id));
        }
        let (kind, mut details) = match change.to {
            Holder::Casement => (
                "control_passed",
                json!({
                    "metadata": "escalation",
                    "previous_owner_app_id": AGENT_APP,
                    "previous_owner_app_role": "meta_business_agent",
                    "previous_owner_role": "ai_agent",
                    "new_owner_role": "escalation",
                }),
            ),
            Holder::MetaAgent => (
                "control_taken",
                json!({
                    "previous_owner_app_id": self.shared.config.app_id,
                    "previous_owner_role": "escalation",
                    "new_owner_role": "ai_agent",
                }),
            ),
        };
        if let (Holder::Casement, Some(summary)) = (change.to, &change.summary) {
            details["conversation_context"] =
                json!({"type": "summary", "summary": {"text": summary}});
        }
        json!({
            "messaging_product": "whatsapp",
            "recipient": {
                "display_phone_number": number.display,
                "phone_number_id": number.id,
            },
            "sender": sender,
            "timestamp": self.now().timestamp().to_string(),
            "type": kind,
            kind: details,
        })
    }
}
