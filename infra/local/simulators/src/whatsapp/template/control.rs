//! The control API's calls that act as WhatsApp's reviewers.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Listed;
use crate::lock;
use crate::problem::{Problem, body_of};
use crate::whatsapp::control::Answer;
use crate::whatsapp::{WhatsappSimulator, envelope};

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
    let parcel = {
        let mut state = lock(&simulator.shared.state);
        let is = |one: &Listed| one.name == name && one.language == language;
        if !state.templates().iter().any(is) {
            return Err(Problem::not_found("There is no such template."));
        }
        let key = (name.clone(), language.clone());
        state.template_statuses.insert(key, status.clone());
        let body = simulator.status_webhook(&name, &language, &status, given.reason.as_deref());
        let subject = format!("status of template {name}");
        envelope::parcel(&simulator.shared.config, &state.options, subject, &body)
    };
    let outcome = simulator.shared.outbox.send_now(parcel).await;
    Ok(Json(
        json!({"status": status, "webhook_status": outcome.status()}),
    ))
}

impl WhatsappSimulator {
    /// Source: Meta, "`message_template_status_update` webhook reference".
    fn status_webhook(
        &self,
        name: &str,
        language: &str,
        event: &str,
        reason: Option<&str>,
    ) -> Value {
        let id = crate::ids::stable_number(0, &format!("{name} {language}"));
        json!({
            "object": "whatsapp_business_account",
            "entry": [{
                "id": self.shared.config.business_account_id,
                "time": self.now().timestamp(),
                "changes": [{
                    "field": "message_template_status_update",
                    "value": {
                        "event": event,
                        "message_template_id": id,
                        "message_template_name": name,
                        "message_template_language": language.replace('_', "-"),
                        "message_template_category": "UTILITY",
                        "reason": reason,
                    },
                }],
            }],
        })
    }
}
