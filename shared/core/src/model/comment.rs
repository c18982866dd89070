//! Comments in Jira.

mod author;
mod body;

use chrono::{DateTime, Utc};
use serde_json::Value;

pub use self::author::{AccountType, Author, Rule};
pub use self::body::Body;
use crate::model::identity::{AccountId, CommentId};
use crate::model::private::Private;
use crate::text::{Site, plain_text, single_spaced};

/// A comment as it was just read from Jira. Never filled from a webhook: its `jsdPublic` is
/// known to be wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// Jira's id.
    pub id: CommentId,
    /// Who wrote it.
    pub author: AccountId,
    /// What kind of account the author has.
    pub account_type: AccountType,
    /// The name in the author's profile. `None`: Jira does not say, or an app wrote it, such as
    /// Automation, whose name says nothing to a customer.
    pub author_name: Option<Private<String>>,
    /// The comment that it answers in a thread.
    pub parent: Option<CommentId>,
    /// `public` of JSM's own comment resource. `None`: the field was missing.
    pub public: Option<bool>,
    /// `jsdPublic` of the platform's comment. `None`: the field was missing.
    pub jsd_public: Option<bool>,
    /// Restricted to a role or a group. Jira calls such a comment public all the same.
    pub restricted: bool,
    /// Whether it carries the property that we put on what we write.
    pub written_by_us: bool,
    /// The Jira site, whose links are left out ([`crate::text::OutboundText::of_body`]). `None`: not known.
    pub site: Option<Site>,
    /// When it was written.
    pub created: DateTime<Utc>,
    /// When it was last edited.
    pub updated: DateTime<Utc>,
    /// What it says.
    pub body: Body,
}

/// A comment as Jira lists it: enough to see whether to look closer. It is never sent from this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedComment {
    /// Jira's id.
    pub id: CommentId,
    /// Who wrote it.
    pub author: AccountId,
    /// Whether Jira says that it is internal, or restricts it to a role or a group.
    pub inside: bool,
    /// Whether it carries the property that we put on what we write.
    pub written_by_us: bool,
    /// When it was written.
    pub created: DateTime<Utc>,
    /// When it was last edited.
    pub updated: DateTime<Utc>,
    /// What it says.
    pub body: Body,
}

/// The words of a body with single spaces between them, and nothing of how they look.
pub(crate) fn plain_words(body: &Value) -> String {
    single_spaced(&plain_text(body, None))
}
