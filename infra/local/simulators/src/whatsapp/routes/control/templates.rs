//! The control API's calls that act as WhatsApp's reviewers.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Answer;
use crate::lock;
use crate::problem::body_of;
use crate::whatsapp::WhatsappSimulator;

pub(super) async fn show(State(simulator): State<WhatsappSimulator>) -> Json<Value> {
    let templates = lock(&simulator.shared.state).templates();
    let shown: Vec<Value> = templates
        .iter()
        .map(|template| {
            json!({
                "name": template.name,
                "language": template.language,
                "status": template.status,
                "components": template.components,
            })
        })
        .collect();
    Json(json!(shown))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewStatus {
    status: String,
    reason: Option<String>,
}

/// Changes the status of a template and reports it to Casement.
pub(super) async fn change_status(
    State(simulator): State<WhatsappSimulator>,
    Path((name, language)): Path<(String, String)>,
    body: Bytes,
) -> Answer<Value> {
    let given = body_of::<NewStatus>(&body)?;
    let status = given.status.to_ascii_uppercase();
    let outcome = simulator
        .change_template_status(&name, &language, &status, given.reason.as_deref())
        .await?;
    Ok(Json(
        json!({"status": status, "webhook_status": outcome.status()}),
    ))
}
