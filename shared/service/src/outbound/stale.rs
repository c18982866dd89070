//! Comments that come so late that nothing is done about them.

use casement_core::conversation::Conversation;
use casement_core::freshness::Happening;
use casement_core::identity::IssueId;
use casement_core::notes::{Note, StaleNote};
use casement_core::reply::{Comment, ReplyDecision};

use super::Outbound;
use crate::app::Ports;
use crate::failure::{Failure, Outcome};
use crate::ports::*;

impl<P: Ports> Outbound<P> {
    /// Whether the ledger may have forgotten what became of a comment.
    pub(super) fn is_stale(&self, comment: &Comment) -> bool {
        Happening::Comment.is_stale(comment.created, self.app.clock.now())
    }

    /// Leaves a public comment alone that came too late. `None`: it is in time, or is known to be
    /// on its way. One that was edited since is [`Self::follow_edit`]'s.
    pub(super) async fn leave_stale(
        &self,
        conversation: &Conversation,
        comment: &Comment,
        issue: &IssueId,
        decision: &ReplyDecision,
    ) -> Result<Option<Outcome>, Failure> {
        let is_followed = comment.updated > comment.created && decision.is_for_the_customer();
        let stays_inside = matches!(decision, ReplyDecision::Ignore(_));
        if !self.is_stale(comment) || is_followed || stays_inside {
            return Ok(None);
        }
        let is_known = self.first_part(&comment.id).await?.is_some();
        if is_known || self.held_reply(conversation, &comment.id).await?.is_some() {
            return Ok(None);
        }
        self.tell_of_stale(comment, issue).await.map(Some)
    }

    /// Says that nothing is done about a comment, since it is too old.
    pub(super) async fn tell_of_stale(
        &self,
        comment: &Comment,
        issue: &IssueId,
    ) -> Result<Outcome, Failure> {
        let note = Note::Stale(StaleNote::Comment);
        let about = format!("stale-comment:{}", comment.id.as_str());
        self.tell(issue, &note, about).await?;
        Ok(Outcome::Ignored(Happening::Comment.reason()))
    }
}
