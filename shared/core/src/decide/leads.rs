//! The one way from an identifier to a conversation.
//!
//! Phone numbers are given to others. An identifier leads to a conversation only while that
//! conversation's identity has it, whatever a key or an alias in the table says. Where the key is
//! taken by a former owner, the next one's conversation stands under a key of its own: the
//! identifier, `~`, and which owner it is.

use chrono::{DateTime, Utc};

use crate::model::conversation::Conversation;
use crate::model::identity::{ConversationKey, PhoneNumberId};

/// What the table has at a place where an identifier may lead, with the way to a conversation that
/// has taken over another one followed to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Nothing.
    Nothing,
    /// A conversation.
    Conversation(Box<Conversation>),
    /// What is left of one, and the one that has taken it over.
    TakenOver {
        /// What is left.
        left: Box<Conversation>,
        /// Where everything goes on.
        by: Box<Conversation>,
    },
    /// The way to a conversation that the table has forgotten.
    Forgotten,
}

impl Seen {
    /// The conversation that `identifier` leads to here, if it does.
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

    /// When the customer who is found here gave `identifier` up.
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
    /// The conversation that the alias of this name leads to.
    Alias(String),
}

/// Where an identifier leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lead {
    /// To this conversation.
    To(Box<Conversation>),
    /// To none.
    Nowhere(Free),
    /// Not known yet: look here, and decide again.
    Look(Place),
}

/// Where the conversation of an identifier that leads nowhere may begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Free {
    /// Its key.
    pub key: ConversationKey,
    /// Whether the identifier was somebody else's, whose conversation still stands in its place.
    pub is_given_up: bool,
    /// When a former owner gave it up, if that is known.
    pub since: Option<DateTime<Utc>>,
    /// The conversation that the identifier itself leads to as an alias, and nothing else. It is
    /// to be found at the free place when the alias goes to the next owner.
    pub former: Option<ConversationKey>,
}

/// Decides where `identifier` leads by what was seen so far.
///
/// It was seen in the order in which this function asked for it. `sent_at`: of a message that came
/// from there; `None`: it is about who has the identifier now.
///
/// Each owner has a place, made of a key and an alias: the first one the identifier itself, the
/// next ones `~2` and so on. The alias of the identifier itself leads to the latest owner.
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

/// The conversation that is seen at the alias of the identifier itself and nowhere else.
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

/// The key of the conversation of an identifier's owner, counted from 1.
fn key_of(number: &PhoneNumberId, identifier: &str, owner: usize) -> ConversationKey {
    match owner {
        1 => ConversationKey::new(number, identifier),
        _ => ConversationKey::new(number, format!("{identifier}~{owner}")),
    }
}

impl Free {
    /// The aliases that are to be written, in this order, so that `identifier` leads to `key`. `has`:
    /// it is the customer's now; else the latest owner stays the one who is found first.
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
