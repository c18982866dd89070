//! The status of an issue and its transitions, as Jira writes them.

use casement_core::decide::routing::{RequestState, Transition};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::wire::instant;

/// The fields that tell an issue's state.
pub(super) const STATE_FIELDS: &str = "status,statuscategorychangedate,resolutiondate,updated";

#[derive(Deserialize)]
pub(super) struct Issue {
    fields: Fields,
}

#[derive(Deserialize)]
struct Fields {
    status: Status,
    #[serde(default)]
    statuscategorychangedate: Option<String>,
    #[serde(default)]
    resolutiondate: Option<String>,
    #[serde(default)]
    updated: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    status_category: StatusCategory,
}

#[derive(Deserialize)]
struct StatusCategory {
    key: String,
}

impl Status {
    /// Reads the category's key, which is the same in every language and workflow.
    fn is_done(&self) -> bool {
        self.status_category.key == "done"
    }
}

impl Issue {
    pub(super) fn state(&self) -> RequestState {
        if self.fields.status.is_done() {
            RequestState::Done {
                since: self.fields.done_since(),
            }
        } else {
            RequestState::Open
        }
    }
}

impl Fields {
    /// Not every workflow sets a resolution, and Jira has recorded category changes only recently.
    fn done_since(&self) -> Option<DateTime<Utc>> {
        let times = [
            &self.statuscategorychangedate,
            &self.resolutiondate,
            &self.updated,
        ];
        times.into_iter().flatten().find_map(|time| instant(time))
    }
}

#[derive(Deserialize)]
pub(super) struct Transitions {
    transitions: Vec<ListedTransition>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListedTransition {
    id: String,
    to: Status,
    #[serde(default)]
    is_available: Option<bool>,
}

impl Transitions {
    /// Returns the transitions that Jira says are available.
    pub(super) fn available(self) -> Vec<Transition> {
        let listed = self.transitions.into_iter();
        listed
            .filter(|transition| transition.is_available != Some(false))
            .map(|transition| Transition {
                leads_to_done: transition.to.is_done(),
                id: transition.id,
            })
            .collect()
    }
}
