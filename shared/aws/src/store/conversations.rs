//! The conversations.

use casement_core::model::conversation::{Conversation, KEPT_FOR};
use casement_core::model::identity::ConversationKey;
use casement_core::model::ledger::KEPT_BY_WAMID;
use casement_core::model::timer;
use casement_service::StoreFailure;
use casement_service::ports::{Clock, Conversations, Saved};

use super::DynamoStore;
use super::item::{Expected, Item, item_of, parsed, seconds, string};
use crate::keys::{self, DUE_AT, DUE_SHARD};

impl<C: Clock> Conversations for DynamoStore<C> {
    async fn load(&self, key: &ConversationKey) -> Result<Option<Conversation>, StoreFailure> {
        let item = self.get(keys::conversation(key)).await?;
        item.map(parsed).transpose()
    }

    async fn save(&self, conversation: &Conversation) -> Result<Saved, StoreFailure> {
        let item = self.conversation_item(conversation)?;
        let expected = Expected::read_as(conversation.version);
        Ok(self.put(item, expected).await?.into())
    }

    async fn begin(
        &self,
        conversation: &Conversation,
        aliases: &[String],
    ) -> Result<Saved, StoreFailure> {
        self.begin_with(conversation, aliases).await
    }
}

impl<C: Clock> DynamoStore<C> {
    /// Makes the item of a conversation: with the next version, and in the index while it has a
    /// timer.
    pub(super) fn conversation_item(
        &self,
        conversation: &Conversation,
    ) -> Result<Item, StoreFailure> {
        let mut next = conversation.clone();
        next.version += 1;
        let now = self.clock.now();
        // A conversation that we began has no customer's message yet, and a message may arrive
        // years late.
        let expires_at = next.forget_after().unwrap_or(now + KEPT_FOR);
        let expires_at = expires_at.max(now + KEPT_BY_WAMID);
        let mut item = item_of(&next, keys::conversation(&next.key), expires_at)?;
        if let Some(due_at) = next.timers.next() {
            item.insert(DUE_SHARD.to_owned(), string(timer::shard(&next.key)));
            item.insert(DUE_AT.to_owned(), seconds(due_at));
        }
        Ok(item)
    }
}
