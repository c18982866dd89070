//! The held replies.

use casement_core::model::conversation::Conversation;
use casement_core::model::identity::ConversationKey;

use super::{HeldPlace, World};
use crate::failure::StoreFailure;
use crate::ports::*;

fn place(conversation: &Conversation, reply: &HeldReply) -> HeldPlace {
    let comment = reply.comment_id.as_str().to_owned();
    (conversation.key.clone(), reply.created, comment)
}

impl HeldReplies for World {
    async fn held(&self, key: &ConversationKey) -> Result<Vec<HeldReply>, StoreFailure> {
        let held = self.inner.held.borrow();
        let own = held.values().filter(|(owner, _)| owner == key);
        Ok(own.map(|(_, reply)| reply.clone()).collect())
    }

    async fn hold(
        &self,
        conversation: &Conversation,
        reply: &HeldReply,
    ) -> Result<Held, StoreFailure> {
        let place = place(conversation, reply);
        if self.inner.held.borrow().contains_key(&place) {
            return Ok(Held::Already);
        }
        if self.save(conversation).await? == Saved::Conflict {
            return Ok(Held::Conflict);
        }
        let owner = conversation.key.clone();
        self.inner
            .held
            .borrow_mut()
            .insert(place, (owner, reply.clone()));
        Ok(Held::Now)
    }

    async fn unhold(
        &self,
        conversation: &Conversation,
        reply: &HeldReply,
    ) -> Result<Saved, StoreFailure> {
        let saved = self.save(conversation).await?;
        if saved == Saved::Yes {
            self.inner
                .held
                .borrow_mut()
                .remove(&place(conversation, reply));
        }
        Ok(saved)
    }
}
