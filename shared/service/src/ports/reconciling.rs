//! Searches Jira for changes that never came by webhook.

use std::collections::BTreeSet;

use casement_core::decide::reconciliation::Cursor;
use casement_core::model::comment::ListedComment;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{CommentId, IssueId, Wamid};
use chrono::{DateTime, Duration, Utc};

use super::Saved;
use crate::failure::StoreFailure;

/// A recently updated issue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdatedIssue {
    /// The issue.
    pub id: IssueId,
    /// The time of the last update.
    pub updated: DateTime<Utc>,
    /// Whether one of the fields for phone numbers has something in it.
    pub has_phone: bool,
}

/// A page of recently updated issues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdatedPage {
    /// The issues, the least recently updated first.
    pub issues: Vec<UpdatedIssue>,
    /// The token for the next page, if any.
    pub next: Option<String>,
}

/// The changes in Jira, whether or not a webhook came.
pub trait Updates {
    /// Returns the issues of these service desks that were updated in the last `within`, a page at
    /// a time. `phone_fields` may have customers' phone numbers in them. `page` is the
    /// [`UpdatedPage::next`] of the page before. Jira's search lags behind its writes.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn updated(
        &self,
        service_desks: &BTreeSet<&str>,
        phone_fields: &BTreeSet<&str>,
        within: Duration,
        page: Option<&str>,
    ) -> Result<UpdatedPage, CallFailure>;
}

/// The latest comments of requests.
pub trait LatestComments {
    /// Returns the latest comments of an issue, the newest first.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`]; an issue that is deleted or not visible to us is
    /// gone.
    async fn latest_comments(&self, issue: &IssueId) -> Result<Vec<ListedComment>, CallFailure>;

    /// Returns the customer's message that a comment of ours shows, according to its marker.
    /// `None`: the comment shows none, or is gone.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn message_of(&self, comment: &CommentId) -> Result<Option<Wamid>, CallFailure>;
}

/// The store of the reconciliation cursor.
pub trait Cursors {
    /// Returns the position up to which Jira was searched. `None`: Jira was never searched.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn cursor(&self) -> Result<Option<Cursor>, StoreFailure>;

    /// Writes the cursor if the stored one still has its `version`, and raises the stored version
    /// by one.
    ///
    /// # Errors
    /// The store failed; whether the cursor was written is unknown.
    async fn keep_cursor(&self, cursor: &Cursor) -> Result<Saved, StoreFailure>;
}
