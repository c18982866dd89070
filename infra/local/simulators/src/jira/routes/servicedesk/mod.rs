//! The routes of the service desk API, `/rest/servicedeskapi`.
//!
//! Source: Atlassian, "The Jira Service Management Cloud REST API", Request.

mod desks;
mod represent;
mod standing;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::create::RaiseRequest;
use crate::jira::JiraSimulator;
use crate::jira::account::Account;
use crate::jira::errors::{DeskError, JiraError, body_of};
use crate::jira::state::{Issue, State as Site};
use crate::lock;

type Answer<T> = Result<T, DeskError>;

pub(crate) fn router() -> Router<JiraSimulator> {
    Router::new()
        .merge(desks::router())
        .merge(standing::router())
        .route("/rest/servicedeskapi/request", get(list).post(raise))
        .route("/rest/servicedeskapi/request/{key}", get(show))
        .route(
            "/rest/servicedeskapi/request/{key}/comment/{id}",
            get(show_comment),
        )
        .route(
            "/rest/servicedeskapi/request/{key}/comment/{id}/attachment",
            get(list_files),
        )
        .route("/rest/servicedeskapi/servicedesk/{id}", get(show_desk))
}

async fn raise(
    State(simulator): State<JiraSimulator>,
    body: Bytes,
) -> Answer<(StatusCode, Json<Value>)> {
    let given: RaiseRequest = body_of(&body)?;
    let new = given.check(&simulator.shared.config)?;
    let (issue, _) = simulator.create_issue(new);
    Ok((StatusCode::CREATED, Json(simulator.write_request(&issue))))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Requests {
    #[serde(default)]
    request_ownership: String,
    service_desk_id: Option<String>,
    #[serde(default)]
    start: usize,
    limit: Option<usize>,
}

/// Lists the account's own requests, those with the latest activity first. Source: Atlassian, "Get
/// customer requests". No index is involved, so a request appears as soon as it is raised.
async fn list(
    State(simulator): State<JiraSimulator>,
    Query(wanted): Query<Requests>,
) -> Answer<Json<Value>> {
    if !matches!(&*wanted.request_ownership, "" | "OWNED_REQUESTS") {
        let message = "requestOwnership: only OWNED_REQUESTS is simulated.";
        return Err(JiraError::bad_request(message).into());
    }
    if let Some(desk) = &wanted.service_desk_id {
        simulator.check_desk(desk)?;
    }
    let state = lock(&simulator.shared.state);
    let issues = state.issues.values();
    let mut own: Vec<&Issue> = issues
        .filter(|issue| issue.reporter == Account::Bridge && issue.request_type.is_some())
        .collect();
    own.sort_by_key(|issue| std::cmp::Reverse((issue.updated, issue.id)));
    let limit = wanted.limit.unwrap_or(50).min(100);
    let total = own.len();
    let shown = own.into_iter().skip(wanted.start).take(limit);
    let values: Vec<Value> = shown.map(|issue| simulator.write_request(issue)).collect();
    let mut written = page(values, 0, Some(limit));
    written["start"] = json!(wanted.start);
    written["isLastPage"] = json!(wanted.start + limit >= total);
    Ok(Json(written))
}

async fn show(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
) -> Answer<Json<Value>> {
    let state = lock(&simulator.shared.state);
    Ok(Json(simulator.write_request(request(&state, &key)?)))
}

/// Answers with a service desk. Source: Atlassian, "Get service desk by id", which also takes the
/// project's id or key.
async fn show_desk(
    State(simulator): State<JiraSimulator>,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    simulator.check_desk(&id)?;
    Ok(Json(simulator.write_desk()))
}

/// Returns the issue with this key if it is a customer request.
fn request<'a>(state: &'a Site, key: &str) -> Result<&'a Issue, JiraError> {
    let issue = state
        .issue(key)
        .filter(|issue| issue.request_type.is_some());
    issue.ok_or_else(JiraError::no_issue)
}

async fn show_comment(
    State(simulator): State<JiraSimulator>,
    Path((key, id)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    let state = lock(&simulator.shared.state);
    let issue = request(&state, &key)?;
    let comment = issue
        .comment(&id)
        .ok_or_else(|| JiraError::no_comment(&id))?;
    Ok(Json(simulator.write_desk_comment(issue.id, comment)))
}

#[derive(Debug, Deserialize)]
struct Listing {
    #[serde(default)]
    start: usize,
    limit: Option<usize>,
}

async fn list_files(
    State(simulator): State<JiraSimulator>,
    Path((key, id)): Path<(String, String)>,
    Query(Listing { start, limit }): Query<Listing>,
) -> Answer<Json<Value>> {
    let state = lock(&simulator.shared.state);
    let issue = request(&state, &key)?;
    let comment = issue
        .comment(&id)
        .ok_or_else(|| JiraError::no_comment(&id))?;
    let files = issue.listed_comment_attachments(comment, simulator.now());
    let written = files
        .iter()
        .map(|file| simulator.write_attachment(issue.id, file));
    Ok(Json(page(written.collect(), start, limit)))
}

/// Returns a page of `all`, with 50 entries or fewer.
fn page(all: Vec<Value>, start: usize, limit: Option<usize>) -> Value {
    let limit = limit.unwrap_or(50).min(50);
    let total = all.len();
    let values: Vec<Value> = all.into_iter().skip(start).take(limit).collect();
    json!({
        "_expands": [],
        "size": values.len(),
        "start": start,
        "limit": limit,
        "isLastPage": start + values.len() >= total,
        "_links": {},
        "values": values,
    })
}
