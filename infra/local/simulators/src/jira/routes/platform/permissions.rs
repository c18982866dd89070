//! The permissions of the service account, and the fields of the site.

use axum::Json;
use axum::extract::{Query, State};
use serde_json::{Map, Value, json};

use super::{Answer, Parameters, parameter};
use crate::jira::JiraSimulator;
use crate::jira::errors::JiraError;
use crate::jira::routes::views::written_field;
use crate::jira::state::State as Site;
use crate::jira::state::views::Kind;
use crate::lock;

/// The permission to edit other people's comments.
pub(super) const EDIT_ALL_COMMENTS: &str = "EDIT_ALL_COMMENTS";

/// The permission to link issues.
pub(super) const LINK_ISSUES: &str = "LINK_ISSUES";

/// The keys of the permissions that the simulator knows, including those of service projects.
const KEYS: [&str; 15] = [
    "ADD_COMMENTS",
    "ADMINISTER",
    "ADMINISTER_PROJECTS",
    "BROWSE_PROJECTS",
    "CREATE_ATTACHMENTS",
    "CREATE_ISSUES",
    EDIT_ALL_COMMENTS,
    "EDIT_ISSUES",
    LINK_ISSUES,
    "RESOLVE_ISSUES",
    "SCHEDULE_ISSUES",
    "SERVICEDESK_AGENT",
    "TRANSITION_ISSUES",
    "USER_PICKER",
    "CLOSE_ISSUES",
];

impl Site {
    /// Returns whether the service account has a permission.
    pub(in crate::jira::routes) fn may(&self, key: &str) -> bool {
        let is_denied = self
            .setup
            .denied_permissions
            .iter()
            .any(|denied| denied == key);
        !is_denied
            && match key {
                "ADMINISTER" => self.setup.administrator,
                EDIT_ALL_COMMENTS => self.options.edit_all_comments,
                LINK_ISSUES => self.options.link_issues,
                _ => true,
            }
    }
}

/// Source: Atlassian, "Get my permissions".
pub(super) async fn mine(
    State(simulator): State<JiraSimulator>,
    Query(parameters): Query<Parameters>,
) -> Answer<Json<Value>> {
    let config = &simulator.shared.config;
    let asked = parameter(&parameters, "permissions")
        .ok_or_else(|| JiraError::bad_request("The 'permissions' query parameter is required."))?;
    let project = parameter(&parameters, "projectKey");
    if project.is_some_and(|key| key != config.project_key) {
        return Err(JiraError::not_found("No project could be found with that key.").into());
    }
    let state = lock(&simulator.shared.state);
    let mut permissions = Map::new();
    for key in asked.split(',') {
        if !KEYS.contains(&key) {
            let message = format!("Unrecognized permission: {key}");
            return Err(JiraError::bad_request(message).into());
        }
        let may = state.may(key);
        let permission = json!({
            "id": key.len().to_string(),
            "key": key,
            "name": key.replace('_', " ").to_lowercase(),
            "type": if key == "ADMINISTER" { "GLOBAL" } else { "PROJECT" },
            "description": "",
            "havePermission": may,
        });
        permissions.insert(key.to_owned(), permission);
    }
    Ok(Json(json!({"permissions": permissions})))
}

/// Source: Atlassian, "Get fields".
pub(super) async fn all_fields(State(simulator): State<JiraSimulator>) -> Json<Vec<Value>> {
    let config = &simulator.shared.config;
    let system = |id: &str, name: &str| {
        json!({"id": id, "key": id, "name": name, "custom": false, "orderable": true,
            "navigable": true, "searchable": true, "clauseNames": [id],
            "schema": {"type": "string", "system": id}})
    };
    let mut fields = vec![
        system("summary", "Summary"),
        system("description", "Description"),
    ];
    for (id, name) in &config.form_fields {
        fields.push(written_field(id, name, Kind::Text));
    }
    for id in &config.other_fields {
        let kind = if config.is_date_time(id) {
            Kind::DateTime
        } else {
            Kind::Text
        };
        fields.push(written_field(id, id, kind));
    }
    for field in &lock(&simulator.shared.state).views.fields {
        let mut written = written_field(&field.id, &field.name, field.kind);
        written["description"] = json!(field.description);
        fields.push(written);
    }
    Json(fields)
}
