//! The routes for custom fields, screens, filters and dashboards.

mod dashboards;
mod fields;
mod filters;
mod screens;

use axum::Router;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::jira::JiraSimulator;
use crate::jira::errors::{JiraError, PlatformError};
use crate::jira::state::State as Site;

pub(super) use self::fields::written as written_field;

type Answer<T> = Result<T, PlatformError>;

/// Query parameters. A name may occur more than once.
type Parameters = Vec<(String, String)>;

pub(crate) fn router() -> Router<JiraSimulator> {
    fields::router()
        .merge(screens::router())
        .merge(filters::router())
        .merge(dashboards::router())
}

/// Fails unless the service account administers Jira.
fn check_administrator(state: &Site) -> Result<(), JiraError> {
    if state.setup.administrator {
        Ok(())
    } else {
        let message = "You are not authorized to perform this action. Administrator privileges are \
                       required.";
        Err(JiraError::with_message(StatusCode::FORBIDDEN, message))
    }
}

fn parameter<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a str> {
    let mut all = parameters.iter();
    all.find(|(given, _)| given == name)
        .map(|(_, value)| value.as_str())
}

/// Writes the part of a list that is asked for.
fn page(parameters: &Parameters, all: Vec<Value>) -> Result<Value, JiraError> {
    let number = |name: &str, default: usize| {
        let given = parameter(parameters, name).map(str::parse);
        given
            .unwrap_or(Ok(default))
            .map_err(|_| JiraError::bad_request(format!("{name} is not a number")))
    };
    let (start, most) = (number("startAt", 0)?, number("maxResults", 50)?);
    let total = all.len();
    let values: Vec<Value> = all.into_iter().skip(start).take(most).collect();
    Ok(json!({
        "startAt": start,
        "maxResults": most,
        "total": total,
        "isLast": start + values.len() >= total,
        "values": values,
    }))
}

/// With whom a filter or a dashboard is shared.
#[derive(Debug, Deserialize)]
struct Share {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    project: Option<SharedProject>,
}

#[derive(Debug, Deserialize)]
struct SharedProject {
    id: String,
}

impl JiraSimulator {
    /// Returns the projects that something is shared with. Nothing else can be shared with.
    fn shared_with(&self, shares: &[Share]) -> Result<Vec<String>, JiraError> {
        let ids = shares.iter().map(|share| {
            let id = share.project.as_ref().map(|project| project.id.as_str());
            match (share.kind.as_str(), id) {
                ("project", Some(id)) if id == self.shared.config.project_id => Ok(id.to_owned()),
                _ => Err(JiraError::field(
                    "sharePermissions",
                    "The share is not valid.",
                )),
            }
        });
        ids.collect()
    }
}

/// Writes with whom something is shared.
fn written_shares(projects: &[String]) -> Value {
    let share = |id: &String| json!({"type": "project", "project": {"id": id}});
    projects.iter().map(share).collect()
}
