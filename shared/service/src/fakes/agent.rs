//! Agents' changes to comments, and refusals by Jira and the table.

use casement_core::model::comment::{AccountType, Body, Comment};
use casement_core::model::delivery_state::DeliveryState;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{AccountId, CommentId, IssueId};
use casement_core::model::queue::{CommentEvent, OutboundQueueMessage};
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{OWN, World};
use crate::ports::Shown;

impl World {
    /// Edits a comment, and returns its queue message.
    pub(crate) fn edit_comment(
        &self,
        id: &str,
        updated: DateTime<Utc>,
        change: impl Fn(&mut Comment),
    ) -> OutboundQueueMessage {
        let own = self.own_comment(&CommentId::new(id));
        let mut readable = self.inner.readable.borrow_mut();
        let comment = match own {
            Some(own) => readable.entry(id.to_owned()).or_insert(own),
            None => readable.get_mut(id).unwrap(),
        };
        comment.updated = updated;
        change(comment);
        OutboundQueueMessage::CommentEdited(CommentEvent {
            issue_id: IssueId::new("1"),
            comment_id: CommentId::new(id),
            author: Some(comment.author.clone()),
        })
    }

    /// Returns a comment of Casement's as it was written.
    pub(super) fn own_comment(&self, id: &CommentId) -> Option<Comment> {
        let index: usize = id.as_str().strip_prefix("own-")?.parse().ok()?;
        let comments = self.inner.comments.borrow();
        let (_, draft) = comments.get(index - 1)?;
        Some(Comment {
            id: id.clone(),
            author: AccountId::new(OWN),
            account_type: AccountType::Person,
            author_name: None,
            parent: None,
            public: Some(draft.public),
            jsd_public: Some(draft.public),
            restricted: false,
            written_by_us: true,
            site: None,
            created: DateTime::UNIX_EPOCH,
            updated: DateTime::UNIX_EPOCH,
            body: Body::of(&draft.body),
        })
    }

    /// Makes Jira's report that a comment was deleted, whether or not it is.
    pub(crate) fn deletion_of(id: &str) -> OutboundQueueMessage {
        OutboundQueueMessage::CommentDeleted(CommentEvent {
            issue_id: IssueId::new("1"),
            comment_id: CommentId::new(id),
            author: Some(AccountId::new("agent")),
        })
    }

    /// Returns the delivery states shown on comments, in order, as `comment state`.
    pub(crate) fn shown(&self) -> Vec<String> {
        let shown = self.inner.shown.borrow();
        let states = shown.iter().map(|(comment, state)| {
            let state = serde_json::to_value(state).unwrap();
            format!("{} {}", comment.as_str(), state["state"].as_str().unwrap())
        });
        states.collect()
    }

    /// Makes Jira refuse this from now on.
    pub(crate) fn refuse(&self, what: &'static str, failure: CallFailure) {
        self.inner.refused.borrow_mut().insert(what, failure);
    }

    /// Makes Jira take this again, as at first.
    pub(crate) fn allow(&self, what: &str) {
        self.inner.refused.borrow_mut().remove(what);
    }

    pub(super) fn refusal(&self, what: &str) -> Option<CallFailure> {
        self.inner.refused.borrow().get(what).cloned()
    }

    /// Makes Jira refuse to show delivery states from now on.
    pub(crate) fn refuse_to_show(&self, failure: CallFailure) {
        self.refuse("show", failure);
    }

    /// Makes Jira show delivery states again, as at first.
    pub(crate) fn show_again(&self) {
        self.allow("show");
    }

    pub(super) fn note_shown(
        &self,
        comment: &CommentId,
        state: &DeliveryState,
    ) -> Result<Shown, CallFailure> {
        if let Some(failure) = self.refusal("show") {
            return match failure {
                CallFailure::Jira { status: 403, .. } => Ok(Shown::NotAllowed),
                failure => Err(failure),
            };
        }
        let mut shown = self.inner.shown.borrow_mut();
        shown.push((comment.clone(), state.clone()));
        Ok(Shown::Yes)
    }

    /// Sets whether the table refuses to store messages by WhatsApp's id.
    pub(crate) fn forget(&self, forgets: bool) {
        self.inner.forgets.set([forgets, false]);
    }

    /// Makes the ledger refuse to store the progress of customers' messages.
    pub(crate) fn forget_progress(&self) {
        self.inner.forgets.set([false, true]);
    }

    /// Makes Jira fail so, if at all, when a comment is read from now on.
    pub(crate) fn fail_reads(&self, failure: Option<CallFailure>) {
        self.inner.read_failure.replace(failure);
    }
}

/// Replaces the comment's text.
pub(crate) fn rewrite(comment: &mut Comment, words: &str) {
    comment.body = json!({"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": words}]}]})
    .into();
}
