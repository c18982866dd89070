//! Comments in the platform API. Source: Atlassian, "Issue comments".

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answer, Parameters, number, parameter};
use crate::jira::JiraSimulator;
use crate::jira::account::Account;
use crate::jira::errors::{JiraError, body_of};
use crate::jira::represent;
use crate::jira::routes::create::{check_document, check_media};
use crate::jira::state::{Comment, Visibility};
use crate::jira::webhooks::actions::{NewComment, PUBLIC_COMMENT};
use crate::lock;

#[derive(Debug, Deserialize)]
pub(super) struct CommentBody {
    body: Option<Value>,
    visibility: Option<Visibility>,
    #[serde(default)]
    properties: Vec<Property>,
}

#[derive(Debug, Deserialize)]
struct Property {
    key: String,
    value: Value,
}

impl CommentBody {
    /// Returns the text, and whether the properties make the comment public, if they say.
    fn check(&self) -> Result<(Value, Option<bool>), JiraError> {
        let body = self
            .body
            .as_ref()
            .filter(|body| !body.is_null())
            .ok_or_else(|| JiraError::field("comment", "Comment body can not be empty!"))?;
        check_document("comment", body)?;
        let marks = self
            .properties
            .iter()
            .find(|property| property.key == PUBLIC_COMMENT);
        let internal = marks.and_then(|property| property.value["internal"].as_bool());
        Ok((body.clone(), internal.map(|internal| !internal)))
    }
}

impl JiraSimulator {
    /// # Errors
    /// There is no such issue, or the document names a file that the issue does not have.
    fn check_media_of(&self, key: &str, document: &Value) -> Result<(), JiraError> {
        let state = lock(&self.shared.state);
        let issue = state.issue(key).ok_or_else(JiraError::no_issue)?;
        check_media(document, &issue.attachments)
    }

    fn write_comment(&self, issue: u64, comment: &Comment, parameters: &Parameters) -> Value {
        let mut written = self.writer().comment(issue, comment);
        let expand = parameter(parameters, "expand").unwrap_or_default();
        if expand.split(',').any(|name| name.trim() == "properties") {
            written["properties"] = represent::properties(comment);
        }
        written
    }
}

pub(super) async fn add_comment(
    State(simulator): State<JiraSimulator>,
    Extension(author): Extension<Account>,
    Path(key): Path<String>,
    Query(parameters): Query<Parameters>,
    body: Bytes,
) -> Answer<(StatusCode, Json<Value>)> {
    simulator.count_write(&key)?;
    let given: CommentBody = body_of(&body)?;
    let (document, public) = given.check()?;
    simulator.check_media_of(&key, &document)?;
    let properties = given.properties.into_iter();
    let new = NewComment {
        author,
        body: document,
        public: public.unwrap_or(true),
        visibility: given.visibility,
        properties: properties
            .map(|property| (property.key, property.value))
            .collect::<BTreeMap<_, _>>(),
        files: Vec::new(),
    };
    let (issue, comment, _) = simulator.add_comment(&key, new)?;
    let written = simulator.write_comment(issue, &comment, &parameters);
    Ok((StatusCode::CREATED, Json(written)))
}

pub(super) async fn show_comment(
    State(simulator): State<JiraSimulator>,
    Path((key, id)): Path<(String, String)>,
    Query(parameters): Query<Parameters>,
) -> Answer<Json<Value>> {
    let state = lock(&simulator.shared.state);
    let issue = state.issue(&key).ok_or_else(JiraError::no_issue)?;
    let comment = issue
        .comment(&id)
        .ok_or_else(|| JiraError::no_comment(&id))?;
    Ok(Json(simulator.write_comment(
        issue.id,
        comment,
        &parameters,
    )))
}

pub(super) async fn list_comments(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
    Query(parameters): Query<Parameters>,
) -> Answer<Json<Value>> {
    let start = number(&parameters, "startAt", 0)?;
    let most = number(&parameters, "maxResults", 100)?.min(100);
    let state = lock(&simulator.shared.state);
    let issue = state.issue(&key).ok_or_else(JiraError::no_issue)?;
    let mut comments: Vec<&Comment> = issue.comments.iter().collect();
    match parameter(&parameters, "orderBy") {
        None | Some("created" | "+created") => {}
        Some("-created") => comments.reverse(),
        Some(other) => {
            let message = format!("The orderBy value {other} is not supported.");
            return Err(JiraError::bad_request(message).into());
        }
    }
    let page = comments.iter().skip(start).take(most);
    let written = page.map(|comment| simulator.write_comment(issue.id, comment, &parameters));
    Ok(Json(json!({
        "startAt": start,
        "maxResults": most,
        "total": comments.len(),
        "comments": written.collect::<Vec<_>>(),
    })))
}
