//! Issues in the platform API. Source: Atlassian, "Issues".

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use chrono::DateTime;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Answer, Parameters};
use crate::jira::JiraSimulator;
use crate::jira::account::Account;
use crate::jira::errors::{JiraError, body_of};
use crate::jira::routes::create::{
    check_document, check_labels, check_media, check_summary, not_on_screen,
};
use crate::jira::routes::search::pick_fields;
use crate::jira::state::Issue;
use crate::jira::state::views::Kind;
use crate::jira::state::workflow;
use crate::jira::webhooks::events::Change;
use crate::lock;

pub(super) async fn show_issue(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
    Query(parameters): Query<Parameters>,
) -> Answer<Json<Value>> {
    let wanted: Vec<&str> = parameters
        .iter()
        .filter(|(name, _)| name == "fields")
        .flat_map(|(_, names)| names.split(','))
        .map(str::trim)
        .collect();
    let state = lock(&simulator.shared.state);
    let issue = state.issue(&key).ok_or_else(JiraError::no_issue)?;
    let mut fields = simulator.writer().fields(issue);
    fields.insert("comment".to_owned(), simulator.comment_field(issue));
    if !wanted.is_empty() {
        pick_fields(&mut fields, &wanted);
    }
    Ok(Json(simulator.writer().issue(issue, fields)))
}

impl JiraSimulator {
    fn comment_field(&self, issue: &Issue) -> Value {
        let writer = self.writer();
        let comments: Vec<Value> = issue
            .comments
            .iter()
            .map(|comment| writer.comment(issue.id, comment))
            .collect();
        json!({
            "comments": comments,
            "self": writer.link(&format!("issue/{}/comment", issue.id)),
            "maxResults": issue.comments.len(),
            "total": issue.comments.len(),
            "startAt": 0,
        })
    }
}

#[derive(Debug, Deserialize)]
struct EditIssue {
    #[serde(default)]
    fields: Map<String, Value>,
    #[serde(default)]
    update: Map<String, Value>,
}

pub(super) async fn edit_issue(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
    body: Bytes,
) -> Answer<StatusCode> {
    simulator.count_write(&key)?;
    let given: EditIssue = body_of(&body)?;
    let config = &simulator.shared.config;
    let made = lock(&simulator.shared.state)
        .views
        .editable(&config.project_id);
    simulator.edit_issue(&key, Account::Bridge, |issue| {
        let mut edited = issue.clone();
        let mut changes = Vec::new();
        for (field, value) in given.fields {
            let kind = match made.get(&field) {
                None if config.is_date_time(&field) => Some(Kind::DateTime),
                None if config.has_field(&field) => Some(Kind::Text),
                made => made.copied(),
            };
            changes.extend(set_field(kind, &mut edited, &field, value)?);
        }
        for (field, operations) in given.update {
            if field != "labels" {
                return Err(not_on_screen(&field));
            }
            changes.extend(update_labels(&mut edited, &operations)?);
        }
        *issue = edited;
        Ok(changes)
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sets one field. `kind` is the type of a custom field that can be edited. Returns the change, if
/// there is one.
fn set_field(
    kind: Option<Kind>,
    issue: &mut Issue,
    field: &str,
    value: Value,
) -> Result<Option<Change>, JiraError> {
    match field {
        "summary" => {
            let summary = check_summary(Some(&value))?;
            let before = std::mem::replace(&mut issue.summary, summary.clone());
            Ok(change(field, before, summary))
        }
        "description" => {
            check_document("description", &value)?;
            check_media(&value, &issue.attachments)?;
            issue.description = Some(value);
            Ok(change(field, String::new(), "changed".to_owned()))
        }
        "labels" => {
            let labels = check_labels(&value)?;
            let before = std::mem::replace(&mut issue.labels, labels);
            Ok(change(field, before.join(" "), issue.labels.join(" ")))
        }
        custom if kind.is_some() => {
            match kind {
                Some(Kind::DateTime) => check_time(custom, &value)?,
                Some(Kind::Number) if !value.is_null() && !value.is_number() => {
                    let message = "Operation value must be a number";
                    return Err(JiraError::field(custom, message));
                }
                _ => {}
            }
            let shown = |value: &Value| match value {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let after = shown(&value);
            let before = issue.fields.insert(custom.to_owned(), value);
            Ok(change(
                field,
                before.as_ref().map(shown).unwrap_or_default(),
                after,
            ))
        }
        unknown => Err(not_on_screen(unknown)),
    }
}

/// Checks a time. Source: Atlassian, "Edit issue": a date-time picker takes ISO 8601 with an
/// offset.
fn check_time(field: &str, value: &Value) -> Result<(), JiraError> {
    let is_time = |text: &str| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z").is_ok();
    match value {
        Value::Null => Ok(()),
        Value::String(text) if is_time(text) => Ok(()),
        Value::String(text) => {
            let message = format!("Error parsing date string: {text}");
            Err(JiraError::field(field, message))
        }
        _ => Err(JiraError::field(field, "Operation value must be a string")),
    }
}

/// Applies operations such as `[{"add": "x"}, {"remove": "y"}, {"set": ["z"]}]`.
fn update_labels(issue: &mut Issue, operations: &Value) -> Result<Option<Change>, JiraError> {
    let before = issue.labels.join(" ");
    let operations = operations.as_array().map_or(&[][..], Vec::as_slice);
    for operation in operations.iter().filter_map(Value::as_object).flatten() {
        match operation {
            (name, label) if name == "add" => {
                for label in check_labels(&json!([label]))? {
                    if !issue.labels.contains(&label) {
                        issue.labels.push(label);
                    }
                }
            }
            (name, label) if name == "remove" => {
                issue.labels.retain(|other| label != other.as_str());
            }
            (name, labels) if name == "set" => issue.labels = check_labels(labels)?,
            (name, _) => {
                let message = format!("The operation '{name}' is not supported.");
                return Err(JiraError::field("labels", message));
            }
        }
    }
    Ok(change("labels", before, issue.labels.join(" ")))
}

fn change(field: &str, before: String, after: String) -> Option<Change> {
    (before != after).then(|| Change {
        field: field.to_owned(),
        from: None,
        from_text: Some(before),
        to: None,
        to_text: Some(after),
    })
}

pub(super) async fn list_transitions(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
) -> Answer<Json<Value>> {
    let state = lock(&simulator.shared.state);
    let issue = state.issue(&key).ok_or_else(JiraError::no_issue)?;
    let ways = workflow::transitions(issue.status);
    let written: Vec<Value> = ways.map(|way| simulator.writer().transition(way)).collect();
    Ok(Json(
        json!({"expand": "transitions", "transitions": written}),
    ))
}

#[derive(Debug, Deserialize)]
struct DoTransition {
    transition: TransitionId,
}

#[derive(Debug, Deserialize)]
struct TransitionId {
    id: String,
}

pub(super) async fn do_transition(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
    body: Bytes,
) -> Answer<StatusCode> {
    simulator.count_write(&key)?;
    let given: DoTransition = body_of(&body)?;
    let id = given.transition.id;
    let status = {
        let state = lock(&simulator.shared.state);
        state.issue(&key).ok_or_else(JiraError::no_issue)?.status
    };
    let way = workflow::transitions(status).find(|way| way.id == id);
    let way = way.ok_or_else(|| {
        let message = format!("Transition id '{id}' is not valid for this issue.");
        JiraError::bad_request(message)
    })?;
    simulator.set_status(&key, way.to, Account::Bridge)?;
    Ok(StatusCode::NO_CONTENT)
}
