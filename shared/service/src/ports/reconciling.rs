//! Looking Jira through for what never came by webhook.

use std::collections::BTreeSet;

use casement_core::decide::reconciliation::Cursor;
use casement_core::model::comment::ListedComment;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{CommentId, IssueId, Wamid};
use chrono::{DateTime, Duration, Utc};

use super::Saved;
use crate::failure::StoreFailure;

/// An issue that was updated lately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdatedIssue {
    /// Which one.
    pub id: IssueId,
    /// When it was last updated.
    pub updated: DateTime<Utc>,
}

/// Some issues that were updated lately.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdatedPage {
    /// Those whose update is longest ago come first.
    pub issues: Vec<UpdatedIssue>,
    /// How to ask for the page after this one. `None`: there is none.
    pub next: Option<String>,
}

/// What changed in Jira, whether or not it said so.
pub trait Updates {
    /// The issues of these service desks that were updated in the last `within`, a page at a
    /// time: `page` is the [`UpdatedPage::next`] of the one before. Jira's search lags behind
    /// its writes.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn updated(
        &self,
        service_desks: &BTreeSet<&str>,
        within: Duration,
        page: Option<&str>,
    ) -> Result<UpdatedPage, CallFailure>;
}

/// The latest comments of requests.
pub trait LatestComments {
    /// Those of an issue, the newest first.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`]; an issue that is deleted or not ours to see is gone.
    async fn latest_comments(&self, issue: &IssueId) -> Result<Vec<ListedComment>, CallFailure>;

    /// The customer's message that a comment of ours shows, as its marker says. `None`: it shows
    /// none, or is gone.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn message_of(&self, comment: &CommentId) -> Result<Option<Wamid>, CallFailure>;
}

/// Where the cursor is kept.
pub trait Cursors {
    /// How far Jira was looked through; `None`: it never was.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn cursor(&self) -> Result<Option<Cursor>, StoreFailure>;

    /// Writes the cursor if the stored one still has its `version`, with the version raised by
    /// one.
    ///
    /// # Errors
    /// The store failed; whether it was written is unknown.
    async fn keep_cursor(&self, cursor: &Cursor) -> Result<Saved, StoreFailure>;
}
