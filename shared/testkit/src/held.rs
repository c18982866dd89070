//! The held replies.

use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{CommentId, ConversationKey};
use casement_service::StoreFailure;
use casement_service::ports::{Conversations, Held, HeldReplies, HeldReply, Saved};
use chrono::{DateTime, Utc};

use crate::World;

/// The position of a held reply: its conversation, then the age of its comment.
pub(crate) type HeldPlace = (ConversationKey, DateTime<Utc>, CommentId);

fn place(conversation: &Conversation, reply: &HeldReply) -> HeldPlace {
    let comment = reply.comment_id.clone();
    (conversation.key.clone(), reply.created, comment)
}

impl World {
    /// Returns the number of held replies of all conversations.
    #[must_use]
    pub fn held_count(&self) -> usize {
        self.inner.table.borrow().held.len()
    }
}

impl HeldReplies for World {
    async fn held(&self, key: &ConversationKey) -> Result<Vec<HeldReply>, StoreFailure> {
        let table = self.inner.table.borrow();
        let own = table.held.iter().filter(|((owner, ..), _)| owner == key);
        Ok(own.map(|(_, reply)| reply.clone()).collect())
    }

    async fn hold(
        &self,
        conversation: &Conversation,
        reply: &HeldReply,
    ) -> Result<Held, StoreFailure> {
        let place = place(conversation, reply);
        if self.inner.table.borrow().held.contains_key(&place) {
            return Ok(Held::Already);
        }
        if self.save(conversation).await? == Saved::Conflict {
            return Ok(Held::Conflict);
        }
        let held = &mut self.inner.table.borrow_mut().held;
        held.insert(place, reply.clone());
        Ok(Held::Now)
    }

    async fn unhold(
        &self,
        conversation: &Conversation,
        reply: &HeldReply,
    ) -> Result<Saved, StoreFailure> {
        let saved = self.save(conversation).await?;
        if saved == Saved::Yes {
            let held = &mut self.inner.table.borrow_mut().held;
            held.remove(&place(conversation, reply));
        }
        Ok(saved)
    }
}
