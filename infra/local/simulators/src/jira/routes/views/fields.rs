//! Custom fields and their contexts. Source: Atlassian, "Issue fields", "Issue custom field
//! contexts".

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Parameters, check_administrator, page};
use crate::jira::JiraSimulator;
use crate::jira::errors::{JiraError, body_of};
use crate::jira::state::views::{Context, Kind, MadeField};
use crate::lock;

pub(super) fn router() -> Router<JiraSimulator> {
    Router::new()
        .route("/rest/api/3/field", post(create))
        .route(
            "/rest/api/3/field/{id}/context",
            get(contexts).post(add_context),
        )
        .route(
            "/rest/api/3/field/{id}/context/projectmapping",
            get(projects),
        )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewField {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(rename = "type")]
    kind: String,
    searcher_key: String,
}

/// Writes a custom field.
pub(crate) fn written(id: &str, name: &str, kind: Kind) -> Value {
    let number: u64 = id
        .trim_start_matches("customfield_")
        .parse()
        .unwrap_or_default();
    let types = "com.atlassian.jira.plugin.system.customfieldtypes";
    json!({
        "id": id, "key": id, "name": name, "custom": true, "orderable": true, "navigable": true,
        "searchable": true, "clauseNames": [name, format!("cf[{number}]")],
        "schema": {
            "type": kind.schema(),
            "custom": format!("{types}:{}", kind.name()),
            "customId": number,
        },
    })
}

async fn create(
    State(simulator): State<JiraSimulator>,
    body: Bytes,
) -> Answer<(StatusCode, Json<Value>)> {
    let wanted: NewField = body_of(&body)?;
    let mut state = lock(&simulator.shared.state);
    check_administrator(&state)?;
    let kind = Kind::named(&wanted.kind);
    let kind = kind.ok_or_else(|| JiraError::field("type", "The type is not valid."))?;
    let searchers: &[&str] = match kind {
        Kind::DateTime => &["datetimerange"],
        Kind::Number => &["exactnumber", "numberrange"],
        Kind::Text => &["textsearcher"],
    };
    let searcher = wanted.searcher_key.rsplit(':').next().unwrap_or_default();
    if !searchers.contains(&searcher) {
        let message = "The searcher is not valid for the type of the field.";
        return Err(JiraError::field("searcherKey", message).into());
    }
    let (id, context) = (state.views.next_id(), state.views.next_id());
    let field = MadeField {
        id: format!("customfield_{id}"),
        name: wanted.name,
        description: wanted.description,
        kind,
        contexts: if state.setup.fields_without_context {
            Vec::new()
        } else {
            vec![Context {
                id: context,
                name: "Default Configuration Scheme".to_owned(),
                projects: Vec::new(),
            }]
        },
    };
    let answer = written(&field.id, &field.name, field.kind);
    state.views.fields.push(field);
    Ok((StatusCode::CREATED, Json(answer)))
}

fn no_field() -> JiraError {
    JiraError::not_found("The custom field was not found.")
}

impl JiraSimulator {
    /// Returns the contexts of a field. Those that the site had from the start apply everywhere.
    fn contexts_of(&self, id: &str) -> Result<Vec<Context>, JiraError> {
        let state = lock(&self.shared.state);
        check_administrator(&state)?;
        match state.views.field(id) {
            Some(field) => Ok(field.contexts.clone()),
            None if self.shared.config.has_field(id) => Ok(vec![Context {
                id: 10_001,
                name: "Default Configuration Scheme".to_owned(),
                projects: Vec::new(),
            }]),
            None => Err(no_field()),
        }
    }
}

async fn contexts(
    State(simulator): State<JiraSimulator>,
    Path(id): Path<String>,
    Query(parameters): Query<Parameters>,
) -> Answer<Json<Value>> {
    let all = simulator.contexts_of(&id)?.into_iter().map(|context| {
        json!({"id": context.id.to_string(), "name": context.name, "description": "",
            "isGlobalContext": context.projects.is_empty(), "isAnyIssueType": true})
    });
    Ok(Json(page(&parameters, all.collect())?))
}

async fn projects(
    State(simulator): State<JiraSimulator>,
    Path(id): Path<String>,
    Query(parameters): Query<Parameters>,
) -> Answer<Json<Value>> {
    let mut all = Vec::new();
    for context in simulator.contexts_of(&id)? {
        let id = context.id.to_string();
        if context.projects.is_empty() {
            all.push(json!({"contextId": id, "isGlobalContext": true}));
        }
        let of = |project| json!({"contextId": id, "projectId": project});
        all.extend(context.projects.iter().map(of));
    }
    Ok(Json(page(&parameters, all)?))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewContext {
    name: String,
    #[serde(default)]
    project_ids: Vec<String>,
    #[serde(default)]
    issue_type_ids: Vec<String>,
}

async fn add_context(
    State(simulator): State<JiraSimulator>,
    Path(id): Path<String>,
    body: Bytes,
) -> Answer<(StatusCode, Json<Value>)> {
    let wanted: NewContext = body_of(&body)?;
    let mut state = lock(&simulator.shared.state);
    check_administrator(&state)?;
    let known = &simulator.shared.config.project_id;
    if wanted.project_ids.iter().any(|project| project != known) {
        return Err(JiraError::not_found("The project was not found.").into());
    }
    let context = Context {
        id: state.views.next_id(),
        name: wanted.name,
        projects: wanted.project_ids,
    };
    let mut fields = state.views.fields.iter_mut();
    let field = fields.find(|field| field.id == id).ok_or_else(no_field)?;
    let answer = json!({"id": context.id.to_string(), "name": context.name,
        "projectIds": context.projects, "issueTypeIds": wanted.issue_type_ids});
    field.contexts.push(context);
    Ok((StatusCode::CREATED, Json(answer)))
}
