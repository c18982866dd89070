//! The control API's calls that act as customers.

mod media;
mod meta;
mod templates;

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::lock;
use crate::options;
use crate::problem::{Problem, body_of};
use crate::webhook::{Delivery, Outcome, Sign, SignQuery};
use crate::whatsapp::WhatsappSimulator;
use crate::whatsapp::options::Options;
use crate::whatsapp::setup::Setup;
use crate::whatsapp::state::chat::{Button, ChatMessage, Direction};
use crate::whatsapp::state::customer_key;
use crate::whatsapp::webhooks::envelope;
use crate::whatsapp::webhooks::incoming::FromPhone;

pub(crate) type Answer<T> = Result<Json<T>, Problem>;

pub(crate) fn router(simulator: WhatsappSimulator) -> Router {
    Router::new()
        .route("/api/customers", get(list_customers))
        .route(
            "/api/customers/{phone}/messages",
            get(list_chat).post(write_message),
        )
        .route("/api/customers/{phone}/tap", post(tap))
        .route("/api/customers/{phone}/read", post(read))
        .route(
            "/api/whatsapp/options",
            get(show_options).post(change_options),
        )
        .route("/api/whatsapp/setup", get(show_setup).post(change_setup))
        .route(
            "/api/webhooks/whatsapp",
            get(list_deliveries).post(send_webhook),
        )
        .route("/api/webhooks/whatsapp/replay", post(replay))
        .merge(media::router())
        .merge(meta::router())
        .route("/api/whatsapp/templates", get(templates::show))
        .route(
            "/api/whatsapp/templates/{name}/{language}/status",
            post(templates::change_status),
        )
        .with_state(simulator)
}

/// Returns the key of the customer that a path names.
pub(crate) fn key_of(phone: &str) -> Result<String, Problem> {
    customer_key(phone).ok_or_else(|| {
        Problem::bad_request("A customer is a phone number in digits or a business-scoped user ID.")
    })
}

async fn list_customers(State(simulator): State<WhatsappSimulator>) -> Json<Value> {
    let state = lock(&simulator.shared.state);
    let numbers = &simulator.shared.config.phone_numbers;
    let customers: Vec<Value> = state
        .customers()
        .map(|(key, customer)| {
            let windows: Map<String, Value> = numbers
                .iter()
                .filter_map(|number| {
                    let end = state.window(&number.id, key)?;
                    Some((number.id.clone(), json!(end)))
                })
                .collect();
            let holders: Map<String, Value> = numbers
                .iter()
                .map(|number| {
                    let holder = simulator.holder(&state, &number.id, key);
                    (number.id.clone(), json!(holder))
                })
                .collect();
            json!({
                "customer": key,
                "profile": customer,
                "window_expires_at": windows,
                "holders": holders,
                "messages": customer.chat.len(),
                "last": customer.chat.last(),
            })
        })
        .collect();
    Json(json!(customers))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listing {
    /// How many of the latest messages to list.
    last: Option<usize>,
}

async fn list_chat(
    State(simulator): State<WhatsappSimulator>,
    Path(phone): Path<String>,
    query: Result<Query<Listing>, QueryRejection>,
) -> Answer<Vec<ChatMessage>> {
    let Query(Listing { last }) = query?;
    let key = key_of(&phone)?;
    let state = lock(&simulator.shared.state);
    let mut chat = state
        .customer(&key)
        .map_or_else(Vec::new, |customer| customer.chat.clone());
    chat.sort_by_key(|message| message.timestamp);
    let left_out = last.map_or(0, |last| chat.len().saturating_sub(last));
    Ok(Json(chat.split_off(left_out)))
}

async fn write_message(
    State(simulator): State<WhatsappSimulator>,
    Path(phone): Path<String>,
    body: Bytes,
) -> Answer<Value> {
    let key = key_of(&phone)?;
    let message = body_of::<FromPhone>(&body)?;
    told(simulator.receive(&key, message).await?)
}

/// Answers a call that sends a message.
pub(crate) fn told((wamid, outcome): (String, Outcome)) -> Answer<Value> {
    Ok(Json(
        json!({"wamid": wamid, "webhook_status": outcome.status()}),
    ))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tap {
    wamid: String,
    button_id: String,
}

async fn tap(
    State(simulator): State<WhatsappSimulator>,
    Path(phone): Path<String>,
    body: Bytes,
) -> Answer<Value> {
    let key = key_of(&phone)?;
    let tap = body_of::<Tap>(&body)?;
    let message = simulator.tapped(&key, &tap)?;
    told(simulator.receive(&key, message).await?)
}

impl WhatsappSimulator {
    /// Returns the message that the phone sends when a button is tapped.
    ///
    /// Source: Meta, "interactive messages webhook reference", "button messages webhook reference",
    /// "Business-scoped user IDs".
    fn tapped(&self, key: &str, tap: &Tap) -> Result<FromPhone, Problem> {
        let state = lock(&self.shared.state);
        let chat = state.customer(key).map(|customer| &customer.chat);
        let shown = chat
            .into_iter()
            .flatten()
            .find(|message| {
                message.direction == Direction::Out
                    && message.wamid == tap.wamid
                    && message.status != "failed"
            })
            .ok_or_else(|| Problem::not_found("The phone shows no such message."))?;
        let button = shown
            .buttons
            .iter()
            .find(|button| button.id == tap.button_id)
            .ok_or_else(|| Problem::not_found("The message has no such button."))?;
        if button.link.is_some() {
            return Err(Problem::bad_request(
                "This button opens an address; nothing is sent when it is tapped.",
            ));
        }
        let number = self.shared.config.number(Some(&shown.phone_number_id));
        let business = number.map_or("", |number| number.display.as_str());

        let mut message = if button.id == Button::SHARES_CONTACT {
            let phone = state.customer(key).and_then(|own| own.phone.as_ref());
            let phone = phone.ok_or_else(|| {
                Problem::bad_request("This customer has no phone number that could be shared.")
            })?;
            own_card(phone)
        } else if shown.template.is_some() {
            json!({"type": "button", "button": {"payload": button.id, "text": button.title}})
        } else {
            let reply = if shown.list {
                "list_reply"
            } else {
                "button_reply"
            };
            json!({"type": "interactive", "interactive": {"type": reply, reply: button}})
        };
        message["context"] = json!({"from": business, "id": shown.wamid});
        let members = message.as_object().cloned().unwrap_or_default();
        Ok(FromPhone::plain(members, shown.phone_number_id.clone()))
    }
}

/// Makes the message that shares a customer's own contact card.
///
/// Source: Meta, "Business-scoped user IDs".
fn own_card(phone: &str) -> Value {
    let phone = json!({"phone": format!("+{phone}"), "wa_id": phone, "type": "CELL"});
    json!({"type": "contacts", "contacts": [{"origin": "contact_request", "phones": [phone]}]})
}

async fn read(
    State(simulator): State<WhatsappSimulator>,
    Path(phone): Path<String>,
) -> Answer<Value> {
    let key = key_of(&phone)?;
    Ok(Json(json!({"read": simulator.read_chat(&key)})))
}

async fn show_options(State(simulator): State<WhatsappSimulator>) -> Json<Options> {
    Json(lock(&simulator.shared.state).options.clone())
}

async fn change_options(
    State(simulator): State<WhatsappSimulator>,
    body: Bytes,
) -> Answer<Options> {
    let changes = body_of::<Map<String, Value>>(&body)?;
    let mut state = lock(&simulator.shared.state);
    state.options = options::with_changes(&state.options, changes)?;
    Ok(Json(state.options.clone()))
}

async fn show_setup(State(simulator): State<WhatsappSimulator>) -> Json<Setup> {
    Json(lock(&simulator.shared.state).setup.clone())
}

async fn change_setup(State(simulator): State<WhatsappSimulator>, body: Bytes) -> Answer<Setup> {
    let changes = body_of::<Map<String, Value>>(&body)?;
    let mut state = lock(&simulator.shared.state);
    state.setup = options::with_changes(&state.setup, changes)?;
    Ok(Json(state.setup.clone()))
}

async fn list_deliveries(State(simulator): State<WhatsappSimulator>) -> Json<Vec<Delivery>> {
    Json(simulator.shared.outbox.deliveries())
}

/// Posts any body to Casement once, and answers with Casement's answer.
async fn send_webhook(
    State(simulator): State<WhatsappSimulator>,
    query: Result<Query<SignQuery>, QueryRejection>,
    body: Bytes,
) -> Answer<Value> {
    let Query(query) = query?;
    // A webhook without a valid signature from Meta was not caused by a customer either.
    if query.sign == Sign::Right
        && let Ok(value) = serde_json::from_slice(&body)
    {
        simulator.record(&mut lock(&simulator.shared.state), &value);
    }
    let signature = query
        .sign
        .signature(&simulator.shared.config.app_secret, &body);
    simulator
        .shared
        .outbox
        .send_raw(envelope::headers(signature), &body)
        .await
}

/// Sends every webhook so far once more, in the same order. Adds nothing to the chats.
async fn replay(State(simulator): State<WhatsappSimulator>) -> Json<Value> {
    let secret = &simulator.shared.config.app_secret;
    let headers = |body: &[u8]| envelope::headers(Sign::Right.signature(secret, body));
    let count = simulator.shared.outbox.replay(headers).await;
    Json(json!({"replayed": count}))
}
