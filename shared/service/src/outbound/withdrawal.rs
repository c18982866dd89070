//! What following an edit, a deletion and a cancellation have in common.

use casement_core::conversation::Conversation;
use casement_core::fate::{Fate, fate};
use casement_core::identity::{CommentId, IssueId};
use casement_core::ledger::{LedgerEntry, LedgerKey};
use casement_core::notes::Note;
use casement_core::opened::NEW_FOR;
use casement_core::reply::Comment;
use chrono::Duration;

use super::Outbound;
use crate::app::Ports;
use crate::failure::Failure;
use crate::note::{self, Before};
use crate::ports::*;

/// How soon Jira is asked again whether a request is deleted.
const ASKED_AGAIN: Duration = Duration::minutes(2);

impl<P: Ports> Outbound<P> {
    /// The comment as a held reply, if it is one.
    pub(super) async fn held_reply(
        &self,
        conversation: &Conversation,
        comment: &CommentId,
    ) -> Result<Option<HeldReply>, Failure> {
        let held = self.held_replies(conversation).await?;
        Ok(held.into_iter().find(|held| held.comment_id == *comment))
    }

    /// All held replies. Mostly there are none, and nothing is asked.
    pub(super) async fn held_replies(
        &self,
        conversation: &Conversation,
    ) -> Result<Vec<HeldReply>, Failure> {
        if conversation.held_count == 0 {
            return Ok(Vec::new());
        }
        Ok(self.app.store.held(&conversation.key).await?)
    }

    /// Reads a comment anew. `None`: it is deleted. That its whole request is deleted is believed
    /// when Jira still says so after a while: a reply that falls away is lost for good.
    ///
    /// # Errors
    /// Jira failed, or it is too early to say.
    pub(super) async fn read_comment(
        &self,
        issue: &IssueId,
        comment: &CommentId,
    ) -> Result<Option<Comment>, Failure> {
        match self.app.jira.read(issue, comment).await {
            Err(failure) if fate(&failure) == Fate::Gone => {}
            read => return Ok(read?),
        }
        let now = self.app.clock.now();
        let key = LedgerKey::Note(format!("gone:{}", comment.as_str()));
        let first = LedgerEntry {
            issue_id: Some(issue.clone()),
            ..LedgerEntry::claimed(now).settled()
        };
        let earlier = self.app.store.create(&key, &first).await?;
        let since = earlier.and_then(|entry| entry.begun_at).unwrap_or(now);
        if now < since + NEW_FOR {
            return Err(Failure::NotYet(
                "the request seems to be deleted",
                ASKED_AGAIN,
            ));
        }
        Ok(None)
    }

    /// Leaves a note, unless the request is gone, and with it everybody who could read it. Comes
    /// before what it tells of: whoever takes the work up after a crash finds the note, but no
    /// longer what led to it.
    pub(super) async fn tell(
        &self,
        issue: &IssueId,
        note: &Note,
        about: String,
    ) -> Result<(), Failure> {
        match note::leave(&self.app.jira, issue, note, about, Before::Perhaps).await {
            Err(failure) if fate(&failure) != Fate::Gone => Err(failure.into()),
            _ => Ok(()),
        }
    }
}
