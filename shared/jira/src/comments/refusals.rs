//! Where the account may not write to comments of others.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Duration, Utc};

/// How long a refusal is believed. Whoever grants the permission sees it take effect after that.
const BELIEVED_FOR: Duration = Duration::minutes(30);

/// When Jira last refused, by project.
#[derive(Debug, Default)]
pub(crate) struct Refusals(Mutex<HashMap<String, DateTime<Utc>>>);

impl Refusals {
    /// Whether Jira need not be asked again yet.
    pub(super) fn stands(&self, project: &str, now: DateTime<Utc>) -> bool {
        let refused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let since = refused.get(project);
        since.is_some_and(|since| (Duration::zero()..BELIEVED_FOR).contains(&(now - *since)))
    }

    /// Keeps in mind that Jira has refused.
    pub(super) fn remember(&self, project: &str, now: DateTime<Utc>) {
        let mut refused = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        refused.insert(project.to_owned(), now);
    }
}
