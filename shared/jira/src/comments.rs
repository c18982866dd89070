//! Comments in Jira.

mod marker;
mod reading;

use casement_core::model::comment::Comment;
use casement_core::model::delivery_state::DeliveryState;
use casement_core::model::fate::{Absence, CallFailure};
use casement_core::model::identity::{AccountId, CommentId, IssueId};
use casement_service::ports::{
    CommentDraft, Comments, JiraCredentials, LatestComments, Marker, Shown,
};
use chrono::{DateTime, Utc};
use futures_util::future::join;
use serde::Deserialize;
use serde_json::{Value, json};

use self::marker::{Listed, PROPERTY, marker_among, value_of};
use self::reading::{PlatformComment, ServiceDeskComment, comment};
pub(crate) use self::reading::{has_our_marker, note_of};
use crate::client::{Call, JiraCloud};
use crate::wire::{NumericId, User};

/// The property in which JSM keeps a comment's visibility.
const VISIBILITY_PROPERTY: &str = "sd.public.comment";

/// How many comments to search for a marker: the most that Jira returns at once.
const LOOKED_THROUGH: &str = "100";

/// How many of our own comments to ask for their properties one by one, on a site that does not
/// list them.
const ASKED_ONE_BY_ONE: usize = 20;

#[derive(Deserialize)]
struct Added {
    id: NumericId,
}

#[derive(Deserialize)]
struct Page {
    comments: Vec<Value>,
}

#[derive(Deserialize)]
struct PropertyAnswer {
    value: Value,
}

impl<C: JiraCredentials> Comments for JiraCloud<C> {
    /// Jira Cloud REST API v3, "Add comment". Sets visibility and marker together with the comment,
    /// which is never seen without them.
    async fn add(&self, issue: &IssueId, draft: &CommentDraft) -> Result<CommentId, CallFailure> {
        let body = json!({
            "body": draft.body,
            "properties": [
                {"key": VISIBILITY_PROPERTY, "value": {"internal": !draft.public}},
                {"key": PROPERTY, "value": value_of(&draft.marker)},
            ],
        });
        let path = ["rest", "api", "3", "issue", issue.as_str(), "comment"];
        match self.call::<Added>(&Call::create(&path, body)).await {
            // "The per-issue limit has been breached" for comments: 5,000.
            Err(CallFailure::Jira { status: 413, .. }) => Err(CallFailure::Full),
            added => Ok(CommentId::new(added?.id.0)),
        }
    }

    /// Asks "Get comment property" for the latest comments where they come without properties.
    async fn marked(
        &self,
        issue: &IssueId,
        marker: &Marker,
    ) -> Result<Option<CommentId>, CallFailure> {
        let own = self.own_account().await?;
        let latest = self.latest(issue).await?;
        let wanted = value_of(marker);
        let mut asked = 0;
        for listed in Listed::by(&own, &latest) {
            let found = match listed.properties {
                Some(properties) => marker_among(&properties).cloned(),
                None if asked < ASKED_ONE_BY_ONE => {
                    asked += 1;
                    self.marker_of(&listed.id).await?
                }
                None => break,
            };
            if found.as_ref() == Some(&wanted) {
                return Ok(Some(CommentId::new(listed.id.0)));
            }
        }
        Ok(None)
    }

    /// JSM Cloud REST API, "Get request comment by id", and Jira Cloud REST API v3, "Get comment",
    /// at the same time: each knows something about the comment's visibility that the other does
    /// not.
    ///
    /// Asks again for a comment that only one of the two has: a command in a note of doubtful
    /// visibility is not carried out. A comment is gone if the platform says so twice, the issue
    /// can be read, and neither Jira Service Management nor the issue's list of comments has it.
    async fn read(&self, issue: &IssueId, id: &CommentId) -> Result<Option<Comment>, CallFailure> {
        let both = self.read_once(issue, id).await?;
        let both = match both {
            (Some(_), Some(_)) => both,
            _ => {
                self.readable(issue.as_str()).await?;
                self.read_once(issue, id).await?
            }
        };
        match both {
            (service_desk, Some(platform)) if service_desk.is_some() || platform.is_inside() => {
                let site = self.site().await?;
                comment(id, &service_desk.unwrap_or_default(), platform, site).map(Some)
            }
            (None, Some(_)) if !self.is_request(issue.as_str()).await? => {
                Err(CallFailure::Absent(Absence::NoRequest))
            }
            (None, None) if !self.is_listed(issue, id).await? => Ok(None),
            _ => Err(CallFailure::Absent(Absence::Unclear)),
        }
    }

    /// Jira Cloud REST API v3, "Set comment property", which takes the permission *Edit all
    /// comments* for somebody else's comment. Uses the key of the marker on our own comments:
    /// `marker::is_marker` tells the two apart.
    async fn show_delivery(
        &self,
        comment: &CommentId,
        state: &DeliveryState,
        project: &str,
        now: DateTime<Utc>,
    ) -> Result<Shown, CallFailure> {
        if self.refusals.stands(project, now) {
            return Ok(Shown::NotAllowed);
        }
        let comment = comment.as_str();
        let path = [
            "rest",
            "api",
            "3",
            "comment",
            comment,
            "properties",
            PROPERTY,
        ];
        match self.carry_out(&Call::put(&path, json!(state))).await {
            Ok(()) => Ok(Shown::Yes),
            Err(CallFailure::Jira { status: 403, .. }) => {
                tracing::info!(
                    "the account lacks the permission Edit all comments: comments do not show how \
                     far they are"
                );
                self.refusals.remember(project, now);
                Ok(Shown::NotAllowed)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Jira Cloud REST API v3, "Get current user". Asked once per client.
    async fn own_account(&self) -> Result<AccountId, CallFailure> {
        if let Some(known) = self.own_account.get() {
            return Ok(known.clone());
        }
        let path = ["rest", "api", "3", "myself"];
        let user: User = self.call(&Call::get(&path, &[])).await?;
        let account = AccountId::new(user.account_id);
        Ok(self.own_account.get_or_init(|| account).clone())
    }
}

impl<C: JiraCredentials> JiraCloud<C> {
    /// Jira Cloud REST API v3, "Get comments": the latest, the newest first. `expand=properties` is
    /// not in the reference, and has no effect on some sites.
    pub(crate) async fn latest(&self, issue: &IssueId) -> Result<Vec<Value>, CallFailure> {
        let path = ["rest", "api", "3", "issue", issue.as_str(), "comment"];
        let query = [
            ("orderBy", "-created"),
            ("maxResults", LOOKED_THROUGH),
            ("expand", "properties"),
        ];
        let page: Page = self.call(&Call::get(&path, &query)).await?;
        Ok(page.comments)
    }

    /// Reads a comment through both APIs.
    async fn read_once(
        &self,
        issue: &IssueId,
        comment: &CommentId,
    ) -> Result<(Option<ServiceDeskComment>, Option<PlatformComment>), CallFailure> {
        let (issue, comment) = (issue.as_str(), comment.as_str());
        let path = [
            "rest",
            "servicedeskapi",
            "request",
            issue,
            "comment",
            comment,
        ];
        let service_desk = Call::get(&path, &[]);
        let path = ["rest", "api", "3", "issue", issue, "comment", comment];
        let platform = Call::get(&path, &[("expand", "properties")]);
        let (service_desk, platform) =
            join(self.call_once(&service_desk), self.call_once(&platform)).await;
        // A failure outweighs "not there": the next attempt will know better.
        Ok((existing(service_desk)?, existing(platform)?))
    }

    /// Whether a comment is among the latest of the issue.
    async fn is_listed(&self, issue: &IssueId, id: &CommentId) -> Result<bool, CallFailure> {
        let listed = self.latest_comments(issue).await?;
        Ok(listed.iter().any(|comment| comment.id == *id))
    }

    /// Returns a comment's marker. `None` if it has none, or is gone.
    pub(crate) async fn marker_of(
        &self,
        comment: &NumericId,
    ) -> Result<Option<Value>, CallFailure> {
        let path = [
            "rest",
            "api",
            "3",
            "comment",
            &comment.0,
            "properties",
            PROPERTY,
        ];
        let property = self
            .call_once::<PropertyAnswer>(&Call::get(&path, &[]))
            .await;
        Ok(existing(property)?.map(|property| property.value))
    }
}

/// Turns "not there" and "not visible to us" into `None`.
pub(crate) fn existing<T>(answer: Result<T, CallFailure>) -> Result<Option<T>, CallFailure> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(failure) if failure.is_not_found() => Ok(None),
        Err(failure) => Err(failure),
    }
}
