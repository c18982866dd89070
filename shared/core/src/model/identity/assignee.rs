//! Who a request is assigned to.

use super::AccountId;
use crate::model::private::Private;

/// Who a request is assigned to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignee {
    /// The account.
    pub account: AccountId,
    /// The name that Jira shows.
    pub name: Private<String>,
}
