//! The project, and the screens that show its issues. Source: Atlassian, "Projects", "Issue type
//! screen schemes", "Screen schemes", "Screen tab fields".

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Parameters, check_administrator, page, parameter};
use crate::jira::JiraSimulator;
use crate::jira::errors::{JiraError, body_of};
use crate::jira::state::views::{EDIT_SCREEN, OTHER_SCREEN};
use crate::lock;

const ISSUE_TYPE_SCHEME: &str = "10030";
const SCREEN_SCHEME: u64 = 10_040;
const TAB: u64 = 10_050;

pub(super) fn router() -> Router<JiraSimulator> {
    Router::new()
        .route("/rest/api/3/project/{key}", get(project))
        .route(
            "/rest/api/3/issuetypescreenscheme/project",
            get(issue_type_schemes),
        )
        .route("/rest/api/3/issuetypescreenscheme/mapping", get(mappings))
        .route("/rest/api/3/screenscheme", get(schemes))
        .route("/rest/api/3/screens/{screen}/tabs", get(tabs))
        .route(
            "/rest/api/3/screens/{screen}/tabs/{tab}/fields",
            get(fields).post(add_field),
        )
}

async fn project(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
) -> Answer<Json<Value>> {
    let config = &simulator.shared.config;
    if ![&config.project_key, &config.project_id].contains(&&key) {
        let message = format!("No project could be found with key '{key}'.");
        return Err(JiraError::not_found(message).into());
    }
    let team_managed = lock(&simulator.shared.state).setup.team_managed;
    Ok(Json(json!({
        "id": config.project_id,
        "key": config.project_key,
        "name": "Support",
        "projectTypeKey": "service_desk",
        "simplified": team_managed,
        "style": if team_managed { "next-gen" } else { "classic" },
    })))
}

async fn issue_type_schemes(
    State(simulator): State<JiraSimulator>,
    Query(parameters): Query<Parameters>,
) -> Answer<Json<Value>> {
    let state = lock(&simulator.shared.state);
    check_administrator(&state)?;
    let id = &simulator.shared.config.project_id;
    let is_ours = parameter(&parameters, "projectId") == Some(id) && !state.setup.team_managed;
    let ours = is_ours.then(|| {
        json!({"issueTypeScreenScheme": {"id": ISSUE_TYPE_SCHEME, "name": "Support"},
            "projectIds": [id]})
    });
    Ok(Json(page(&parameters, ours.into_iter().collect())?))
}

async fn mappings(
    State(simulator): State<JiraSimulator>,
    Query(parameters): Query<Parameters>,
) -> Answer<Json<Value>> {
    check_administrator(&lock(&simulator.shared.state))?;
    let is_ours = parameter(&parameters, "issueTypeScreenSchemeId") == Some(ISSUE_TYPE_SCHEME);
    let ours = is_ours.then(|| {
        json!({"issueTypeScreenSchemeId": ISSUE_TYPE_SCHEME, "issueTypeId": "default",
            "screenSchemeId": SCREEN_SCHEME.to_string()})
    });
    Ok(Json(page(&parameters, ours.into_iter().collect())?))
}

async fn schemes(
    State(simulator): State<JiraSimulator>,
    Query(parameters): Query<Parameters>,
) -> Answer<Json<Value>> {
    check_administrator(&lock(&simulator.shared.state))?;
    let asked = parameter(&parameters, "id");
    let is_ours = asked.is_none_or(|id| id == SCREEN_SCHEME.to_string());
    let ours = is_ours.then(|| {
        json!({"id": SCREEN_SCHEME, "name": "Support",
            "screens": {"default": OTHER_SCREEN, "edit": EDIT_SCREEN}})
    });
    Ok(Json(page(&parameters, ours.into_iter().collect())?))
}

fn no_screen() -> JiraError {
    JiraError::not_found("The screen or the tab was not found.")
}

async fn tabs(
    State(simulator): State<JiraSimulator>,
    Path(screen): Path<u64>,
) -> Answer<Json<Value>> {
    let mut state = lock(&simulator.shared.state);
    check_administrator(&state)?;
    state.views.on_screen(screen).ok_or_else(no_screen)?;
    Ok(Json(json!([{"id": TAB, "name": "Field Tab"}])))
}

async fn fields(
    State(simulator): State<JiraSimulator>,
    Path((screen, tab)): Path<(u64, u64)>,
) -> Answer<Json<Value>> {
    let config = &simulator.shared.config;
    let mut state = lock(&simulator.shared.state);
    check_administrator(&state)?;
    let made = state.views.on_screen(screen).filter(|_| tab == TAB);
    let made = made.ok_or_else(no_screen)?.clone();
    // What the site had from the start is on every screen.
    let first = ["summary", "description"].map(str::to_owned).into_iter();
    let own = config.form_fields.iter().map(|(id, _)| id.clone());
    let all = first
        .chain(own)
        .chain(config.other_fields.iter().cloned())
        .chain(made);
    Ok(Json(
        all.map(|id| json!({"id": id.clone(), "name": id}))
            .collect(),
    ))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AddField {
    field_id: String,
}

async fn add_field(
    State(simulator): State<JiraSimulator>,
    Path((screen, tab)): Path<(u64, u64)>,
    body: Bytes,
) -> Answer<Json<Value>> {
    let wanted: AddField = body_of(&body)?;
    let mut state = lock(&simulator.shared.state);
    check_administrator(&state)?;
    let name = match state.views.field(&wanted.field_id) {
        Some(field) => field.name.clone(),
        None => return Err(JiraError::not_found("The field was not found.").into()),
    };
    let made = state.views.on_screen(screen).filter(|_| tab == TAB);
    if !made.ok_or_else(no_screen)?.insert(wanted.field_id.clone()) {
        return Err(JiraError::bad_request("The field is on the screen already.").into());
    }
    Ok(Json(json!({"id": wanted.field_id, "name": name})))
}
