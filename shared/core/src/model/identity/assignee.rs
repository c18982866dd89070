//! The assignee of a request.

use super::AccountId;
use crate::model::private::Private;

/// The assignee of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignee {
    pub account: AccountId,
    /// The name that Jira shows.
    pub name: Private<String>,
}
