//! Whose conversation a message belongs to.

use casement_core::conversation::Conversation;
use casement_core::identity::{ConversationKey, CustomerIdentity, PhoneNumber, PhoneNumberId};

use super::Inbound;
use crate::failure::Failure;
use crate::ports::{
    Clock, DelayQueue, Jira, MediaFiles, OutboundQueue, Saved, SettingsSource, Store,
};

/// The conversation of a customer.
pub(super) struct Found {
    /// As the table has it, or a new one.
    pub(super) conversation: Conversation,
    /// The customer's identifiers without those that lead to another conversation.
    pub(super) identity: CustomerIdentity,
    /// Those that lead nowhere yet, but the key of the conversation.
    aliases: Vec<String>,
}

/// Where an identifier leads.
enum Lead {
    Nowhere,
    To(Box<Conversation>),
    /// To a conversation that the table has forgotten.
    ToForgotten(ConversationKey),
}

impl<S, J, W, Q, T, C> Inbound<S, J, W, Q, T, C>
where
    S: Store,
    J: Jira,
    W: MediaFiles,
    Q: OutboundQueue + DelayQueue,
    T: SettingsSource,
    C: Clock,
{
    /// The conversation of a customer, under whichever identifier it is filed. If they lead to
    /// two, the BSUID's is used, and the two stay apart.
    pub(super) async fn find(
        &self,
        number: &PhoneNumberId,
        customer: &CustomerIdentity,
    ) -> Result<Found, Failure> {
        let mut found: Option<Conversation> = None;
        let mut forgotten = None;
        let (mut aliases, mut foreign) = (Vec::new(), Vec::new());
        for identifier in customer.identifiers() {
            let is_known = |found: &Conversation| {
                let mut known = found.identity.identifiers();
                known.any(|known| known == identifier)
            };
            if found.as_ref().is_some_and(is_known) {
                continue;
            }
            match self.lead(number, identifier).await? {
                Lead::Nowhere => aliases.push(identifier.to_owned()),
                Lead::ToForgotten(key) => {
                    forgotten.get_or_insert(key);
                }
                Lead::To(other) => match &found {
                    Some(found) if found.key == other.key => {}
                    None if !is_anothers_phone(&other, customer, identifier) => {
                        found = Some(*other);
                    }
                    _ => foreign.push(identifier.to_owned()),
                },
            }
        }
        let identity = customer.without(&foreign);
        let identity = identity.unwrap_or_else(|| customer.clone());
        let conversation = found.unwrap_or_else(|| {
            let preferred = identity.identifiers().next().unwrap_or_default();
            let key = forgotten.unwrap_or_else(|| ConversationKey::new(number, preferred));
            Conversation::new(key, identity.clone())
        });
        if !foreign.is_empty() {
            let conversation = conversation.key.fingerprint();
            tracing::warn!(
                conversation,
                "a customer has an identifier of another conversation; they are kept apart"
            );
        }
        aliases.retain(|alias| *alias != conversation.key.customer);
        Ok(Found {
            conversation,
            identity,
            aliases,
        })
    }

    async fn lead(&self, number: &PhoneNumberId, identifier: &str) -> Result<Lead, Failure> {
        let key = ConversationKey::new(number, identifier);
        if let Some(conversation) = self.store.load(&key).await? {
            return Ok(Lead::To(Box::new(conversation)));
        }
        let Some(key) = self.store.of_alias(number, identifier).await? else {
            return Ok(Lead::Nowhere);
        };
        let conversation = self.store.load(&key).await?;
        Ok(conversation.map_or(Lead::ToForgotten(key), |found| Lead::To(Box::new(found))))
    }

    /// The conversation that an identifier leads to.
    pub(super) async fn owner(
        &self,
        number: &PhoneNumberId,
        identifier: &str,
    ) -> Result<Option<Conversation>, Failure> {
        Ok(match self.lead(number, identifier).await? {
            Lead::To(conversation) => Some(*conversation),
            Lead::Nowhere | Lead::ToForgotten(_) => None,
        })
    }

    /// Writes `changed`, the new state of the conversation in `found`, and sees to it that every
    /// identifier of the customer leads to it.
    pub(super) async fn file(
        &self,
        found: &Found,
        changed: &Conversation,
    ) -> Result<Saved, Failure> {
        if changed.version == 0 {
            return Ok(self.store.begin(changed, &found.aliases).await?);
        }
        for alias in &found.aliases {
            self.store.link_alias(alias, &changed.key).await?;
        }
        Ok(self.store.save(changed).await?)
    }
}

/// Whether `identifier` is a phone number that the customer of `other` has given up: somebody
/// with another BSUID has it now.
fn is_anothers_phone(other: &Conversation, customer: &CustomerIdentity, identifier: &str) -> bool {
    let phone = customer.phone().map(PhoneNumber::as_str);
    let theirs = other.identity.phone().map(PhoneNumber::as_str);
    let given_up = customer.bsuid().is_some() && theirs.is_some_and(|theirs| theirs != identifier);
    phone == Some(identifier) && (given_up || other.identity.contradicts(customer))
}
