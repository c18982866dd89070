//! Whose conversation a message belongs to.

use casement_core::conversation::Conversation;
use casement_core::identity::ConversationKey;
use casement_core::inbound::InboundMessage;

use super::Inbound;
use crate::failure::Failure;
use crate::ports::{Clock, DelayQueue, Jira, OutboundQueue, SettingsSource, Store};

impl<S, J, Q, T, C> Inbound<S, J, Q, T, C>
where
    S: Store,
    J: Jira,
    Q: OutboundQueue + DelayQueue,
    T: SettingsSource,
    C: Clock,
{
    /// The conversation that the message belongs to, under whichever identifier it is filed.
    pub(super) async fn conversation_of(
        &self,
        message: &InboundMessage,
    ) -> Result<Conversation, Failure> {
        let number = &message.phone_number_id;
        for identifier in message.from.identifiers() {
            let key = ConversationKey::new(number, identifier);
            if let Some(conversation) = self.store.load(&key).await? {
                return self.with_aliases(conversation, message).await;
            }
            if let Some(key) = self.store.of_alias(number, identifier).await?
                && let Some(conversation) = self.store.load(&key).await?
            {
                return self.with_aliases(conversation, message).await;
            }
        }
        let preferred = message.from.identifiers().next().unwrap_or_default();
        let key = ConversationKey::new(number, preferred);
        self.with_aliases(Conversation::new(key, message.from.clone()), message)
            .await
    }

    /// Sees to it that every identifier of the customer leads to the conversation. Those that
    /// it knows already do.
    async fn with_aliases(
        &self,
        conversation: Conversation,
        message: &InboundMessage,
    ) -> Result<Conversation, Failure> {
        let is_new = conversation.version == 0;
        for identifier in message.from.identifiers() {
            let known = !is_new
                && conversation
                    .identity
                    .identifiers()
                    .any(|own| own == identifier);
            if !known && identifier != conversation.key.customer {
                self.store.link_alias(identifier, &conversation.key).await?;
            }
        }
        Ok(conversation)
    }
}
