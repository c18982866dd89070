//! Updated issues as Jira's search lists them, one a page.

use std::collections::BTreeSet;

use casement_core::model::fate::CallFailure;
use casement_core::model::identity::IssueId;
use casement_service::ports::{Clock, UpdatedIssue, UpdatedPage, Updates};
use chrono::{DateTime, Duration, Utc};

use crate::{Call, World};

impl World {
    /// Marks an issue as updated.
    pub fn update_issue(&self, id: &str, updated: DateTime<Utc>) {
        self.update(id, updated, false);
    }

    /// Marks an issue with a customer's phone number as updated.
    pub fn update_issue_with_phone(&self, id: &str, updated: DateTime<Utc>) {
        self.update(id, updated, true);
    }

    fn update(&self, id: &str, updated: DateTime<Utc>, has_phone: bool) {
        let comments = &mut self.inner.comments.borrow_mut();
        comments.updated.push(UpdatedIssue {
            id: IssueId::new(id),
            updated,
            has_phone,
        });
    }

    /// Returns the updated issues. Comments update request 1.
    fn updated_issues(&self) -> Vec<UpdatedIssue> {
        let comments = self.inner.comments.borrow();
        let mut issues = comments.updated.clone();
        let latest = comments.readable.values().map(|comment| comment.updated);
        issues.extend(latest.max().map(|updated| UpdatedIssue {
            id: IssueId::new("1"),
            updated,
            has_phone: false,
        }));
        issues.sort_by_key(|issue| issue.updated);
        issues
    }
}

impl Updates for World {
    async fn updated(
        &self,
        service_desks: &BTreeSet<&str>,
        _phone_fields: &BTreeSet<&str>,
        within: Duration,
        page: Option<&str>,
    ) -> Result<UpdatedPage, CallFailure> {
        assert_eq!(*service_desks, BTreeSet::from(["1"]));
        let call = self.begin_call(Call::Search)?;
        let mut issues = self.updated_issues();
        issues.retain(|issue| issue.updated >= self.now() - within);
        let index = page.map_or(0, |page| page.parse().unwrap());
        let next = (index + 1 < issues.len()).then(|| (index + 1).to_string());
        let issues = issues.into_iter().skip(index).take(1).collect();
        call.answer(UpdatedPage { issues, next })
    }
}
