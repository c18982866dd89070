//! What customers and agents do.

use casement_core::model::comment::Comment;
use casement_core::model::content::InboundMessage;
use casement_core::model::identity::{AccountId, CommentId, IssueId};
use casement_core::model::queue::{CommentEvent, OutboundQueueMessage};
use casement_service::{Attempt, Later, Outcome};
use chrono::{DateTime, Utc};

use crate::{World, at, comment, text, text_document};

impl World {
    /// Makes a world whose customer wrote at 0, a minute ago, and has request 1.
    pub async fn waiting() -> Self {
        let world = Self::new();
        world.customer_writes("a", "hello", at(0)).await;
        world.set_now(at(60));
        world
    }

    /// Takes a customer's message in.
    pub async fn receive(&self, message: &InboundMessage) -> Result<Outcome, Later> {
        self.inbound().receive(message, Attempt::Another).await
    }

    /// Takes a text with the id `wamid.{id}` in.
    pub async fn customer_writes(&self, id: &str, body: &str, sent_at: DateTime<Utc>) {
        self.receive(&text(id, body, sent_at)).await.unwrap();
    }

    /// Writes an agent's public comment, and returns its queue message.
    pub fn agent_writes(
        &self,
        id: &str,
        words: &str,
        created: DateTime<Utc>,
    ) -> OutboundQueueMessage {
        self.comment(id, words, created, |_| ())
    }

    /// Writes an agent's public comment, and carries it out.
    pub async fn agent_answers(
        &self,
        id: &str,
        words: &str,
        created: DateTime<Utc>,
    ) -> Result<Outcome, Later> {
        let written = self.agent_writes(id, words, created);
        self.carry_out(&written).await
    }

    /// Writes an agent's internal note, and returns its queue message.
    pub fn agent_notes(
        &self,
        id: &str,
        words: &str,
        created: DateTime<Utc>,
    ) -> OutboundQueueMessage {
        self.comment(id, words, created, |comment| {
            comment.public = Some(false);
            comment.jsd_public = Some(false);
        })
    }

    /// Writes a comment that differs from an agent's public one, and returns its queue message.
    pub fn comment(
        &self,
        id: &str,
        words: &str,
        created: DateTime<Utc>,
        change: impl Fn(&mut Comment),
    ) -> OutboundQueueMessage {
        self.comment_on(&IssueId::new("1"), id, words, created, change)
    }

    /// Writes a comment on this issue, and returns its queue message.
    pub fn comment_on(
        &self,
        issue: &IssueId,
        id: &str,
        words: &str,
        created: DateTime<Utc>,
        change: impl Fn(&mut Comment),
    ) -> OutboundQueueMessage {
        let body = text_document(words).into();
        let mut comment = comment(CommentId::new(id), body, created);
        change(&mut comment);
        self.update_issue(issue.as_str(), comment.updated);
        self.inner.comments.borrow_mut().write(issue, comment);
        OutboundQueueMessage::CommentCreated(CommentEvent {
            issue_id: issue.clone(),
            comment_id: CommentId::new(id),
            author: Some(AccountId::new("agent")),
            door: None,
        })
    }

    /// Edits a comment, and returns its queue message.
    pub fn edit_comment(
        &self,
        id: &str,
        updated: DateTime<Utc>,
        change: impl Fn(&mut Comment),
    ) -> OutboundQueueMessage {
        let id = CommentId::new(id);
        let comments = &mut self.inner.comments.borrow_mut();
        let mut comment = comments.comment(&id).unwrap();
        comment.updated = updated;
        change(&mut comment);
        let author = Some(comment.author.clone());
        comments.write(&IssueId::new("1"), comment);
        self.update_issue("1", updated);
        OutboundQueueMessage::CommentEdited(CommentEvent {
            issue_id: IssueId::new("1"),
            comment_id: id,
            author,
            door: None,
        })
    }

    /// Deletes a comment.
    pub fn delete_comment(&self, id: &str) {
        let comments = &mut self.inner.comments.borrow_mut();
        comments.delete(&CommentId::new(id));
    }

    /// Makes Jira's report that a comment was deleted, whether or not it is.
    #[must_use]
    pub fn deletion_of(id: &str) -> OutboundQueueMessage {
        OutboundQueueMessage::CommentDeleted(CommentEvent {
            issue_id: IssueId::new("1"),
            comment_id: CommentId::new(id),
            author: Some(AccountId::new("agent")),
            door: None,
        })
    }
}
