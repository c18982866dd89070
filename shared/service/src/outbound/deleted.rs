//! Following an agent's deletion of a comment.

use casement_core::edit::{DeletionDecision, decide_deletion};
use casement_core::fate::{Fate, fate};
use casement_core::identity::{CommentId, IssueId};
use casement_core::notes::Note;

use super::Outbound;
use crate::app::Ports;
use crate::failure::{Failure, Outcome};
use crate::ports::*;
use crate::saving::load_joined;

impl<P: Ports> Outbound<P> {
    /// Takes a deleted comment off if it is held, and tells the agent if the customer has it.
    /// Nothing is ever sent on a deletion, whatever Jira says of the comment.
    pub(super) async fn follow_deletion(
        &self,
        issue: &IssueId,
        id: &CommentId,
    ) -> Result<Outcome, Failure> {
        let Some(key) = self.app.store.of_issue(issue).await? else {
            return Ok(Outcome::Ignored("no_conversation"));
        };
        let Some(conversation) = load_joined(&self.app.store, &key).await? else {
            return Ok(Outcome::Ignored("no_conversation"));
        };
        let first_part = self.first_part(id).await?;
        let held = self.held_reply(&conversation, id).await?;
        let now = self.app.clock.now();
        let decision = decide_deletion(first_part.as_ref(), held.is_some(), now);
        let (note, occasion, outcome) = match decision {
            DeletionDecision::Nothing => return Ok(Outcome::Ignored("gone")),
            DeletionDecision::Wait(left) => {
                return Err(Failure::NotYet("whether it was sent will show", left));
            }
            DeletionDecision::Withdraw => (Note::Withdrawn, "withdrawn", "withdrawn"),
            DeletionDecision::TellSent => (
                Note::DeletedAfterSending,
                "deleted",
                "deleted_after_sending",
            ),
        };
        match self.app.jira.read(issue, id).await {
            Ok(Some(_)) => return Ok(Outcome::Ignored("still_there")),
            Ok(None) => {}
            // The request is deleted, and the comment with it.
            Err(failure) if fate(&failure) == Fate::Gone => {}
            Err(failure) => return Err(failure.into()),
        }
        let about = format!("{occasion}:{}", id.as_str());
        self.tell(issue, &note, about).await?;
        if let Some(held) = held {
            self.take_off(&conversation.key, &held, false).await?;
        }
        Ok(Outcome::Done(outcome))
    }
}
