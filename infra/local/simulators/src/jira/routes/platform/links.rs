//! Links between issues. Source: Atlassian, "Issue links".

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use super::Answer;
use super::permissions::LINK_ISSUES;
use crate::jira::JiraSimulator;
use crate::jira::errors::{JiraError, body_of};
use crate::jira::state::IssueLink;
use crate::lock;

/// A kind of link that every site starts with and that reads the same in both directions.
const RELATES: &str = "Relates";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreateLink {
    #[serde(rename = "type")]
    kind: LinkType,
    inward_issue: LinkedIssue,
    outward_issue: LinkedIssue,
}

#[derive(Debug, Deserialize)]
struct LinkType {
    name: String,
}

#[derive(Debug, Deserialize)]
struct LinkedIssue {
    id: Option<String>,
    key: Option<String>,
}

impl LinkedIssue {
    fn id_or_key(&self) -> Result<&str, JiraError> {
        let given = self.id.as_deref().or(self.key.as_deref());
        given.ok_or_else(|| JiraError::bad_request("Give the id or the key of the issue."))
    }
}

/// Links two issues. Repeating an existing link is no error and does not add a second one.
pub(super) async fn create_link(
    State(simulator): State<JiraSimulator>,
    body: Bytes,
) -> Answer<StatusCode> {
    let given: CreateLink = body_of(&body)?;
    if given.kind.name != RELATES {
        let message = format!("No issue link type with name '{}' found.", given.kind.name);
        return Err(JiraError::bad_request(message).into());
    }
    let mut state = lock(&simulator.shared.state);
    // Jira answers "not found" for links that are not permitted.
    if !state.may(LINK_ISSUES) {
        let message = "You do not have the permission to link these issues.";
        return Err(JiraError::not_found(message).into());
    }
    let mut id_of = |linked: &LinkedIssue| -> Result<u64, JiraError> {
        let issue = state.issue_mut(linked.id_or_key()?);
        Ok(issue.ok_or_else(JiraError::no_issue)?.id)
    };
    let link = IssueLink {
        inward: id_of(&given.inward_issue)?,
        outward: id_of(&given.outward_issue)?,
    };
    state.links.insert(link);
    Ok(StatusCode::CREATED)
}
