//! What agents do to comments that they have written.

use casement_core::model::comment::{AccountType, Body, Comment};
use casement_core::model::delivery_state::DeliveryState;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{AccountId, CommentId, IssueId};
use casement_core::model::queue::OutboundQueueMessage;
use chrono::{DateTime, Utc};
use serde_json::json;

use super::{OWN, World};
use crate::ports::Shown;

impl World {
    /// Somebody edits a comment; what the queue says of it is returned.
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
        OutboundQueueMessage::CommentEdited {
            issue_id: IssueId::new("1"),
            comment_id: CommentId::new(id),
            author: Some(comment.author.clone()),
        }
    }

    /// A comment that Casement has written, as it was written.
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

    /// From now on Jira refuses this.
    pub(crate) fn refuse(&self, what: &'static str, failure: CallFailure) {
        self.inner.refused.borrow_mut().insert(what, failure);
    }

    /// From now on Jira takes this, as it does at first.
    pub(crate) fn allow(&self, what: &str) {
        self.inner.refused.borrow_mut().remove(what);
    }

    pub(super) fn refusal(&self, what: &str) -> Option<CallFailure> {
        self.inner.refused.borrow().get(what).cloned()
    }

    /// From now on Jira refuses to show how far a comment is.
    pub(crate) fn refuse_to_show(&self, failure: CallFailure) {
        self.refuse("show", failure);
    }

    /// From now on Jira shows how far a comment is, as it does at first.
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

    /// Whether the table fails when a message of ours is to be kept by WhatsApp's id.
    pub(crate) fn forget(&self, forgets: bool) {
        self.inner.forgets.set([forgets, false]);
    }

    /// The ledger loses how far customers' messages have come.
    pub(crate) fn forget_progress(&self) {
        self.inner.forgets.set([false, true]);
    }

    /// From now on Jira answers so when it is asked for a comment.
    pub(crate) fn fail_reads(&self, failure: Option<CallFailure>) {
        self.inner.read_failure.replace(failure);
    }
}

/// Another text.
pub(crate) fn rewrite(comment: &mut Comment, words: &str) {
    comment.body = json!({"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": words}]}]})
    .into();
}
