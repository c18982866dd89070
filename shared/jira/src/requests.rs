//! Requests in Jira Service Management.

use casement_core::fate::CallFailure;
use casement_core::identity::{IssueId, IssueRef};
use casement_core::inbound::NewRequest;
use casement_core::routing::{RequestState, Transition};
use casement_service::ports::{JiraCredentials, Requests};
use serde::Deserialize;
use serde_json::json;

use self::state::{Issue, STATE_FIELDS, Transitions};
use crate::client::{Call, JiraCloud};
use crate::wire::NumericId;

mod state;

/// The link that every site begins with, by its name.
const LINK_TYPE: &str = "Relates";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Opened {
    issue_id: NumericId,
    issue_key: String,
}

#[derive(Deserialize)]
struct Found {
    issues: Vec<FoundIssue>,
}

#[derive(Deserialize)]
struct FoundIssue {
    id: NumericId,
    key: String,
}

impl<C: JiraCredentials> Requests for JiraCloud<C> {
    /// JSM Cloud REST API, "Create customer request".
    async fn open(&self, request: &NewRequest) -> Result<IssueRef, CallFailure> {
        let mut values = json!({
            "summary": request.summary,
            &*request.reference_field: request.reference_text,
        });
        for (field, value) in &request.more_fields {
            values[field] = json!(value);
        }
        let body = json!({
            "serviceDeskId": request.service_desk_id,
            "requestTypeId": request.request_type_id,
            "requestFieldValues": values,
        });
        let path = ["rest", "servicedeskapi", "request"];
        let opened: Opened = self.call(&Call::create(&path, body)).await?;
        Ok(issue(opened.issue_id, opened.issue_key))
    }

    /// Jira Cloud REST API v3, "Search for issues using JQL enhanced search". JQL's `text` covers
    /// the description and every text field, whichever of them has the reference.
    async fn find(&self, reference: &str) -> Result<Option<IssueRef>, CallFailure> {
        let phrase = phrase(reference);
        let body = json!({
            "jql": format!("reporter = currentUser() AND text ~ {phrase} ORDER BY created ASC"),
            "fields": ["key"],
            "maxResults": 2,
        });
        let path = ["rest", "api", "3", "search", "jql"];
        let found: Found = self.call(&Call::ask(&path, body)).await?;
        if found.issues.len() > 1 {
            tracing::warn!(
                reference,
                "two requests have the same reference; the older is used"
            );
        }
        let first = found.issues.into_iter().next();
        Ok(first.map(|found| issue(found.id, found.key)))
    }

    /// Jira Cloud REST API v3, "Get issue".
    async fn state(&self, issue: &IssueId) -> Result<RequestState, CallFailure> {
        let path = ["rest", "api", "3", "issue", issue.as_str()];
        let query = [("fields", STATE_FIELDS)];
        let issue: Issue = self.call(&Call::get(&path, &query)).await?;
        Ok(issue.state())
    }

    /// Jira Cloud REST API v3, "Get transitions".
    async fn transitions(&self, issue: &IssueId) -> Result<Vec<Transition>, CallFailure> {
        let path = ["rest", "api", "3", "issue", issue.as_str(), "transitions"];
        let listed: Transitions = self.call(&Call::get(&path, &[])).await?;
        Ok(listed.available())
    }

    /// Jira Cloud REST API v3, "Transition issue".
    async fn transition(
        &self,
        issue: &IssueId,
        transition: &Transition,
    ) -> Result<(), CallFailure> {
        let path = ["rest", "api", "3", "issue", issue.as_str(), "transitions"];
        let body = json!({"transition": {"id": transition.id}});
        self.carry_out(&Call::create(&path, body)).await
    }

    /// Jira Cloud REST API v3, "Create issue link": a link that is there already stays one.
    async fn relate(&self, new: &IssueId, former: &IssueId) {
        let path = ["rest", "api", "3", "issueLink"];
        let body = json!({
            "type": {"name": LINK_TYPE},
            "inwardIssue": {"id": new.as_str()},
            "outwardIssue": {"id": former.as_str()},
        });
        if let Err(failure) = self.carry_out(&Call::create(&path, body)).await {
            let (new, former) = (new.as_str(), former.as_str());
            tracing::warn!(%failure, new, former, "a request was not linked to its former one");
        }
    }
}

fn issue(NumericId(id): NumericId, key: String) -> IssueRef {
    IssueRef {
        id: IssueId::new(id),
        key,
    }
}

/// A word as a JQL phrase. What is no letter and no digit could end the phrase and is no part of
/// a reference.
fn phrase(word: &str) -> String {
    let word: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
    format!(r#""\"{word}\"""#)
}
