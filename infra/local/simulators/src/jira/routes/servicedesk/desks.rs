//! The forms of the service desk's request types.
//!
//! Source: Atlassian, "The Jira Service Management Cloud REST API", Servicedesk.

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Answer;
use crate::jira::JiraSimulator;
use crate::jira::errors::JiraError;
use crate::lock;

pub(super) fn router() -> Router<JiraSimulator> {
    Router::new().route(
        "/rest/servicedeskapi/servicedesk/{id}/requesttype/{type}/field",
        get(show_form),
    )
}

impl JiraSimulator {
    /// Checks that this names the service desk, by its id or by its project's id or key.
    pub(super) fn check_desk(&self, id: &str) -> Result<(), JiraError> {
        let config = &self.shared.config;
        let names = [
            &config.service_desk_id,
            &config.project_id,
            &config.project_key,
        ];
        if names.iter().any(|name| *name == id) {
            Ok(())
        } else {
            Err(JiraError::no_desk())
        }
    }
}

async fn show_form(
    State(simulator): State<JiraSimulator>,
    Path((desk, id)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    simulator.check_desk(&desk)?;
    let config = &simulator.shared.config;
    if config.request_type(&id).is_none() {
        return Err(JiraError::not_found("The request type does not exist.").into());
    }
    let required = lock(&simulator.shared.state).setup.required_fields.clone();
    let system = [
        ("summary", "Summary", true),
        ("description", "Description", false),
    ];
    let system = system.map(|(id, name, required)| (id.to_owned(), name.to_owned(), required));
    let custom = config.form_fields.iter();
    let custom = custom.map(|(id, name)| (id.clone(), name.clone(), false));
    let fields = system.into_iter().chain(custom).map(|(id, name, always)| {
        json!({
            "fieldId": id,
            "name": name,
            "description": "",
            "required": always || required.contains(&id),
            "defaultValues": [],
            "validValues": [],
            "jiraSchema": {"type": "string"},
            "visible": true,
        })
    });
    Ok(Json(json!({
        "requestTypeFields": fields.collect::<Vec<_>>(),
        "canRaiseOnBehalfOf": true,
        "canAddRequestParticipants": true,
    })))
}
