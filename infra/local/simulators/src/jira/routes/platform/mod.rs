//! The routes of the platform API, `/rest/api/3`.

mod attachments;
mod comments;
mod issues;
mod links;
mod permissions;
mod properties;

use axum::extract::{DefaultBodyLimit, State};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use serde_json::{Value, json};

use self::attachments::{add_attachments, read_content, show_limits};
use self::comments::{add_comment, list_comments, show_comment};
use self::issues::{do_transition, edit_issue, list_transitions, show_issue};
use self::properties::{set_property, show_property};
use super::search;
use crate::jira::JiraSimulator;
use crate::jira::account::Account;
use crate::jira::dates;
use crate::jira::errors::{JiraError, PlatformError};
use crate::jira::represent::{Form, Writer};
use crate::lock;

type Answer<T> = Result<T, PlatformError>;

/// Query parameters. A name may occur more than once.
type Parameters = Vec<(String, String)>;

pub(crate) fn router() -> Router<JiraSimulator> {
    Router::new()
        .route("/rest/api/3/myself", get(myself))
        .route("/rest/api/3/serverInfo", get(server_info))
        .route("/rest/api/3/mypermissions", get(permissions::mine))
        .route("/rest/api/3/field", get(permissions::all_fields))
        .route("/rest/api/3/search/jql", post(search::by_body))
        .route("/rest/api/3/issue/{key}", get(show_issue).put(edit_issue))
        .route(
            "/rest/api/3/issue/{key}/transitions",
            get(list_transitions).post(do_transition),
        )
        .route("/rest/api/3/issueLink", post(links::create_link))
        .route(
            "/rest/api/3/issue/{key}/comment",
            get(list_comments).post(add_comment),
        )
        .route("/rest/api/3/issue/{key}/comment/{id}", get(show_comment))
        .route("/rest/api/3/attachment/meta", get(show_limits))
        .route(
            "/rest/api/3/issue/{key}/attachments",
            post(add_attachments).layer(DefaultBodyLimit::disable()),
        )
        .route("/rest/api/3/attachment/content/{id}", get(read_content))
        .route(
            "/rest/api/3/comment/{id}/properties/{property}",
            get(show_property).put(set_property),
        )
}

impl JiraSimulator {
    /// Returns the writer of the REST API's answers.
    pub(crate) fn writer(&self) -> Writer<'_> {
        Writer {
            config: &self.shared.config,
            form: Form::Rest,
        }
    }
}

/// Returns the last value of a parameter.
fn parameter<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a str> {
    let mut newest_first = parameters.iter().rev();
    let found = newest_first.find(|(given, _)| given == name);
    found.map(|(_, value)| value.as_str())
}

/// Returns the value of a numeric parameter.
fn number(parameters: &Parameters, name: &str, default: usize) -> Result<usize, JiraError> {
    match parameter(parameters, name) {
        None => Ok(default),
        Some(text) => text
            .parse()
            .map_err(|_| JiraError::bad_request(format!("{name} is not a number: {text}"))),
    }
}

/// Source: Atlassian, "Get current user".
async fn myself(
    State(simulator): State<JiraSimulator>,
    Extension(account): Extension<Account>,
) -> Json<Value> {
    let config = &simulator.shared.config;
    let mut user = simulator.writer().user(account);
    user["emailAddress"] = match account {
        Account::Agent => json!(config.agent_email),
        _ => json!(config.email),
    };
    user["locale"] = json!("en_US");
    Json(user)
}

/// Source: Atlassian, "Get Jira instance info".
async fn server_info(State(simulator): State<JiraSimulator>) -> Json<Value> {
    let config = &simulator.shared.config;
    let ahead = lock(&simulator.shared.state).setup.clock_ahead();
    Json(json!({
        "baseUrl": config.site_url,
        "version": "1001.0.0-SNAPSHOT",
        "versionNumbers": [1001, 0, 0],
        "deploymentType": "Cloud",
        "buildNumber": 100_300,
        "serverTime": dates::platform(simulator.now() + ahead, config.utc_offset),
        "serverTitle": "Casement development",
    }))
}
