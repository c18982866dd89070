//! Projects in which the account may not edit others' comments.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};

/// How long a refusal is believed. A granted permission takes effect after that.
const BELIEVED_FOR: Duration = Duration::minutes(30);

/// When Jira last refused, by project.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<HashMap<String, DateTime<Utc>>>);

impl Refusals {
    /// Whether an earlier refusal still counts.
    pub(super) fn stands(&self, project: &str, now: DateTime<Utc>) -> bool {
        let refused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = refused.get(project);
        since.is_some_and(|since| (Duration::zero()..BELIEVED_FOR).contains(&(now - *since)))
    }

    /// Remembers that Jira refused.
    pub(super) fn remember(&self, project: &str, now: DateTime<Utc>) {
        let mut refused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        refused.insert(project.to_owned(), now);
    }
}
