//! What following an edit, a deletion and a cancellation have in common.

use casement_core::conversation::Conversation;
use casement_core::fate::{Fate, fate};
use casement_core::identity::{CommentId, IssueId};
use casement_core::notes::Note;

use super::Outbound;
use crate::failure::Failure;
use crate::note::{self, Before};
use crate::ports::{Clock, HeldReply, Jira, Messenger, SettingsSource, Store};

impl<S, J, W, T, C> Outbound<S, J, W, T, C>
where
    S: Store,
    J: Jira,
    W: Messenger,
    T: SettingsSource,
    C: Clock,
{
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
        Ok(self.store.held(&conversation.key).await?)
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
        match note::leave(&self.jira, issue, note, about, Before::Perhaps).await {
            Err(failure) if fate(&failure) != Fate::Gone => Err(failure.into()),
            _ => Ok(()),
        }
    }
}
