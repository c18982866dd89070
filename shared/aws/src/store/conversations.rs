//! The conversations.

use casement_core::conversation::{Conversation, KEPT_FOR};
use casement_core::identity::ConversationKey;
use casement_core::timer;
use casement_service::StoreFailure;
use casement_service::ports::{Clock, Conversations, Saved};

use super::item::{Expected, Item, item_of, parsed, string};
use super::{DynamoStore, Written};
use crate::keys::{self, DUE_SHARD};

impl<C: Clock> Conversations for DynamoStore<C> {
    async fn load(&self, key: &ConversationKey) -> Result<Option<Conversation>, StoreFailure> {
        let item = self.get(keys::conversation(key)).await?;
        item.map(parsed).transpose()
    }

    async fn save(&self, conversation: &Conversation) -> Result<Saved, StoreFailure> {
        let item = self.conversation_item(conversation)?;
        match self
            .put(item, Expected::read_as(conversation.version))
            .await?
        {
            Written::Yes => Ok(Saved::Yes),
            Written::No(_) => Ok(Saved::Conflict),
        }
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
    /// The conversation as it is written: with the next version, and in the index of timers
    /// while it has one.
    pub(super) fn conversation_item(
        &self,
        conversation: &Conversation,
    ) -> Result<Item, StoreFailure> {
        let mut next = conversation.clone();
        next.version += 1;
        // A conversation that we began has no customer's message yet.
        let expires_at = next
            .forget_after()
            .unwrap_or_else(|| self.clock.now() + KEPT_FOR);
        let mut item = item_of(&next, keys::conversation(&next.key), expires_at)?;
        if next.due_at.is_some() {
            item.insert(DUE_SHARD.to_owned(), string(timer::shard(&next.key)));
        }
        Ok(item)
    }
}
