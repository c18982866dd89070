//! Request types of the service desk, and their forms.
//!
//! Source: Atlassian, "The Jira Service Management Cloud REST API", Servicedesk.

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::Answer;
use crate::jira::JiraSimulator;
use crate::jira::config::RequestType;
use crate::jira::errors::JiraError;
use crate::lock;

pub(super) fn router() -> Router<JiraSimulator> {
    Router::new()
        .route(
            "/rest/servicedeskapi/servicedesk/{id}/requesttype/{type}",
            get(show_type),
        )
        .route(
            "/rest/servicedeskapi/servicedesk/{id}/requesttype/{type}/field",
            get(show_form),
        )
}

impl JiraSimulator {
    /// Whether this is a name of the service desk: its id, its project's id or key.
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

    fn type_of_desk(&self, desk: &str, id: &str) -> Result<&RequestType, JiraError> {
        self.check_desk(desk)?;
        let found = self.shared.config.request_type(id);
        found.ok_or_else(|| JiraError::not_found("The request type does not exist."))
    }
}

async fn show_type(
    State(simulator): State<JiraSimulator>,
    Path((desk, id)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    let kind = simulator.type_of_desk(&desk, &id)?;
    let config = &simulator.shared.config;
    Ok(Json(json!({
        "id": kind.id,
        "name": kind.name,
        "description": "",
        "helpText": "",
        "issueTypeId": "10002",
        "serviceDeskId": config.service_desk_id,
        "groupIds": [],
        "_links": {"self": format!("{}/rest/servicedeskapi/servicedesk/{}/requesttype/{}", config.site_url, config.service_desk_id, kind.id)},
    })))
}

async fn show_form(
    State(simulator): State<JiraSimulator>,
    Path((desk, id)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    simulator.type_of_desk(&desk, &id)?;
    let config = &simulator.shared.config;
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
