//! Customers who call the business number.

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::envelope;
use crate::lock;
use crate::problem::Problem;
use crate::webhook::Outcome;
use crate::whatsapp::WhatsappSimulator;
use crate::whatsapp::config::PhoneNumber;
use crate::whatsapp::state::chat::{ChatMessage, Direction};
use crate::whatsapp::state::{Customer, State, window};

/// How long a call lasts if nobody says, in seconds.
const USUAL_LENGTH: u32 = 60;

/// The longest call, in seconds: a day.
const LONGEST: u32 = 86_400;

/// A call of a customer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhoneCall {
    #[serde(default)]
    answered: bool,
    duration_s: Option<u32>,
    profile_name: Option<String>,
    phone_number_id: Option<String>,
}

impl WhatsappSimulator {
    /// Calls the business number; the call ends now. Returns its id and the outcome of the first
    /// attempt to tell how it ended.
    ///
    /// # Errors
    /// The business number does not exist, or there is no such call.
    pub(crate) async fn call(
        &self,
        key: &str,
        call: PhoneCall,
    ) -> Result<(String, Outcome), Problem> {
        let number = self.number(call.phone_number_id.as_deref())?;
        let length = match (call.answered, call.duration_s) {
            (true, length) => length.unwrap_or(USUAL_LENGTH),
            (false, None) => 0,
            (false, Some(_)) => {
                return Err(Problem::bad_request(
                    "Only a call that was answered has a duration_s.",
                ));
            }
        };
        if length > LONGEST {
            let detail = format!("A call lasts at most {LONGEST} seconds.");
            return Err(Problem::bad_request(detail));
        }
        let id = format!("wacid.{}", self.shared.ids.token());
        let parcels = {
            let mut state = lock(&self.shared.state);
            let customer = state.customer_mut(key, self.shared.config.seed);
            if let Some(name) = call.profile_name {
                customer.profile_name = name;
            }
            let customer = customer.clone();
            let events = self.events(&id, &customer, &number, call.answered.then_some(length));
            let mut parcels = Vec::new();
            for event in events {
                let members = json!({"contacts": [envelope::contact(&customer)], "calls": [event]});
                let config = &self.shared.config;
                let body = envelope::on_field(config, &number, "calls", members);
                self.record(&mut state, &body);
                let subject = format!("call {id}");
                parcels.push(envelope::parcel(config, &state.options, subject, &body));
            }
            parcels
        };
        let mut last = Outcome::Unreachable;
        for parcel in parcels {
            last = self.shared.outbox.send_now(parcel).await;
        }
        Ok((id, last))
    }

    /// Returns what happens in a call of this length in seconds, or in one that nobody answers.
    ///
    /// Source: Meta, "Calling API", webhooks of calls that a user begins.
    fn events(
        &self,
        id: &str,
        customer: &Customer,
        number: &PhoneNumber,
        length: Option<u32>,
    ) -> [Value; 2] {
        let end = self.now();
        let start = end - TimeDelta::seconds(length.unwrap_or_default().into());
        let (start, end) = (start.timestamp().to_string(), end.timestamp().to_string());
        let mut call = Map::new();
        call.insert("id".to_owned(), json!(id));
        if let Some(phone) = customer.phone.as_ref().filter(|_| !customer.hide_phone) {
            call.insert("from".to_owned(), json!(phone));
        }
        if let Some(user_id) = &customer.user_id {
            call.insert("from_user_id".to_owned(), json!(user_id));
        }
        call.insert("to".to_owned(), json!(number.display));
        call.insert("direction".to_owned(), json!("USER_INITIATED"));
        let mut connect = Value::Object(call);
        let mut terminate = connect.clone();
        connect["event"] = json!("connect");
        connect["timestamp"] = json!(start);
        connect["session"] = json!({"sdp_type": "offer", "sdp": "v=0\r\ns=-\r\nt=0 0\r\n"});
        terminate["event"] = json!("terminate");
        terminate["timestamp"] = json!(end);
        match length {
            None => terminate["status"] = json!("FAILED"),
            Some(length) => {
                terminate["status"] = json!("COMPLETED");
                terminate["start_time"] = json!(start);
                terminate["end_time"] = json!(end);
                terminate["duration"] = json!(length);
            }
        }
        [connect, terminate]
    }

    /// Records a customer's call: it opens the window when it begins, and is shown in the chat when
    /// it has ended.
    pub(crate) fn record_call(&self, state: &mut State, number: &str, key: &str, call: &Value) {
        if call["direction"] != "USER_INITIATED" {
            return;
        }
        let at = window::timestamp(&call["timestamp"]).unwrap_or_else(|| self.now());
        if call["event"] == "connect" {
            state.open_window(number, key, at + window::WINDOW);
            return;
        }
        let Some(id) = call["id"].as_str() else {
            return;
        };
        let customer = state.customer_mut(key, self.shared.config.seed);
        if customer.chat.iter().any(|shown| shown.wamid == id) {
            return;
        }
        customer.chat.push(ChatMessage {
            direction: Direction::In,
            wamid: id.to_owned(),
            kind: "call".to_owned(),
            text: shown(call["duration"].as_i64()),
            timestamp: at.timestamp(),
            status: "delivered",
            error: None,
            template: None,
            buttons: Vec::new(),
            context_wamid: None,
            media: None,
            phone_number_id: number.to_owned(),
            sender: None,
            callback_data: None,
            list: false,
            by_phone: false,
        });
    }
}

/// Returns what the phone shows of a call of this length in seconds.
fn shown(length: Option<i64>) -> String {
    match length {
        None => "Call, not answered".to_owned(),
        Some(length @ ..60) => format!("Call, {length} s"),
        Some(length) => format!("Call, {} min", length / 60),
    }
}
