//! What other senders of a business number write to customers.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::envelope;
use super::statuses::StatusNews;
use crate::lock;
use crate::problem::Problem;
use crate::webhook::Outcome;
use crate::whatsapp::WhatsappSimulator;
use crate::whatsapp::config::PhoneNumber;
use crate::whatsapp::options::Holder;
use crate::whatsapp::state::Customer;
use crate::whatsapp::state::chat::{ChatMessage, Direction, Sender};

/// A text of another sender.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Echo {
    text: String,
    /// If absent, Meta's agent while it holds the conversation, and else somebody with the app.
    by: Option<Sender>,
    phone_number_id: Option<String>,
}

impl WhatsappSimulator {
    /// Shows the text on the customer's phone and tells Casement. Returns the message's wamid, its
    /// sender and the outcome of the first attempt.
    ///
    /// # Errors
    /// The business number does not exist, or the text is empty.
    pub(crate) async fn echo(
        &self,
        key: &str,
        echo: Echo,
    ) -> Result<(String, Sender, Outcome), Problem> {
        if echo.text.trim().is_empty() {
            return Err(Problem::bad_request("The member text is empty."));
        }
        let number = self.number(echo.phone_number_id.as_deref())?;
        let (message, parcel, statuses) = {
            let mut state = lock(&self.shared.state);
            let holder = self.holder(&state, &number.id, key);
            let by = echo.by.unwrap_or(match holder {
                Holder::MetaAgent => Sender::MetaAgent,
                Holder::Casement => Sender::BusinessApp,
            });
            let customer = state.customer_mut(key, self.shared.config.seed);
            let message = self.written(customer, &number, echo.text, by);
            customer.chat.push(message.clone());
            let is_standby = holder == Holder::MetaAgent || by == Sender::MetaAgent;
            let config = &self.shared.config;
            let body = if is_standby {
                let members = json!({"message_echoes": [on_standby(&message, customer)]});
                envelope::standby(config, &number, members)
            } else {
                let members = json!({"message_echoes": [from_app(&message, customer, &number)]});
                envelope::on_field(config, &number, "smb_message_echoes", members)
            };
            let subject = format!("echo {}", message.wamid);
            let parcel = envelope::parcel(config, &state.options, subject, &body);
            let news = [
                StatusNews::Went("sent", None),
                StatusNews::Went("delivered", None),
            ];
            let statuses = self.parcels(&state, key, &message, &news);
            (message, parcel, statuses)
        };
        let by = message.sender.unwrap_or(Sender::BusinessApp);
        let outcome = self.shared.outbox.send_now(parcel).await;
        self.send_in_order(statuses);
        Ok((message.wamid, by, outcome))
    }

    fn written(
        &self,
        customer: &Customer,
        number: &PhoneNumber,
        text: String,
        by: Sender,
    ) -> ChatMessage {
        ChatMessage {
            direction: Direction::Out,
            wamid: self.shared.ids.wamid(customer.wamid_part()),
            kind: "text".to_owned(),
            text,
            timestamp: self.now().timestamp(),
            status: "delivered",
            error: None,
            template: None,
            buttons: Vec::new(),
            context_wamid: None,
            media: None,
            phone_number_id: number.id.clone(),
            sender: Some(by),
            callback_data: None,
            list: false,
            by_phone: !customer.hide_phone,
        }
    }
}

/// Returns the members that name the recipient: `phone` and `user_id` are their names.
fn recipient(customer: &Customer, phone: &str, user_id: &str) -> Map<String, Value> {
    let mut members = Map::new();
    if let Some(number) = customer.phone.as_ref().filter(|_| !customer.hide_phone) {
        members.insert(phone.to_owned(), json!(number));
    }
    if let Some(id) = &customer.user_id {
        members.insert(user_id.to_owned(), json!(id));
    }
    members
}

/// Source: Meta, "Standby webhooks".
fn on_standby(message: &ChatMessage, customer: &Customer) -> Value {
    let mut content = recipient(customer, "to", "recipient");
    content.insert("recipient_type".to_owned(), json!("individual"));
    content.insert("type".to_owned(), json!("text"));
    content.insert("text".to_owned(), json!({"body": message.text}));
    json!({
        "id": message.wamid,
        "timestamp": message.timestamp.to_string(),
        "message": content,
    })
}

/// Source: Meta, "`smb_message_echoes` webhook reference".
fn from_app(message: &ChatMessage, customer: &Customer, number: &PhoneNumber) -> Value {
    let mut echo = recipient(customer, "to", "to_user_id");
    echo.insert("from".to_owned(), json!(number.display));
    echo.insert("id".to_owned(), json!(message.wamid));
    let timestamp = message.timestamp.to_string();
    echo.insert("timestamp".to_owned(), json!(timestamp));
    echo.insert("type".to_owned(), json!("text"));
    echo.insert("text".to_owned(), json!({"body": message.text}));
    Value::Object(echo)
}
