//! Messages from customers.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::envelope;
use crate::lock;
use crate::problem::Problem;
use crate::webhook::Outcome;
use crate::whatsapp::WhatsappSimulator;
use crate::whatsapp::config::PhoneNumber;
use crate::whatsapp::options::Holder;
use crate::whatsapp::state::chat::{self, ChatMessage, Direction};
use crate::whatsapp::state::window;
use crate::whatsapp::state::{Details, State, customer_key};

/// A message as the control API takes it: details of the customer, and the message itself.
#[derive(Debug, Deserialize)]
pub(crate) struct FromPhone {
    #[serde(flatten)]
    details: Details,
    phone_number_id: Option<String>,
    #[serde(flatten)]
    message: Map<String, Value>,
}

impl FromPhone {
    /// Creates a message to this business number without details of the customer.
    pub(crate) fn plain(message: Map<String, Value>, phone_number_id: String) -> Self {
        Self {
            details: Details::default(),
            phone_number_id: Some(phone_number_id),
            message,
        }
    }

    /// Sets the customer's name, or keeps it if `None`.
    pub(crate) fn with_profile_name(mut self, profile_name: Option<String>) -> Self {
        self.details.profile_name = profile_name;
        self
    }
}

impl WhatsappSimulator {
    /// Returns the business number with this id, or the first one if no id is given.
    ///
    /// # Errors
    /// The business number does not exist.
    pub(crate) fn number(&self, id: Option<&str>) -> Result<PhoneNumber, Problem> {
        let number = self.shared.config.number(id).cloned();
        number.ok_or_else(|| Problem::not_found("There is no such business phone number."))
    }

    /// Sends a customer's message to Casement. Returns its wamid and the outcome of the first
    /// attempt.
    ///
    /// # Errors
    /// The business number does not exist.
    pub(crate) async fn receive(
        &self,
        key: &str,
        from: FromPhone,
    ) -> Result<(String, Outcome), Problem> {
        let config = &self.shared.config;
        let number = self.number(from.phone_number_id.as_deref())?;
        let (wamid, parcel) = {
            let mut state = lock(&self.shared.state);
            let (wamid, body) = self.compose(&mut state, key, from, &number);
            self.record(&mut state, &body);
            let standby = match body.pointer("/entry/0/changes/0/field") {
                Some(field) if field == "standby" => "standby ",
                _ => "",
            };
            let subject = format!("{standby}message {wamid}");
            (
                wamid,
                envelope::parcel(config, &state.options, subject, &body),
            )
        };
        let outcome = self.shared.outbox.send_now(parcel).await;
        Ok((wamid, outcome))
    }

    fn compose(
        &self,
        state: &mut State,
        key: &str,
        from: FromPhone,
        number: &PhoneNumber,
    ) -> (String, Value) {
        let config = &self.shared.config;
        let holder = self.holder(state, &number.id, key);
        let customer = state.customer_mut(key, config.seed);
        customer.change(from.details);

        let mut message = from.message;
        if let Some(phone) = customer.phone.as_ref().filter(|_| !customer.hide_phone) {
            message.entry("from").or_insert_with(|| json!(phone));
        }
        if let Some(user_id) = &customer.user_id {
            message
                .entry("from_user_id")
                .or_insert_with(|| json!(user_id));
        }
        let wamid = message
            .entry("id")
            .or_insert_with(|| json!(self.shared.ids.wamid(customer.wamid_part())))
            .as_str()
            .unwrap_or_default()
            .to_owned();
        message
            .entry("timestamp")
            .or_insert_with(|| json!(self.now().timestamp().to_string()));

        // Meta sends no contacts with system messages.
        let members = if message.get("type").and_then(Value::as_str) == Some("system") {
            json!({"messages": [message]})
        } else {
            json!({"contacts": [envelope::contact(customer)], "messages": [message]})
        };
        let body = match holder {
            Holder::Casement => envelope::envelope(config, number, members),
            Holder::MetaAgent => envelope::standby(config, number, members),
        };
        (wamid, body)
    }

    /// Records the users' messages and calls of a webhook in the chats and opens their windows.
    ///
    /// The body may be anything. Whatever is not a message of a known shape is skipped.
    pub(crate) fn record(&self, state: &mut State, body: &Value) {
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        for entry in list(&body["entry"]) {
            for change in list(&entry["changes"]) {
                let value = &change["value"];
                let number = value.pointer("/metadata/phone_number_id");
                let Some(number) = number.and_then(Value::as_str) else {
                    continue;
                };
                for part in [value, &value["standby"]] {
                    for message in list(&part["messages"]) {
                        self.record_message(state, number, &part["contacts"], &message);
                    }
                }
                for call in list(&value["calls"]) {
                    if let Some(key) = sender(state, &value["contacts"], &call) {
                        self.record_call(state, number, &key, &call);
                    }
                }
            }
        }
    }

    fn record_message(&self, state: &mut State, number: &str, contacts: &Value, message: &Value) {
        let seed = self.shared.config.seed;
        let Some(key) = sender(state, contacts, message) else {
            return;
        };
        let end = window::end_of_window(message, &state.options);
        if let Some(end) = end {
            state.open_window(number, &key, end);
            let usual = state.options.default_holder;
            state
                .threads
                .wrote(number, &key, usual, end - window::WINDOW);
        }
        let Some(wamid) = message["id"].as_str() else {
            return;
        };
        let media = state.media.shown_in(message);
        let customer = state.customer_mut(&key, seed);
        let seen = |shown: &ChatMessage| shown.direction == Direction::In && shown.wamid == wamid;
        if customer.chat.iter().any(seen) {
            return;
        }
        let timestamp = window::timestamp(&message["timestamp"]).unwrap_or_else(|| self.now());
        customer.chat.push(ChatMessage {
            direction: Direction::In,
            wamid: wamid.to_owned(),
            kind: message["type"].as_str().unwrap_or("unknown").to_owned(),
            text: chat::text_of(message),
            timestamp: timestamp.timestamp(),
            status: "delivered",
            error: None,
            template: None,
            buttons: Vec::new(),
            context_wamid: chat::context_of(message),
            media,
            phone_number_id: number.to_owned(),
            sender: None,
            callback_data: None,
            list: false,
            by_phone: false,
        });
    }
}

/// Returns the key of the customer who sent `message`.
fn sender(state: &State, contacts: &Value, message: &Value) -> Option<String> {
    let phone = message["from"].as_str().and_then(customer_key);
    if phone.is_some() {
        return phone;
    }
    let user_id = message["from_user_id"]
        .as_str()
        .or_else(|| contacts.pointer("/0/user_id")?.as_str())
        .and_then(customer_key)?;
    Some(state.key_of_user_id(&user_id).unwrap_or(user_id))
}
