//! The control API's calls that act as Meta and as other senders of the business number.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::routing::{post, put};
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use super::{Answer, key_of};
use crate::lock;
use crate::problem::body_of;
use crate::webhook::Outcome;
use crate::whatsapp::WhatsappSimulator;
use crate::whatsapp::state::Details;
use crate::whatsapp::webhooks::calls::PhoneCall;
use crate::whatsapp::webhooks::echo::Echo;
use crate::whatsapp::webhooks::handover::HandOver;

pub(super) fn router() -> Router<WhatsappSimulator> {
    Router::new()
        .route("/api/customers/{phone}", put(change_customer))
        .route("/api/customers/{phone}/handover", post(hand_over))
        .route("/api/customers/{phone}/echo", post(echo))
        .route("/api/customers/{phone}/call", post(call))
        .route("/api/whatsapp/account_events", post(report_event))
}

/// Changes what the customer shows of themself. Casement sees it in their next message.
async fn change_customer(
    State(simulator): State<WhatsappSimulator>,
    Path(phone): Path<String>,
    body: Bytes,
) -> Answer<Value> {
    let key = key_of(&phone)?;
    let details = body_of::<Details>(&body)?;
    let mut state = lock(&simulator.shared.state);
    let customer = state.customer_mut(&key, simulator.shared.config.seed);
    customer.change(details);
    Ok(Json(json!(customer)))
}

async fn hand_over(
    State(simulator): State<WhatsappSimulator>,
    Path(phone): Path<String>,
    body: Bytes,
) -> Answer<Value> {
    let key = key_of(&phone)?;
    let change = body_of::<HandOver>(&body)?;
    let outcome = simulator.hand_over(&key, change).await?;
    let status = outcome.as_ref().map(Outcome::status);
    Ok(Json(json!({"webhook_status": status})))
}

async fn echo(
    State(simulator): State<WhatsappSimulator>,
    Path(phone): Path<String>,
    body: Bytes,
) -> Answer<Value> {
    let key = key_of(&phone)?;
    let echo = body_of::<Echo>(&body)?;
    let (wamid, by, outcome) = simulator.echo(&key, echo).await?;
    Ok(Json(
        json!({"wamid": wamid, "by": by, "webhook_status": outcome.status()}),
    ))
}

async fn call(
    State(simulator): State<WhatsappSimulator>,
    Path(phone): Path<String>,
    body: Bytes,
) -> Answer<Value> {
    let key = key_of(&phone)?;
    let body: &[u8] = if body.is_empty() { b"{}" } else { &body };
    let call = body_of::<PhoneCall>(body)?;
    let (id, outcome) = simulator.call(&key, call).await?;
    Ok(Json(
        json!({"call_id": id, "webhook_status": outcome.status()}),
    ))
}

async fn report_event(State(simulator): State<WhatsappSimulator>, body: Bytes) -> Answer<Value> {
    let event = body_of::<Map<String, Value>>(&body)?;
    let told = simulator.report_event(event).await?;
    Ok(Json(json!({
        "field": told.field,
        "value": told.value,
        "webhook_status": told.outcome.status(),
    })))
}
