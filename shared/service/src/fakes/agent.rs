//! What agents do to comments that they have written.

use casement_core::fate::CallFailure;
use casement_core::identity::{AccountId, CommentId, IssueId};
use casement_core::queue::OutboundQueueMessage;
use casement_core::reply::Comment;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::World;

impl World {
    /// Somebody edits a comment; what the queue says of it is returned.
    pub(crate) fn edit_comment(
        &self,
        id: &str,
        updated: DateTime<Utc>,
        change: impl Fn(&mut Comment),
    ) -> OutboundQueueMessage {
        let mut readable = self.inner.readable.borrow_mut();
        let comment = readable.get_mut(id).unwrap();
        comment.updated = updated;
        change(comment);
        OutboundQueueMessage::CommentEdited {
            issue_id: IssueId::new("1"),
            comment_id: CommentId::new(id),
            author: Some(comment.author.clone()),
        }
    }

    /// Jira reports that a comment was deleted, whether or not it is.
    pub(crate) fn deletion_of(id: &str) -> OutboundQueueMessage {
        OutboundQueueMessage::CommentDeleted {
            issue_id: IssueId::new("1"),
            comment_id: CommentId::new(id),
            author: Some(AccountId::new("agent")),
        }
    }

    /// From now on Jira answers so when it is asked for a comment.
    pub(crate) fn fail_reads(&self, failure: Option<CallFailure>) {
        self.inner.read_failure.replace(failure);
    }
}

/// Another text.
pub(crate) fn rewrite(comment: &mut Comment, words: &str) {
    comment.body = json!({"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": words}]}]});
}
