//! Updated issues as Jira's search lists them.

use std::collections::{BTreeSet, HashMap};
use std::ops::Bound;

use casement_core::model::fate::CallFailure;
use casement_core::model::identity::IssueId;
use casement_service::ports::{Clock, UpdatedIssue, UpdatedPage, Updates};
use chrono::{DateTime, Duration, Utc};

use crate::{Call, World};

#[derive(Default)]
pub(crate) struct UpdatedIssues {
    by_time: BTreeSet<(DateTime<Utc>, IssueId)>,
    times: HashMap<IssueId, DateTime<Utc>>,
    with_phone: BTreeSet<IssueId>,
}

impl World {
    /// Marks an issue as updated.
    pub fn update_issue(&self, id: &str, updated: DateTime<Utc>) {
        let issues = &mut self.inner.updated.borrow_mut();
        let id = IssueId::new(id);
        if let Some(before) = issues.times.insert(id.clone(), updated) {
            issues.by_time.remove(&(before, id.clone()));
        }
        issues.by_time.insert((updated, id));
    }

    /// Marks an issue with a customer's phone number as updated.
    pub fn update_issue_with_phone(&self, id: &str, updated: DateTime<Utc>) {
        self.inner
            .updated
            .borrow_mut()
            .with_phone
            .insert(IssueId::new(id));
        self.update_issue(id, updated);
    }
}

/// Writes the token of the page after this issue.
fn token(updated: DateTime<Utc>, id: &IssueId) -> String {
    format!("{} {}", updated.timestamp_millis(), id.as_str())
}

fn read(token: &str) -> (DateTime<Utc>, IssueId) {
    let (millis, id) = token.split_once(' ').unwrap();
    let updated = DateTime::from_timestamp_millis(millis.parse().unwrap());
    (updated.unwrap(), IssueId::new(id))
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
        self.waits_for_turn().await;
        let call = self.begin_call(Call::Search)?;
        let issues = self.inner.updated.borrow();
        let first = (self.now() - within, IssueId::new(""));
        let from = page.map_or(Bound::Included(first), |token| Bound::Excluded(read(token)));
        let mut later = issues.by_time.range((from, Bound::Unbounded));
        let [_, size] = self.inner.pages.get();
        let listed: Vec<_> = later.by_ref().take(size).cloned().collect();
        let last = listed.last().map(|(updated, id)| token(*updated, id));
        let next = later.next().and(last);
        let found = listed.into_iter().map(|(updated, id)| UpdatedIssue {
            has_phone: issues.with_phone.contains(&id),
            id,
            updated,
        });
        call.answer(UpdatedPage {
            issues: found.collect(),
            next,
        })
    }
}
