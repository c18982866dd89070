//! Attachments in the platform API. Source: Atlassian, "Issue attachments".

use axum::Json;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Value, json};

use super::{Answer, Parameters, parameter};
use crate::jira::JiraSimulator;
use crate::jira::errors::JiraError;
use crate::jira::routes::content;
use crate::jira::routes::upload::{UploadError, check_origin, read_files};
use crate::jira::state::State as Site;
use crate::jira::state::attachment::Attachment;
use crate::lock;
use crate::origin::Origin;

pub(super) async fn show_limits(State(simulator): State<JiraSimulator>) -> Json<Value> {
    let options = lock(&simulator.shared.state).options;
    Json(json!({
        "enabled": options.attachments_enabled,
        "uploadLimit": options.upload_limit,
    }))
}

pub(super) async fn add_attachments(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
    headers: HeaderMap,
    multipart: Multipart,
) -> Answer<Json<Value>> {
    check_origin(&headers)?;
    simulator.count_write(&key)?;
    let options = lock(&simulator.shared.state).options;
    if !options.attachments_enabled {
        return Err(JiraError::attachments_disabled(StatusCode::FORBIDDEN).into());
    }
    let files = read_files(multipart, options.upload_limit)
        .await
        .map_err(UploadError::into_jira)?;
    let added = simulator.attach_files(&key, files)?;
    let writer = simulator.writer();
    let written = added.iter().map(|attachment| writer.attachment(attachment));
    Ok(Json(written.collect()))
}

/// Returns the attachment with this id, unless attachments are switched off.
fn find<'a>(state: &'a Site, id: &str) -> Result<&'a Attachment, JiraError> {
    if !state.options.attachments_enabled {
        return Err(JiraError::attachments_disabled(StatusCode::NOT_FOUND));
    }
    let id: u64 = id.parse().map_err(|_| JiraError::no_attachment())?;
    let mut issues = state.issues.values();
    let found = issues.find_map(|issue| issue.attachment(id));
    found.ok_or_else(JiraError::no_attachment)
}

/// Answers with a redirect to a signed address, or with the bytes themselves for `redirect=false`.
pub(super) async fn read_content(
    State(simulator): State<JiraSimulator>,
    Path(id): Path<String>,
    Query(parameters): Query<Parameters>,
    headers: HeaderMap,
    origin: Origin,
) -> Answer<Response> {
    let state = lock(&simulator.shared.state);
    let attachment = find(&state, &id)?;
    if parameter(&parameters, "redirect") == Some("false") {
        return Ok(content::answer(&attachment.file, &headers)?);
    }
    Ok(simulator.redirect_to_media(&origin, attachment)?)
}
