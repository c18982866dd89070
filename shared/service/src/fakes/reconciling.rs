//! Updated issues as Jira lists them, one a page.

use std::collections::BTreeSet;

use casement_core::decide::reconciliation::Cursor;
use casement_core::model::comment::{Body, ListedComment};
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{AccountId, CommentId, IssueId, Wamid};
use chrono::{DateTime, Duration, Utc};

use super::{OWN, World};
use crate::failure::StoreFailure;
use crate::ports::*;

impl World {
    /// Returns how often a search of Jira began.
    pub(crate) fn searches(&self) -> u32 {
        self.inner.searches.get()
    }

    /// Marks an issue as updated.
    pub(crate) fn update_issue(&self, id: &str, at: DateTime<Utc>) {
        self.inner.updated.borrow_mut().push((IssueId::new(id), at));
    }

    /// Returns the updated issues. Comments update the only issue that has any.
    fn updated_issues(&self) -> Vec<UpdatedIssue> {
        let mut updated = self.inner.updated.borrow().clone();
        let readable = self.inner.readable.borrow();
        let latest = readable.values().map(|comment| comment.updated).max();
        updated.extend(latest.map(|at| (IssueId::new("1"), at)));
        updated.sort_by_key(|(_, at)| *at);
        let issues = updated.into_iter();
        issues
            .map(|(id, updated)| UpdatedIssue { id, updated })
            .collect()
    }
}

impl Updates for World {
    async fn updated(
        &self,
        service_desks: &BTreeSet<&str>,
        within: Duration,
        page: Option<&str>,
    ) -> Result<UpdatedPage, CallFailure> {
        assert_eq!(*service_desks, BTreeSet::from(["1"]));
        if let Some(failure) = self.inner.read_failure.borrow().clone() {
            return Err(failure);
        }
        if page.is_none() {
            self.inner.searches.set(self.inner.searches.get() + 1);
        }
        let mut issues = self.updated_issues();
        issues.retain(|issue| issue.updated >= self.inner.now.get() - within);
        let index = page.map_or(0, |page| page.parse().unwrap());
        let next = (index + 1 < issues.len()).then(|| (index + 1).to_string());
        let issues = issues.into_iter().skip(index).take(1).collect();
        Ok(UpdatedPage { issues, next })
    }
}

impl LatestComments for World {
    async fn latest_comments(&self, issue: &IssueId) -> Result<Vec<ListedComment>, CallFailure> {
        self.check_presence(issue)?;
        let readable = self.inner.readable.borrow();
        let listed = readable.values().map(|comment| ListedComment {
            id: comment.id.clone(),
            author: comment.author.clone(),
            inside: comment.restricted || comment.jsd_public == Some(false),
            written_by_us: comment.written_by_us,
            created: comment.created,
            updated: comment.updated,
            body: comment.body.clone(),
        });
        let own = self.inner.comments.borrow();
        let own = own
            .iter()
            .enumerate()
            .filter(|(_, (place, _))| place == issue);
        let own = own.map(|(index, (_, draft))| ListedComment {
            id: CommentId::new(format!("own-{}", index + 1)),
            author: AccountId::new(OWN),
            inside: !draft.public,
            written_by_us: true,
            created: DateTime::UNIX_EPOCH,
            updated: DateTime::UNIX_EPOCH,
            body: Body::of(&draft.body),
        });
        let mut all: Vec<_> = own.chain(listed).collect();
        all.reverse();
        Ok(all)
    }

    async fn message_of(&self, comment: &CommentId) -> Result<Option<Wamid>, CallFailure> {
        let own = comment.as_str().strip_prefix("own-");
        let index: Option<usize> = own.and_then(|index| index.parse().ok());
        let comments = self.inner.comments.borrow();
        let found = index.and_then(|index| comments.get(index - 1));
        Ok(found.and_then(|(_, draft)| match &draft.marker {
            Marker::Message { wamid, .. } => Some(wamid.clone()),
            Marker::Note(_) => None,
        }))
    }
}

impl Cursors for World {
    async fn cursor(&self) -> Result<Option<Cursor>, StoreFailure> {
        Ok(self.inner.cursor.borrow().clone())
    }

    async fn keep_cursor(&self, cursor: &Cursor) -> Result<Saved, StoreFailure> {
        self.inner.cursor.replace(Some(cursor.clone()));
        Ok(Saved::Yes)
    }
}
