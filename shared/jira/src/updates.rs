//! Recently updated issues, and their latest comments.

use std::collections::{BTreeMap, BTreeSet};

use casement_core::model::comment::{AccountType, ListedComment};
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{AccountId, CommentId, IssueId, Wamid};
use casement_service::ports::{
    JiraCredentials, LatestComments, UpdatedIssue, UpdatedPage, Updates,
};
use chrono::Duration;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::{Call, JiraCloud};
use crate::comments::{existing, has_our_marker, note_of};
use crate::wire::{NumericId, instant};

/// The number of issues on a page.
const PAGE_SIZE: u32 = 100;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServiceDesk {
    project_id: NumericId,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    issues: Vec<FoundIssue>,
    #[serde(default)]
    next_page_token: Option<String>,
}

#[derive(Deserialize)]
struct FoundIssue {
    id: NumericId,
    fields: FoundFields,
}

#[derive(Deserialize)]
struct FoundFields {
    updated: String,
    /// The fields for phone numbers.
    #[serde(flatten)]
    others: BTreeMap<String, Value>,
}

impl<C: JiraCredentials> Updates for JiraCloud<C> {
    /// Jira Cloud REST API v3, "Search for issues using JQL enhanced search". Gives the time as
    /// minutes before now: JQL reads a date in the time zone of the account, which is unknown here.
    async fn updated(
        &self,
        service_desks: &BTreeSet<&str>,
        phone_fields: &BTreeSet<&str>,
        within: Duration,
        page: Option<&str>,
    ) -> Result<UpdatedPage, CallFailure> {
        let projects = self.projects_of(service_desks).await?;
        if projects.is_empty() {
            return Ok(UpdatedPage {
                issues: Vec::new(),
                next: None,
            });
        }
        let (projects, minutes) = (projects.join(", "), within.num_minutes().max(0) + 1);
        let fields: Vec<&str> = ["updated"].iter().chain(phone_fields).copied().collect();
        let mut body = json!({
            "jql": format!(
                "project in ({projects}) AND updated >= \"-{minutes}m\" ORDER BY updated ASC"
            ),
            "fields": fields,
            "maxResults": PAGE_SIZE,
        });
        if let Some(token) = page {
            body["nextPageToken"] = token.into();
        }
        let path = ["rest", "api", "3", "search", "jql"];
        let found: Found = self.call(&Call::ask(&path, body)).await?;
        Ok(UpdatedPage {
            issues: found.issues.into_iter().filter_map(updated_issue).collect(),
            next: found.next_page_token,
        })
    }
}

impl<C: JiraCredentials> LatestComments for JiraCloud<C> {
    /// Leaves out comments that cannot be read, as their webhooks could not be read either.
    async fn latest_comments(&self, issue: &IssueId) -> Result<Vec<ListedComment>, CallFailure> {
        let latest = self.latest(issue).await?;
        Ok(latest.iter().filter_map(listed_comment).collect())
    }

    /// Jira Cloud REST API v3, "Get comment property". Only some sites list comments with their
    /// properties.
    async fn message_of(&self, comment: &CommentId) -> Result<Option<Wamid>, CallFailure> {
        let Some(id) = NumericId::new(comment.as_str()) else {
            return Ok(None);
        };
        let marker = self.marker_of(&id).await?;
        let wamid = marker.and_then(|marker| Some(marker["wamid"].as_str()?.to_owned()));
        Ok(wamid.map(Wamid::new))
    }
}

impl<C: JiraCredentials> JiraCloud<C> {
    /// JSM Cloud REST API, "Get service desk by id", asked once for each. A desk that is gone or
    /// hidden from us has no project; the others go on.
    async fn projects_of(&self, desks: &BTreeSet<&str>) -> Result<Vec<String>, CallFailure> {
        let mut projects = Vec::new();
        for desk in desks {
            let known = self.projects.get(desk);
            let project = match known {
                Some(project) => project,
                None => {
                    let path = ["rest", "servicedeskapi", "servicedesk", desk];
                    let answer = self.call::<ServiceDesk>(&Call::get(&path, &[])).await;
                    let Some(answer) = existing(answer)? else {
                        tracing::warn!(desk, "there is no such service desk to look through");
                        continue;
                    };
                    self.projects.put(desk, answer.project_id.clone());
                    answer.project_id
                }
            };
            projects.push(project.0);
        }
        Ok(projects)
    }
}

/// Returns `None` without a time of the update, which every site gives.
fn updated_issue(found: FoundIssue) -> Option<UpdatedIssue> {
    Some(UpdatedIssue {
        id: IssueId::new(found.id.0),
        updated: instant(&found.fields.updated)?,
        has_phone: found.fields.others.values().any(has_text),
    })
}

fn has_text(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        _ => true,
    }
}

fn listed_comment(comment: &Value) -> Option<ListedComment> {
    let created = comment["created"].as_str().and_then(instant)?;
    let updated = comment["updated"].as_str().and_then(instant);
    let restricted = !comment["visibility"].is_null();
    Some(ListedComment {
        id: CommentId::new(NumericId::new(comment["id"].as_str()?)?.0),
        author: AccountId::new(comment["author"]["accountId"].as_str()?),
        account_type: AccountType::of(comment["author"]["accountType"].as_str()),
        inside: restricted || comment["jsdPublic"] == false,
        written_by_us: has_our_marker(&comment["properties"]),
        about: note_of(&comment["properties"]),
        created,
        updated: updated.unwrap_or(created),
        body: comment["body"].clone().into(),
    })
}
