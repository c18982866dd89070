//! Requests in Jira Service Management.

use casement_core::decide::fields::FieldValue;
use casement_core::decide::inbound::NewRequest;
use casement_core::decide::routing::{RequestState, Transition};
use casement_core::model::fate::{CallFailure, Fate, fate};
use casement_core::model::identity::{AccountId, Assignee, IssueId, IssueRef};
use casement_service::ports::{JiraCredentials, Requests};
use serde::Deserialize;
use serde_json::json;

use self::state::{Issue, STATE_FIELDS, Transitions};
use crate::client::{Call, JiraCloud};
use crate::wire::NumericId;

mod own;
mod state;

/// How Jira writes a time, in UTC.
const TIME: &str = "%Y-%m-%dT%H:%M:%S%.3f+0000";

/// The name of the link type that every new site has.
const LINK_TYPE: &str = "Relates";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Opened {
    issue_id: NumericId,
    issue_key: String,
}

#[derive(Deserialize)]
struct Assigned {
    fields: AssignedFields,
}

#[derive(Deserialize)]
struct AssignedFields {
    #[serde(default)]
    assignee: Option<User>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    account_id: String,
    #[serde(default)]
    display_name: String,
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

    /// JSM Cloud REST API, "Get customer requests", then Jira Cloud REST API v3, "Search for issues
    /// using JQL enhanced search". JQL's `text` covers the description and every text field, so
    /// also the one with the reference.
    async fn find(&self, request: &NewRequest) -> Result<Option<IssueRef>, CallFailure> {
        match self.find_among_own(request).await {
            Ok(None) => {}
            // Not every account may list requests.
            Err(failure) if is_refusal(&failure) => {
                tracing::warn!(%failure, "our own requests are not listed; the search has to do");
            }
            found => return found,
        }
        let reference = &*request.reference;
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

    /// Jira Cloud REST API v3, "Get issue".
    async fn assignee(&self, issue: &IssueId) -> Result<Option<Assignee>, CallFailure> {
        let path = ["rest", "api", "3", "issue", issue.as_str()];
        let query = [("fields", "assignee")];
        let issue: Assigned = self.call(&Call::get(&path, &query)).await?;
        Ok(issue.fields.assignee.map(|user| Assignee {
            account: AccountId::new(user.account_id),
            name: user.display_name.into(),
        }))
    }

    /// Jira Cloud REST API v3, "Edit issue".
    async fn set_fields(
        &self,
        issue: &IssueId,
        fields: &[(String, FieldValue)],
    ) -> Result<(), CallFailure> {
        let path = ["rest", "api", "3", "issue", issue.as_str()];
        let values = fields.iter().map(|(field, value)| {
            let value = match value {
                FieldValue::Time(time) => json!(time.map(|time| time.format(TIME).to_string())),
                FieldValue::Count(count) => json!(count),
                FieldValue::Text(text) => json!(text.get()),
            };
            (field.clone(), value)
        });
        let values: serde_json::Map<_, _> = values.collect();
        self.carry_out(&Call::put(&path, json!({"fields": values})))
            .await
    }

    /// Jira Cloud REST API v3, "Create issue link", which takes the permission *Link issues*.
    /// Linking twice makes one link.
    async fn relate(&self, new: &IssueId, former: &IssueId) -> Result<(), CallFailure> {
        let path = ["rest", "api", "3", "issueLink"];
        let body = json!({
            "type": {"name": LINK_TYPE},
            "inwardIssue": {"id": new.as_str()},
            "outwardIssue": {"id": former.as_str()},
        });
        self.carry_out(&Call::create(&path, body)).await
    }
}

/// Whether a repetition would get the same answer, for a reason other than credentials.
fn is_refusal(failure: &CallFailure) -> bool {
    !matches!(failure, CallFailure::Jira { status: 401, .. })
        && matches!(fate(failure), Fate::Pause | Fate::GiveUp)
}

fn issue(NumericId(id): NumericId, key: String) -> IssueRef {
    IssueRef {
        id: IssueId::new(id),
        key,
    }
}

/// Writes a word as a JQL phrase. Drops everything but letters and digits, which could end the
/// phrase and which no reference has.
fn phrase(word: &str) -> String {
    let word: String = word.chars().filter(char::is_ascii_alphanumeric).collect();
    format!(r#""\"{word}\"""#)
}
