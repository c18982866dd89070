//! What Casement is sent, and the actions that cause it.

pub(crate) mod actions;
mod attaching;
pub(crate) mod events;
pub(crate) mod retry;
mod rules;

use self::events::Events;
use super::JiraSimulator;
use super::errors::JiraError;
use super::options::Options;
use super::state::Issue;
use crate::lock;

impl JiraSimulator {
    /// Lets `action` change an issue and send webhooks.
    ///
    /// # Errors
    /// There is no such issue, or `action` fails.
    fn on_issue<T>(
        &self,
        key: &str,
        action: impl FnOnce(&mut Issue, &Events<'_>) -> Result<T, JiraError>,
    ) -> Result<T, JiraError> {
        let mut state = lock(&self.shared.state);
        let options = state.options;
        let issue = state.issue_mut(key).ok_or_else(JiraError::no_issue)?;
        action(issue, &self.events(&options))
    }

    fn events<'a>(&'a self, options: &'a Options) -> Events<'a> {
        Events {
            config: &self.shared.config,
            options,
            ids: &self.shared.ids,
            now: self.now(),
        }
    }
}
