//! Properties of comments. Source: Atlassian, "Issue comment properties".

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::Answer;
use super::permissions::EDIT_ALL_COMMENTS;
use crate::jira::JiraSimulator;
use crate::jira::account::Account;
use crate::jira::errors::{JiraError, body_of};
use crate::jira::webhooks::actions::{CommentEdit, PUBLIC_COMMENT};
use crate::lock;

/// The length of the longest value, as JSON.
const LONGEST_VALUE: usize = 32_768;

pub(super) async fn show_property(
    State(simulator): State<JiraSimulator>,
    Path((id, property)): Path<(String, String)>,
) -> Answer<Json<Value>> {
    let mut state = lock(&simulator.shared.state);
    let (_, comment) = state
        .comment_mut(&id)
        .ok_or_else(|| JiraError::no_comment(&id))?;
    let value = comment
        .properties
        .get(&property)
        .ok_or_else(|| JiraError::not_found(format!("The property {property} does not exist.")))?;
    Ok(Json(json!({"key": property, "value": value})))
}

/// Sets a property. Answers 201 for a new property, 200 for an existing one.
pub(super) async fn set_property(
    State(simulator): State<JiraSimulator>,
    Path((id, property)): Path<(String, String)>,
    body: Bytes,
) -> Answer<StatusCode> {
    if property.chars().count() > 255 || body.len() > LONGEST_VALUE {
        return Err(JiraError::bad_request("The property is too long.").into());
    }
    let value: Value = body_of(&body)?;
    let issue = {
        let mut state = lock(&simulator.shared.state);
        let may_edit_all = state.may(EDIT_ALL_COMMENTS);
        let found = state.comment_mut(&id);
        let (issue, comment) = found.ok_or_else(|| JiraError::no_comment(&id))?;
        if comment.author != Account::Bridge && !may_edit_all {
            return Err(JiraError::no_permission("edit this comment").into());
        }
        issue
    };
    simulator.count_write(&issue.to_string())?;
    let mut state = lock(&simulator.shared.state);
    let counts_as_edit = state.options.properties_edit_comments;
    let (_, comment) = state
        .comment_mut(&id)
        .ok_or_else(|| JiraError::no_comment(&id))?;
    if property == PUBLIC_COMMENT
        && let Some(internal) = value["internal"].as_bool()
    {
        comment.public = !internal;
    }
    let status = match comment.properties.insert(property, value) {
        None => StatusCode::CREATED,
        Some(_) => StatusCode::OK,
    };
    drop(state);
    if counts_as_edit {
        simulator.edit_comment(
            &issue.to_string(),
            &id,
            CommentEdit::of_nothing(Account::Bridge),
        )?;
    }
    Ok(status)
}
