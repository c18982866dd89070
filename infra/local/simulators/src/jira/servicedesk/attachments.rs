//! Files in the service desk API: they are uploaded first and attached with a comment then.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Multipart, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{AdditionalComment, Answer, Listing, comment_of_wiki, request};
use crate::jira::JiraSimulator;
use crate::jira::create::check_length;
use crate::jira::errors::{JiraError, body_of};
use crate::jira::state::{State as Site, TemporaryFile};
use crate::jira::upload::{check_origin, read_files};
use crate::lock;
use crate::origin::Origin;

/// How long an upload waits to be attached. Atlassian names no time.
const TEMPORARY: TimeDelta = TimeDelta::hours(1);

pub(super) async fn upload(
    State(simulator): State<JiraSimulator>,
    Path(desk): Path<String>,
    headers: HeaderMap,
    multipart: Multipart,
) -> Answer<(StatusCode, Json<Value>)> {
    check_origin(&headers)?;
    check_opt_in(&headers)?;
    let config = &simulator.shared.config;
    if ![&config.service_desk_id, &config.project_id].contains(&&desk) {
        return Err(JiraError::not_found("The service desk does not exist.").into());
    }
    let options = lock(&simulator.shared.state).options;
    if !options.attachments_enabled {
        return Err(JiraError::attachments_disabled(StatusCode::FORBIDDEN).into());
    }
    let files = read_files(multipart, options.upload_limit)
        .await
        // The platform API answers 413 instead.
        .map_err(|error| error.into_jira(StatusCode::BAD_REQUEST))?;

    let expires = simulator.now() + TEMPORARY;
    let mut state = lock(&simulator.shared.state);
    forget_expired(&mut state, simulator.now());
    let mut keep = |file| {
        let id = format!("temp{}", simulator.shared.ids.token());
        let temporary = TemporaryFile { file, expires };
        let shown = json!({"temporaryAttachmentId": id, "fileName": temporary.file.name});
        state.temporary_files.insert(id, temporary);
        shown
    };
    let kept: Vec<Value> = files.into_iter().map(&mut keep).collect();
    Ok((
        StatusCode::CREATED,
        Json(json!({"temporaryAttachments": kept})),
    ))
}

/// Source: Atlassian, "Experimental methods".
fn check_opt_in(headers: &HeaderMap) -> Result<(), JiraError> {
    match headers.get("x-experimentalapi") {
        Some(value) if value == "opt-in" => Ok(()),
        _ => Err(JiraError::with_message(
            StatusCode::PRECONDITION_FAILED,
            "This API is experimental. Set the header X-ExperimentalApi to opt-in to use it.",
        )),
    }
}

/// Source: Atlassian, schema `AttachmentCreateDTO`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attach {
    #[serde(default)]
    temporary_attachment_ids: Vec<String>,
    public: Option<bool>,
    additional_comment: Option<AdditionalComment>,
}

/// Writes one comment that holds the files.
pub(super) async fn attach(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
    body: Bytes,
) -> Answer<(StatusCode, Json<Value>)> {
    simulator.count_write(&key)?;
    let given: Attach = body_of(&body)?;
    let public = given
        .public
        .ok_or_else(|| JiraError::bad_request("The field public is required."))?;
    let wiki = given.additional_comment.map(|comment| comment.body);
    let wiki = wiki.unwrap_or_default();
    check_length("comment", &wiki)?;
    let mut new = comment_of_wiki(&wiki, public);
    {
        let mut state = lock(&simulator.shared.state);
        request(&state, &key)?;
        for temporary in take_temporary(&mut state, &simulator, &given.temporary_attachment_ids)? {
            new.files.push(temporary.file);
        }
    }
    let (_, comment, _) = simulator.add_comment(&key, new)?;

    let state = lock(&simulator.shared.state);
    let issue = request(&state, &key)?;
    let files = issue.comment_attachments(&comment);
    let written = json!({
        "comment": simulator.write_bare_comment(issue.id, &comment),
        "attachments": simulator.page_of_attachments(issue.id, &files, 0, None),
    });
    Ok((StatusCode::CREATED, Json(written)))
}

fn forget_expired(state: &mut Site, now: DateTime<Utc>) {
    state.temporary_files.retain(|_, file| now < file.expires);
}

/// Takes uploads away, all or none.
fn take_temporary(
    state: &mut Site,
    simulator: &JiraSimulator,
    ids: &[String],
) -> Result<Vec<TemporaryFile>, JiraError> {
    forget_expired(state, simulator.now());
    if ids.is_empty() {
        return Err(JiraError::bad_request("Name at least one temporary file."));
    }
    if !ids.iter().all(|id| state.temporary_files.contains_key(id)) {
        return Err(JiraError::bad_request(
            "A temporary file does not exist or has expired.",
        ));
    }
    let taken = ids.iter().filter_map(|id| state.temporary_files.remove(id));
    Ok(taken.collect())
}

pub(super) async fn list_of_request(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
    Query(listing): Query<Listing>,
) -> Answer<Json<Value>> {
    let state = lock(&simulator.shared.state);
    let issue = request(&state, &key)?;
    let files = issue.listed_attachments(simulator.now());
    let (start, limit) = (listing.start, listing.limit);
    Ok(Json(
        simulator.page_of_attachments(issue.id, &files, start, limit),
    ))
}

pub(super) async fn list_of_comment(
    State(simulator): State<JiraSimulator>,
    Path((key, id)): Path<(String, String)>,
    Query(listing): Query<Listing>,
) -> Answer<Json<Value>> {
    let state = lock(&simulator.shared.state);
    let issue = request(&state, &key)?;
    let comment = issue
        .comment(&id)
        .ok_or_else(|| JiraError::no_comment(&id))?;
    let files = issue.listed_comment_attachments(comment, simulator.now());
    let (start, limit) = (listing.start, listing.limit);
    Ok(Json(
        simulator.page_of_attachments(issue.id, &files, start, limit),
    ))
}

pub(super) async fn content(
    State(simulator): State<JiraSimulator>,
    Path((key, id)): Path<(String, String)>,
    origin: Origin,
) -> Answer<Response> {
    let state = lock(&simulator.shared.state);
    let issue = request(&state, &key)?;
    let found = id.parse().ok().and_then(|id| issue.attachment(id));
    let attachment = found.ok_or_else(JiraError::no_attachment)?;
    Ok(simulator.redirect_to_media(&origin, attachment)?)
}
