//! The opening of a request.

use chrono::serde::ts_seconds;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::identity::IssueRef;

/// A request that Jira was asked to open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The word in the request's description by which it can be found again.
    pub reference: String,
    /// The request that it follows, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<FormerRequest>,
    /// The time at which Jira was asked.
    #[serde(with = "ts_seconds")]
    pub since: DateTime<Utc>,
}

/// A request that a new one follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormerRequest {
    pub issue: IssueRef,
    /// The reason why the conversation does not continue in it.
    pub ended: Ended,
}

/// The reason why a conversation left a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// The request was deleted.
    Gone,
    /// The request was done too long ago to be reopened.
    Done,
    /// The request has as many comments or files as Jira allows.
    Full,
}
