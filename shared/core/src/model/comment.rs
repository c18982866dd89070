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

/// A comment as just read from Jira. Never filled from a webhook: its `jsdPublic` is known to be
/// wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    pub id: CommentId,
    pub author: AccountId,
    /// The kind of the author's account.
    pub account_type: AccountType,
    /// The name in the author's profile. `None` if Jira gives none, or if the author is an app such
    /// as Automation, whose name means nothing to a customer.
    pub author_name: Option<Private<String>>,
    /// The comment that this one replies to in a thread.
    pub parent: Option<CommentId>,
    /// The field `public` of JSM's own comment resource. `None` if it was missing.
    pub public: Option<bool>,
    /// The field `jsdPublic` of the platform's comment. `None` if it was missing.
    pub jsd_public: Option<bool>,
    /// Whether it is restricted to a role or a group. Jira calls such a comment public all the
    /// same.
    pub restricted: bool,
    /// Whether it carries the property that Casement puts on its own comments.
    pub written_by_us: bool,
    /// The Jira site, whose links are left out ([`crate::text::OutboundText::of_body`]), if known.
    pub site: Option<Site>,
    pub created: DateTime<Utc>,
    /// The time of the last edit.
    pub updated: DateTime<Utc>,
    pub body: Body,
}

/// A comment as Jira lists it: enough to decide whether to read it in full. It is never sent from
/// this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedComment {
    pub id: CommentId,
    pub author: AccountId,
    /// The kind of the author's account.
    pub account_type: AccountType,
    /// Whether Jira calls it internal, or restricts it to a role or a group.
    pub inside: bool,
    /// Whether it carries the property that Casement puts on its own comments.
    pub written_by_us: bool,
    /// What a note of Casement's is about, where the site lists it.
    pub about: Option<String>,
    pub created: DateTime<Utc>,
    /// The time of the last edit.
    pub updated: DateTime<Utc>,
    pub body: Body,
}

/// Returns the words of a body with single spaces between them and without formatting.
pub(crate) fn plain_words(body: &Value) -> String {
    single_spaced(&plain_text(body, None))
}
