//! What agents do to comments that they have written.

use casement_core::delivery_state::DeliveryState;
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

    /// What comments have shown of their way, one state after the other, as `comment state`.
    pub(crate) fn shown(&self) -> Vec<String> {
        let shown = self.inner.shown.borrow();
        let states = shown.iter().map(|(comment, state)| {
            let state = serde_json::to_value(state).unwrap();
            format!("{} {}", comment.as_str(), state["state"].as_str().unwrap())
        });
        states.collect()
    }

    /// From now on Jira refuses to show how far a comment is.
    pub(crate) fn refuse_to_show(&self, failure: CallFailure) {
        self.inner.show_failure.replace(Some(failure));
    }

    /// From now on Jira shows how far a comment is, as it does at first.
    pub(crate) fn show_again(&self) {
        self.inner.show_failure.replace(None);
    }

    pub(super) fn note_shown(
        &self,
        comment: &CommentId,
        state: &DeliveryState,
    ) -> Result<(), CallFailure> {
        if let Some(failure) = self.inner.show_failure.borrow().clone() {
            return Err(failure);
        }
        let mut shown = self.inner.shown.borrow_mut();
        shown.push((comment.clone(), state.clone()));
        Ok(())
    }

    /// Whether the table fails when a message of ours is to be kept by WhatsApp's id.
    pub(crate) fn forget(&self, forgets: bool) {
        self.inner.forgets.set(forgets);
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
