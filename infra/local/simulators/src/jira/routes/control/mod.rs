//! The control API's calls that act as agents.

mod attachments;
mod dashboards;
mod webhooks;

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use self::attachments::GivenFile;
use super::create::check_summary;
use crate::jira::JiraSimulator;
use crate::jira::account::Account;
use crate::jira::adf;
use crate::jira::errors::JiraError;
use crate::jira::options::Options;
use crate::jira::setup::Setup;
use crate::jira::state::attachment::File;
use crate::jira::state::rate::Discipline;
use crate::jira::state::workflow::{Category, Status};
use crate::jira::state::{Comment, Issue, NewIssue, State as Site, Visibility};
use crate::jira::webhooks::actions::{CommentEdit, FirstOutcome, NewComment};
use crate::lock;
use crate::options;
use crate::problem::{Problem, body_of};

type Answer<T> = Result<Json<T>, Problem>;

/// The largest body of a comment, in bytes: room for about 140 MB of files in base64.
const LARGEST_COMMENT: usize = 192 * 1024 * 1024;

pub(crate) fn router(simulator: JiraSimulator) -> Router {
    Router::new()
        .route("/api/requests", get(list_requests).post(open_request))
        .route(
            "/api/requests/{key}",
            get(show_request).delete(delete_request),
        )
        .route(
            "/api/requests/{key}/comments",
            post(write_comment).layer(DefaultBodyLimit::max(LARGEST_COMMENT)),
        )
        .route(
            "/api/requests/{key}/comments/{id}",
            put(edit_comment)
                .delete(delete_comment)
                .layer(DefaultBodyLimit::max(LARGEST_COMMENT)),
        )
        .route("/api/attachments/{id}", get(attachments::read))
        .route("/api/requests/{key}/transition", post(move_request))
        .route("/api/requests/{key}/assignee", put(assign_request))
        .route("/api/jira/options", get(show_options).post(change_options))
        .route("/api/jira/dashboards", get(dashboards::list))
        .route("/api/jira/rate", get(show_rate))
        .route("/api/jira/setup", get(show_setup).post(change_setup))
        .merge(webhooks::router())
        .with_state(simulator)
}

impl From<JiraError> for Problem {
    fn from(error: JiraError) -> Self {
        Self::new(error.status(), error.message())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listing {
    /// Leaves out comments, files and fields.
    #[serde(default)]
    brief: bool,
}

async fn list_requests(
    State(simulator): State<JiraSimulator>,
    query: Result<Query<Listing>, QueryRejection>,
) -> Answer<Vec<Value>> {
    let Query(Listing { brief }) = query?;
    let state = lock(&simulator.shared.state);
    let shown = state.issues.values().map(|issue| match brief {
        true => simulator.show_briefly(issue),
        false => simulator.show_request(&state, issue),
    });
    Ok(Json(shown.collect()))
}

async fn show_request(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
) -> Answer<Value> {
    let state = lock(&simulator.shared.state);
    let issue = state.issue(&key).ok_or_else(JiraError::no_issue)?;
    Ok(Json(simulator.show_request(&state, issue)))
}

impl JiraSimulator {
    /// Returns an issue as a list of requests shows it.
    fn show_briefly(&self, issue: &Issue) -> Value {
        let is_public = |comment: &&Comment| comment.public;
        let last = issue.comments.iter().rev().find(is_public);
        json!({
            "id": issue.id.to_string(),
            "key": issue.key,
            "summary": issue.summary,
            "status": issue.status.name(),
            "status_category": issue.status.category().key(),
            "created": issue.created,
            "updated": issue.updated,
            "assignee": issue.assignee.map(show_account),
            "phone": issue.fields.get(&self.shared.config.phone_field),
            "comments": issue.comments.len(),
            "last_public_by": last.map(|comment| show_account(comment.author)),
        })
    }

    fn show_request(&self, state: &Site, issue: &Issue) -> Value {
        let description = issue.description.as_ref().map(adf::plain_text);
        let mut fields: Map<String, Value> = issue.fields.clone().into_iter().collect();
        fields.insert("labels".to_owned(), json!(issue.labels));
        fields.insert("request_type".to_owned(), json!(issue.request_type));
        fields.insert("reporter".to_owned(), show_account(issue.reporter));
        fields.insert(
            "assignee".to_owned(),
            json!(issue.assignee.map(show_account)),
        );
        json!({
            "id": issue.id.to_string(),
            "key": issue.key,
            "summary": issue.summary,
            "description": description.unwrap_or_default(),
            "status": issue.status.name(),
            "status_category": issue.status.category().key(),
            "created": issue.created,
            "updated": issue.updated,
            "fields": fields,
            "linked": state.linked_to(issue.id),
            "comments": issue.comments.iter().map(|comment| show_comment(issue, comment)).collect::<Vec<_>>(),
            "attachments": issue.attachments.iter().map(attachments::show).collect::<Vec<_>>(),
        })
    }
}

fn show_account(account: Account) -> Value {
    json!({
        "accountId": account.account_id(),
        "displayName": account.display_name(),
        "accountType": account.account_type(),
    })
}

fn show_comment(issue: &Issue, comment: &Comment) -> Value {
    let files = issue.comment_attachments(comment);
    let mut shown = json!({
        "id": comment.id.to_string(),
        "public": comment.public,
        "author": show_account(comment.author),
        "text": adf::plain_text(&comment.body),
        "adf": comment.body,
        "created": comment.created,
        "updated": comment.updated,
        "properties": comment.properties,
        "attachments": files.into_iter().map(attachments::show).collect::<Vec<_>>(),
    });
    if let Some(visibility) = &comment.visibility {
        shown["visibility"] = json!(visibility);
    }
    shown
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OpenRequest {
    summary: String,
    description: Option<String>,
    phone: Option<String>,
}

/// Opens a request as an agent, for a phone number if one is given.
async fn open_request(State(simulator): State<JiraSimulator>, body: Bytes) -> Answer<Value> {
    let given = body_of::<OpenRequest>(&body)?;
    let config = &simulator.shared.config;
    let phone = given
        .phone
        .map(|phone| (config.phone_field.clone(), json!(phone)));
    let new = NewIssue {
        summary: check_summary(Some(&json!(given.summary)))?,
        description: given.description.as_deref().map(adf::from_text),
        request_type: config.request_types.first().map(|kind| kind.id.clone()),
        fields: phone.into_iter().collect(),
        reporter: Account::Agent,
    };
    let (issue, outcome) = simulator.create_issue(new);
    let webhook_status = first_status(outcome).await;
    let shown = json!({
        "id": issue.id.to_string(),
        "key": issue.key,
        "webhook_status": webhook_status,
    });
    Ok(Json(shown))
}

async fn first_status(outcome: FirstOutcome) -> Option<u16> {
    outcome.await.ok()?.status()
}

async fn delete_request(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
) -> Answer<Value> {
    let outcome = simulator.delete_issue(&key)?;
    Ok(Json(json!({"webhook_status": first_status(outcome).await})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WriteComment {
    text: Option<String>,
    adf: Option<Value>,
    public: Option<bool>,
    author: Option<Account>,
    visibility: Option<Visibility>,
    #[serde(default)]
    attachments: Vec<GivenFile>,
}

impl WriteComment {
    /// Returns the document to write, or `None` if neither text nor a document is given.
    fn document(&mut self) -> Result<Option<Value>, Problem> {
        match (self.text.take(), self.adf.take()) {
            (Some(_), Some(_)) => Err(Problem::bad_request("Give text or adf, not both.")),
            (Some(text), None) => Ok(Some(adf::from_text(&text))),
            (None, Some(document)) => match adf::check(&document) {
                Ok(()) => Ok(Some(document)),
                Err(reason) => Err(Problem::bad_request(format!("adf: {reason}"))),
            },
            (None, None) => Ok(None),
        }
    }

    fn files(&mut self) -> Result<Vec<File>, Problem> {
        let given = std::mem::take(&mut self.attachments);
        given.into_iter().map(GivenFile::decode).collect()
    }
}

async fn write_comment(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
    body: Bytes,
) -> Answer<Value> {
    let mut given = body_of::<WriteComment>(&body)?;
    let document = given.document()?;
    let new = NewComment {
        author: given.author.unwrap_or(Account::Agent),
        body: document.ok_or_else(|| Problem::bad_request("Give text or adf."))?,
        public: given.public.unwrap_or(true),
        files: given.files()?,
        visibility: given.visibility,
        properties: BTreeMap::new(),
    };
    let (_, comment, outcome) = simulator.add_comment(&key, new)?;
    let shown = json!({
        "id": comment.id.to_string(),
        "webhook_status": first_status(outcome).await,
    });
    Ok(Json(shown))
}

async fn edit_comment(
    State(simulator): State<JiraSimulator>,
    Path((key, id)): Path<(String, String)>,
    body: Bytes,
) -> Answer<Value> {
    let mut given = body_of::<WriteComment>(&body)?;
    let edit = CommentEdit {
        body: given.document()?,
        editor: given.author.unwrap_or(Account::Agent),
        public: given.public,
        files: given.files()?,
        visibility: given.visibility,
    };
    let (_, comment, outcome) = simulator.edit_comment(&key, &id, edit)?;
    Ok(Json(json!({
        "id": comment.id.to_string(),
        "webhook_status": first_status(outcome).await,
    })))
}

async fn delete_comment(
    State(simulator): State<JiraSimulator>,
    Path((key, id)): Path<(String, String)>,
) -> Answer<Value> {
    let outcome = simulator.delete_comment(&key, &id)?;
    Ok(Json(json!({"webhook_status": first_status(outcome).await})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MoveRequest {
    to: Category,
}

async fn move_request(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
    body: Bytes,
) -> Answer<Value> {
    let given = body_of::<MoveRequest>(&body)?;
    let status = Status::of_category(given.to);
    let outcome = simulator.set_status(&key, status, Account::Agent)?;
    Ok(Json(json!({
        "status": status.name(),
        "status_category": status.category().key(),
        "webhook_status": first_status(outcome).await,
    })))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AssignRequest {
    /// The assignee; `null` for nobody.
    to: Option<Account>,
}

async fn assign_request(
    State(simulator): State<JiraSimulator>,
    Path(key): Path<String>,
    body: Bytes,
) -> Answer<Value> {
    let given = body_of::<AssignRequest>(&body)?;
    let outcome = simulator.assign(&key, given.to, Account::Agent)?;
    Ok(Json(json!({
        "assignee": given.to.map(show_account),
        "webhook_status": first_status(outcome).await,
    })))
}

async fn show_options(State(simulator): State<JiraSimulator>) -> Json<Options> {
    Json(lock(&simulator.shared.state).options)
}

async fn change_options(State(simulator): State<JiraSimulator>, body: Bytes) -> Answer<Options> {
    let changes = body_of::<Map<String, Value>>(&body)?;
    let mut state = lock(&simulator.shared.state);
    state.options = options::with_changes(&state.options, changes)?;
    Ok(Json(state.options))
}

async fn show_rate(State(simulator): State<JiraSimulator>) -> Json<Discipline> {
    Json(lock(&simulator.shared.state).rate.discipline())
}

async fn show_setup(State(simulator): State<JiraSimulator>) -> Json<Setup> {
    Json(lock(&simulator.shared.state).setup.clone())
}

async fn change_setup(State(simulator): State<JiraSimulator>, body: Bytes) -> Answer<Setup> {
    let changes = body_of::<Map<String, Value>>(&body)?;
    let mut state = lock(&simulator.shared.state);
    state.setup = options::with_changes(&state.setup, changes)?;
    Ok(Json(state.setup.clone()))
}
