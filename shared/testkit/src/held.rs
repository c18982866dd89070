//! The held replies.

use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{CommentId, ConversationKey};
use casement_service::StoreFailure;
use casement_service::ports::{Held, HeldReplies, HeldReply, Saved};
use chrono::{DateTime, Utc};

use crate::World;
use crate::meter::Write;

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
        let from = (key.clone(), DateTime::UNIX_EPOCH, CommentId::new(""));
        let own = table.held.range(from..);
        let own = own.take_while(|((owner, ..), _)| owner == key);
        let own: Vec<_> = own.map(|(_, reply)| reply.clone()).collect();
        let ids: Vec<_> = own.iter().map(|reply| &reply.comment_id).collect();
        self.reads(&ids);
        Ok(own)
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
        self.others_first().await;
        if self.save_with_others(conversation) == Saved::Conflict {
            return Ok(Held::Conflict);
        }
        self.writes(|| Write::of(&reply.comment_id).together());
        let held = &mut self.inner.table.borrow_mut().held;
        held.insert(place, reply.clone());
        Ok(Held::Now)
    }

    async fn unhold(
        &self,
        conversation: &Conversation,
        reply: &HeldReply,
    ) -> Result<Saved, StoreFailure> {
        self.others_first().await;
        let saved = self.save_with_others(conversation);
        if saved == Saved::Yes {
            self.writes(Write::of_nothing);
            let held = &mut self.inner.table.borrow_mut().held;
            held.remove(&place(conversation, reply));
        }
        Ok(saved)
    }
}
