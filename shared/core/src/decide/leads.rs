//! The only way from an identifier to a conversation.
//!
//! Phone numbers are reassigned. An identifier leads to a conversation only while that
//! conversation's identity has it, whatever a key or an alias in the table says. If a former
//! owner's conversation occupies the key, the next owner's has a key of its own: the identifier,
//! `~`, and the owner's ordinal.

use chrono::{DateTime, Utc};

use crate::model::conversation::Conversation;
use crate::model::identity::{ConversationKey, PhoneNumberId};

/// The content of the table at a place where an identifier may lead. If another conversation has
/// taken over the one found there, that path was followed to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    Nothing,
    Conversation(Box<Conversation>),
    /// The remains of a conversation, and the one that has taken it over.
    TakenOver {
        /// The remains.
        left: Box<Conversation>,
        /// The conversation that continues.
        by: Box<Conversation>,
    },
    /// A pointer to a conversation that the table has forgotten.
    Forgotten,
}

impl Seen {
    /// Returns the conversation that `identifier` leads to here, if any.
    fn leads(&self, identifier: &str, sent_at: Option<DateTime<Utc>>) -> Option<&Conversation> {
        let (found, was_theirs) = match self {
            Self::Conversation(found) => (found, false),
            Self::TakenOver { left, by } => {
                (by, sent_at.is_some_and(|at| left.had(identifier, at)))
            }
            Self::Nothing | Self::Forgotten => return None,
        };
        (was_theirs || found.belongs_to(identifier, sent_at)).then_some(&**found)
    }

    /// Returns when the customer found here gave up `identifier`.
    fn gave_up(&self, identifier: &str, at: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        match self {
            Self::Conversation(one) => one.gave_up(identifier, at),
            Self::TakenOver { left, by } => {
                left.gave_up(identifier, at).max(by.gave_up(identifier, at))
            }
            Self::Nothing | Self::Forgotten => None,
        }
    }
}

/// A place where an identifier may lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The conversation under this key.
    Key(ConversationKey),
    /// The conversation that this alias leads to.
    Alias(String),
}

/// The destination of an identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    /// The identifier leads to this conversation.
    To(Box<Conversation>),
    /// The identifier leads to no conversation.
    Nowhere(Free),
    /// The destination is not known yet: look here, and decide again.
    Look(Place),
}

/// The place where the conversation of an identifier that leads nowhere may begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Free {
    /// The key of that conversation.
    pub key: ConversationKey,
    /// Whether the identifier was someone else's, whose conversation still occupies its place.
    pub is_given_up: bool,
    /// The time when a former owner last gave it up, if known.
    pub since: Option<DateTime<Utc>>,
    /// The conversation that only the identifier's own alias leads to. It must become reachable
    /// from the free place when the alias goes to the next owner.
    pub former: Option<ConversationKey>,
}

/// Decides where `identifier` leads, given the places seen so far.
///
/// `seen` has the places in the order in which this function asked for them. `sent_at` is the time
/// of a message from the identifier; `None` asks who has the identifier now.
///
/// Each owner has a place, made of a key and an alias: the first owner's is the identifier itself,
/// the next ones' are `~2` and so on. The alias of the identifier itself leads to the latest owner.
#[must_use]
pub fn decide_lead(
    number: &PhoneNumberId,
    identifier: &str,
    sent_at: Option<DateTime<Utc>>,
    seen: &[Seen],
) -> Lead {
    if let Some(found) = seen
        .iter()
        .find_map(|place| place.leads(identifier, sent_at))
    {
        return Lead::To(Box::new(found.clone()));
    }
    let key = key_of(number, identifier, seen.len() / 2 + 1);
    match seen {
        [.., Seen::Nothing, Seen::Nothing] if seen.len().is_multiple_of(2) => {
            let ends = seen.iter().map(|place| place.gave_up(identifier, sent_at));
            Lead::Nowhere(Free {
                key: key_of(number, identifier, seen.len() / 2),
                is_given_up: seen.len() > 2,
                since: ends.max().flatten(),
                former: only_by_alias(seen),
            })
        }
        _ if seen.len().is_multiple_of(2) => Lead::Look(Place::Key(key)),
        _ => Lead::Look(Place::Alias(key.customer)),
    }
}

/// Returns the conversation seen at the identifier's own alias and nowhere else.
fn only_by_alias(seen: &[Seen]) -> Option<ConversationKey> {
    let key = |place: &Seen| match place {
        Seen::Conversation(one) => Some(one.key.clone()),
        Seen::TakenOver { left, .. } => Some(left.key.clone()),
        Seen::Nothing | Seen::Forgotten => None,
    };
    let by_alias = seen.get(1).and_then(key);
    let mut others = seen.iter().enumerate().filter(|(index, _)| *index != 1);
    by_alias.filter(|own| others.all(|(_, place)| key(place).as_ref() != Some(own)))
}

/// Returns the key for the conversation of an identifier's owner, counted from 1.
fn key_of(number: &PhoneNumberId, identifier: &str, owner: usize) -> ConversationKey {
    match owner {
        1 => ConversationKey::new(number, identifier),
        _ => ConversationKey::new(number, format!("{identifier}~{owner}")),
    }
}

impl Free {
    /// Returns the aliases to write, in this order, so that `identifier` leads to `key`. `has` says
    /// that the customer has it now; otherwise the latest owner is still found first.
    #[must_use]
    pub fn aliases(
        &self,
        identifier: &str,
        key: &ConversationKey,
        has: bool,
    ) -> Vec<(String, ConversationKey)> {
        let number = &key.phone_number_id;
        let is_in_place = self.key == *key;
        if !has && self.is_given_up {
            let own = (self.key.customer.clone(), key.clone());
            return if is_in_place { Vec::new() } else { vec![own] };
        }
        let former = self.former.clone().filter(|former| former != key);
        let former = former.map(|former| {
            let (_, owner) = self.key.customer.split_once('~').unwrap_or_default();
            let owner = owner.parse::<usize>().unwrap_or(1) + usize::from(is_in_place);
            (key_of(number, identifier, owner).customer, former)
        });
        let own = (key.customer != identifier).then(|| (identifier.to_owned(), key.clone()));
        former.into_iter().chain(own).collect()
    }
}

#[cfg(test)]
mod tests;
