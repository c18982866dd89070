//! The phone number of a customer whom WhatsApp shows by a user id alone: when agents hear that they
//! may ask for it, what counts as the answer, and what the answer changes.
//!
//! Only the number that WhatsApp itself calls the customer's own counts. It is not taken from
//! another customer: BSUIDs tell customers apart, whatever numbers they share.

use chrono::{DateTime, Utc};

use crate::model::content::InboundMessage;
use crate::model::conversation::Conversation;
use crate::model::identity::PhoneNumber;
use crate::model::ledger::{KnownMessage, OutboundSource};

/// Returns whether the agents of the request that was opened for `message` hear that they may ask
/// for the phone number.
#[must_use]
pub fn may_be_asked_for(conversation: &Conversation, message: &InboundMessage) -> bool {
    let opened = conversation.opened.as_ref();
    let identity = &conversation.identity;
    opened.is_some_and(|opened| opened.by == message.wamid.fingerprint())
        && identity.number().is_none()
        && identity.recipient().is_some()
}

/// Returns the number that `message` shares in answer to our question. `answered` is the message
/// that it answers, if it names one that the ledger knows.
///
/// Meta's example of such an answer names no message, so a question that is on record is enough.
#[must_use]
pub fn shared_in<'a>(
    message: &'a InboundMessage,
    conversation: &Conversation,
    answered: Option<&KnownMessage>,
) -> Option<&'a PhoneNumber> {
    let is_ours = match answered {
        Some(KnownMessage::Sent(sent)) => {
            matches!(sent.outbound.source, OutboundSource::Phone(_))
        }
        Some(KnownMessage::Received(_) | KnownMessage::IdentityChange) => false,
        None => true,
    };
    let was_asked = conversation.phone_asked_at.is_some();
    message
        .content
        .own_number()
        .filter(|_| is_ours && was_asked)
}

/// What a shared number changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sharing {
    /// The number leads to the conversation from now on, or does already.
    Lead,
    /// The number has a conversation without an open request, which the customer's goes on for.
    Join,
    /// The number has a conversation with an open request. Both go on, and the agents are told.
    Apart,
    /// The number is another customer's. Nothing changes.
    Foreign,
    /// The customer's messages come from another number. Nothing changes.
    Differs,
}

/// Decides what `number`, which the customer of `conversation` has shared, changes. `other` is the
/// other conversation that the number leads to, if any, and whether it has an open request.
#[must_use]
pub fn decide_sharing(
    conversation: &Conversation,
    number: &PhoneNumber,
    other: Option<(&Conversation, bool)>,
) -> Sharing {
    let identity = &conversation.identity;
    let is_known = identity.has(number.as_str());
    match other {
        Some((other, _)) if other.identity.contradicts(identity) => Sharing::Foreign,
        _ if identity.phone().is_some() && !is_known => Sharing::Differs,
        Some((_, true)) => Sharing::Apart,
        Some((_, false)) => Sharing::Join,
        None => Sharing::Lead,
    }
}

/// Returns the conversation of a customer who has shared `number` at `at`. The number leads to it,
/// but nothing is sent there before a message comes from it.
#[must_use]
pub fn with_number(
    conversation: Conversation,
    number: &PhoneNumber,
    at: DateTime<Utc>,
) -> Conversation {
    if conversation.identity.has(number.as_str()) {
        return conversation;
    }
    let identity = conversation.identity.clone().sharing(number.clone());
    conversation.known_as(identity, at)
}

/// Returns whether a rule may have the customer asked: once. The note about it may make the rule
/// write again.
#[must_use]
pub fn may_be_asked_by_rule(conversation: &Conversation) -> bool {
    conversation.phone_asked_at.is_none()
}

/// Returns the conversation of a customer who is asked for the phone number at `now`.
#[must_use]
pub fn asked(conversation: Conversation, now: DateTime<Utc>) -> Conversation {
    Conversation {
        phone_asked_at: Some(now),
        ..conversation
    }
}

#[cfg(test)]
mod tests;
