//! What Casement is told of the messages that it sent.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::envelope::{self, contact};
use crate::lock;
use crate::webhook::Parcel;
use crate::whatsapp::WhatsappSimulator;
use crate::whatsapp::errors::GraphError;
use crate::whatsapp::options::Statuses;
use crate::whatsapp::state::chat::{ChatMessage, Direction, Sender};
use crate::whatsapp::state::{Customer, State};

/// The status in a status webhook.
#[derive(Debug)]
pub(crate) enum StatusNews {
    /// `sent`, `delivered` or `read`, with its price if there is one.
    Went(&'static str, Option<Value>),
    Failed(GraphError),
}

/// Returns the members of a webhook with one status.
///
/// Source: Meta, "status messages webhook reference"; "Business-scoped user IDs" for what a failed
/// status leaves out.
fn status(
    message: &ChatMessage,
    customer: &Customer,
    news: &StatusNews,
    now: DateTime<Utc>,
) -> Value {
    let mut status = Map::new();
    let name = match news {
        StatusNews::Went(name, _) => name,
        StatusNews::Failed(_) => "failed",
    };
    status.insert("id".to_owned(), json!(message.wamid));
    status.insert("status".to_owned(), json!(name));
    status.insert("timestamp".to_owned(), json!(now.timestamp().to_string()));

    let failed = matches!(news, StatusNews::Failed(_));
    let phone_known = if failed {
        message.by_phone
    } else {
        !customer.hide_phone
    };
    if let Some(phone) = customer.phone.as_ref().filter(|_| phone_known) {
        status.insert("recipient_id".to_owned(), json!(phone));
    }
    if let Some(user_id) = customer
        .user_id
        .as_ref()
        .filter(|_| !(failed && message.by_phone))
    {
        status.insert("recipient_user_id".to_owned(), json!(user_id));
    }
    if let Some(data) = &message.callback_data {
        status.insert("biz_opaque_callback_data".to_owned(), json!(data));
    }
    match news {
        StatusNews::Went(_, pricing) => {
            if let Some(pricing) = pricing {
                status.insert("pricing".to_owned(), pricing.clone());
            }
            json!({"contacts": [contact(customer)], "statuses": [status]})
        }
        StatusNews::Failed(error) => {
            status.insert("errors".to_owned(), json!([error.in_status()]));
            json!({"statuses": [status]})
        }
    }
}

/// Returns the statuses of a message that reaches the phone.
///
/// Source: Meta, "status messages webhook reference"; for a reaction only `sent` is reported.
pub(crate) fn news_of_delivery(order: Statuses, kind: &str, pricing: &Value) -> Vec<StatusNews> {
    let went = |name| StatusNews::Went(name, Some(pricing.clone()));
    match (order, kind) {
        (_, "reaction") => vec![went("sent")],
        (Statuses::Shuffled, _) => vec![went("delivered"), went("sent")],
        _ => vec![went("sent"), went("delivered")],
    }
}

impl WhatsappSimulator {
    /// Makes the signed webhooks that report `news`; none while status webhooks are switched off,
    /// and none of what was written in the app.
    pub(crate) fn parcels(
        &self,
        state: &State,
        key: &str,
        message: &ChatMessage,
        news: &[StatusNews],
    ) -> Vec<Parcel> {
        let config = &self.shared.config;
        let number = config.number(Some(&message.phone_number_id));
        let (Some(number), Some(customer)) = (number, state.customer(key)) else {
            return Vec::new();
        };
        let unreported = message.sender == Some(Sender::BusinessApp);
        if state.options.statuses == Statuses::None || unreported {
            return Vec::new();
        }
        news.iter()
            .map(|news| {
                let members = status(message, customer, news, self.now());
                let body = match message.sender {
                    None => envelope::envelope(config, number, members),
                    Some(_) => envelope::standby(config, number, members),
                };
                let subject = format!("status of {}", message.wamid);
                envelope::parcel(config, &state.options, subject, &body)
            })
            .collect()
    }

    /// Sends `parcels` in the background, each after the previous one was answered.
    pub(crate) fn send_in_order(&self, parcels: Vec<Parcel>) {
        if parcels.is_empty() {
            return;
        }
        let outbox = self.shared.outbox.clone();
        let ticket = outbox.activity().begin();
        self.shared.outbox.activity().spawn(async move {
            for parcel in parcels {
                outbox.send_now(parcel).await;
            }
            drop(ticket);
        });
    }

    /// Marks all delivered messages of the chat as read by the customer. Returns how many.
    pub(crate) fn read_chat(&self, key: &str) -> usize {
        let mut state = lock(&self.shared.state);
        let customer = state.customer_mut(key, self.shared.config.seed);
        let mut read = Vec::new();
        for message in &mut customer.chat {
            let reportable = message.kind != "reaction";
            if message.direction == Direction::Out && message.status == "delivered" && reportable {
                message.status = "read";
                read.push(message.clone());
            }
        }
        let news = [StatusNews::Went("read", None)];
        let parcels = read
            .iter()
            .flat_map(|message| self.parcels(&state, key, message, &news))
            .collect();
        drop(state);
        self.send_in_order(parcels);
        read.len()
    }
}
