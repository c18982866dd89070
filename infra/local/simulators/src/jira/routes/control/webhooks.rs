//! The control API's calls about Jira's webhooks.

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Answer;
use crate::jira::JiraSimulator;
use crate::jira::webhooks::events;
use crate::webhook::{Delivery, Sign, SignQuery};

pub(super) fn router() -> Router<JiraSimulator> {
    Router::new()
        .route(
            "/api/webhooks/jira",
            get(list_deliveries).post(send_webhook),
        )
        .route("/api/webhooks/jira/replay", post(replay))
}

async fn list_deliveries(State(simulator): State<JiraSimulator>) -> Json<Vec<Delivery>> {
    Json(simulator.shared.outbox.deliveries())
}

/// Posts any body to Casement once, and answers with Casement's answer.
async fn send_webhook(
    State(simulator): State<JiraSimulator>,
    query: Result<Query<SignQuery>, QueryRejection>,
    body: Bytes,
) -> Answer<Value> {
    let Query(query) = query?;
    let headers = headers(&simulator, query.sign, &body);
    simulator.shared.outbox.send_raw(headers, &body).await
}

/// Sends every webhook so far once more, in the same order.
async fn replay(State(simulator): State<JiraSimulator>) -> Json<Value> {
    let headers = |body: &[u8]| headers(&simulator, Sign::Right, body);
    let count = simulator.shared.outbox.replay(headers).await;
    Json(json!({"replayed": count}))
}

fn headers(simulator: &JiraSimulator, sign: Sign, body: &[u8]) -> Vec<(&'static str, String)> {
    let signature = sign.signature(&simulator.shared.config.webhook_secret, body);
    let mut headers = events::headers(signature);
    headers.push((
        "X-Atlassian-Webhook-Identifier",
        simulator.shared.ids.token(),
    ));
    headers.push(("X-Atlassian-Webhook-Flow", "Primary".to_owned()));
    headers
}
