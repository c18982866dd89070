//! Turns a webhook's body into a hint that somebody wrote, edited or deleted a comment.
//!
//! A webhook is never evidence: its text is markup made from the comment, its `jsdPublic` is known
//! to be wrong, and its `issue.self` leads nowhere. So only ids are taken from it, and the comment
//! is read again before anything is sent.
//!
//! A rule of Automation tells of a comment in the same form, with nothing but ids, or sends the
//! whole issue with its comments.

use casement_core::model::identity::{AccountId, CommentId, IssueId};
use casement_core::model::queue::{self, CommentEvent, Door, OutboundQueueMessage};
use serde::Deserialize;
use serde_json::Value;

use crate::signature::Verified;
use crate::wire::{NumericId, instant, lenient_id};

/// What to do with a webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Something happened to a comment: put `message` on the outbound queue.
    Comment {
        /// The ids.
        message: OutboundQueueMessage,
        /// The deduplication id of the message: the same each time that Jira reports the event.
        dedup_id: String,
    },
    /// Nothing. Count it and answer 200.
    Ignored(IgnoredHint),
}

/// Why a webhook is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IgnoredHint {
    /// Not about a comment.
    OtherEvent,
    /// Neither `issue.id` nor the address of the comment says which issue it is about.
    NoIssue,
    /// The comment has no id.
    NoComment,
}

impl IgnoredHint {
    /// Returns the word for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OtherEvent => "other_event",
            Self::NoIssue => "no_issue",
            Self::NoComment => "no_comment",
        }
    }
}

/// The body is not a webhook of Jira's. Count it and answer 200: a repetition would be no better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the webhook's body is not understood")]
pub struct NotUnderstood;

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "webhookEvent", default)]
    name: Value,
    #[serde(default)]
    timestamp: Value,
    #[serde(default)]
    issue: Option<Issue>,
    #[serde(default)]
    comment: Option<Comment>,
    /// Automation's "issue data" is the issue itself.
    #[serde(default, deserialize_with = "lenient_id")]
    id: Option<NumericId>,
    #[serde(default)]
    fields: Value,
}

impl Event {
    /// Reads the "issue data" of Automation, in either of its formats, as the newest comment's
    /// creation. Which comment the rule is about is not in it.
    fn with_issue_data(mut self) -> Self {
        if self.name.is_null() && self.comment.is_none() && self.id.is_some() {
            let comments = self.fields["comment"]["comments"].as_array();
            let numbered = comments.into_iter().flatten().filter_map(numbered);
            let newest = numbered.max_by_key(|(number, _)| *number);
            self.name = "comment_created".into();
            self.issue = Some(Issue { id: self.id.take() });
            self.comment = newest.map(|(_, id)| Comment {
                id: Some(id),
                address: Value::Null,
                author: Value::Null,
                updated: Value::Null,
            });
        }
        self
    }
}

/// Returns a comment's id as a number, for comparison, and as it is. Ids count up.
fn numbered(comment: &Value) -> Option<(u64, NumericId)> {
    let id = lenient_id(&comment["id"]).ok().flatten()?;
    Some((id.0.parse().ok()?, id))
}

#[derive(Deserialize)]
struct Issue {
    #[serde(default, deserialize_with = "lenient_id")]
    id: Option<NumericId>,
}

#[derive(Deserialize)]
struct Comment {
    #[serde(default, deserialize_with = "lenient_id")]
    id: Option<NumericId>,
    /// `…/rest/api/2/issue/10042/comment/10501`. Only taken apart, never followed.
    #[serde(default, rename = "self")]
    address: Value,
    #[serde(default)]
    author: Value,
    #[serde(default)]
    updated: Value,
}

impl Comment {
    /// Returns the id that follows `/name/` in the address.
    fn addressed(&self, name: &str) -> Option<NumericId> {
        let (_, rest) = self.address.as_str()?.split_once(&format!("/{name}/"))?;
        NumericId::leading(rest)
    }
}

/// Reads a body (Jira Cloud platform, "Webhooks").
///
/// # Errors
/// [`NotUnderstood`].
pub fn parse(webhook: Verified<'_>) -> Result<Hint, NotUnderstood> {
    let mut event: Event = serde_json::from_slice(webhook.body()).map_err(|_| NotUnderstood)?;
    let door = webhook.door();
    if door == Door::Automation {
        event = event.with_issue_data();
    }
    let happened = event.name.as_str().and_then(Happened::named);
    // A held reply is read again before it is sent, so a rule need not tell of deletions.
    let happened = happened.filter(|happened| door == Door::Webhook || !happened.is_deletion());
    let Some(happened) = happened else {
        return Ok(Hint::Ignored(IgnoredHint::OtherEvent));
    };
    let Some(comment) = event.comment else {
        return Ok(Hint::Ignored(IgnoredHint::NoComment));
    };
    let issue_id = event.issue.and_then(|issue| issue.id);
    let Some(NumericId(issue_id)) = issue_id.or_else(|| comment.addressed("issue")) else {
        return Ok(Hint::Ignored(IgnoredHint::NoIssue));
    };
    let comment_id = comment.id.clone().or_else(|| comment.addressed("comment"));
    let Some(NumericId(comment_id)) = comment_id else {
        return Ok(Hint::Ignored(IgnoredHint::NoComment));
    };
    let author = comment.author["accountId"].as_str();
    let author = author.filter(|id| !id.is_empty()).map(AccountId::new);
    // Whoever has the token could say that a comment is our own.
    let author = author.filter(|_| door == Door::Webhook);
    let edited_at = edited_at(&comment.updated, &event.timestamp);
    let (issue_id, comment_id) = (IssueId::new(issue_id), CommentId::new(comment_id));
    let dedup_id = happened.dedup_id(&comment_id, edited_at);
    Ok(Hint::Comment {
        // What a token's owner claims must not take the place of Jira's own word in the queue.
        dedup_id: match door {
            Door::Webhook => dedup_id,
            Door::Automation => format!("automation:{}:{dedup_id}", issue_id.as_str()),
        },
        message: happened.message(CommentEvent {
            issue_id,
            comment_id,
            author,
            door: Some(door),
        }),
    })
}

/// What happened to a comment.
#[derive(Clone, Copy)]
enum Happened {
    Created,
    Edited,
    Deleted,
}

impl Happened {
    fn named(event: &str) -> Option<Self> {
        match event {
            "comment_created" => Some(Self::Created),
            "comment_updated" => Some(Self::Edited),
            "comment_deleted" => Some(Self::Deleted),
            _ => None,
        }
    }

    fn is_deletion(self) -> bool {
        matches!(self, Self::Deleted)
    }

    /// Returns the deduplication id. A comment is created and deleted once, but edited any number
    /// of times.
    fn dedup_id(self, comment_id: &CommentId, edited_at: i64) -> String {
        match self {
            Self::Created => queue::id_of_created(comment_id),
            Self::Edited => queue::id_of_edited(comment_id, edited_at),
            Self::Deleted => format!("comment-deleted:{}", comment_id.as_str()),
        }
    }

    fn message(self, event: CommentEvent) -> OutboundQueueMessage {
        match self {
            Self::Created => OutboundQueueMessage::CommentCreated(event),
            Self::Edited => OutboundQueueMessage::CommentEdited(event),
            Self::Deleted => OutboundQueueMessage::CommentDeleted(event),
        }
    }
}

/// Returns the time that tells two edits apart, in milliseconds. The webhook's own time would do,
/// but differs between several webhooks of a site for one event.
fn edited_at(updated: &Value, timestamp: &Value) -> i64 {
    let updated = updated.as_str().and_then(instant);
    updated
        .map(|at| at.timestamp_millis())
        .or_else(|| timestamp.as_i64())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
