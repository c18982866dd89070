//! Two conversations of one customer, begun under two spellings of one phone number, or under a
//! user id and a phone number.
//!
//! Some countries have two ways to write a number, and WhatsApp shows which one it uses only when
//! it accepts a message. The conversation under WhatsApp's spelling continues, in the request in
//! which an agent wrote. If a customer shares a phone number, the conversation in which they do
//! continues. The other one only points to it.

use crate::model::conversation::{Conversation, NoticeState, RuleMessages};
use crate::model::identity::{ConversationKey, IssueRef, PhoneNumber};
use crate::model::timer::Timers;

/// Returns whether `other`, which WhatsApp's spelling `phone` leads to, belongs to the customer of
/// `conversation`. The number may have been reassigned to someone else.
#[must_use]
pub fn is_same_customer(
    conversation: &Conversation,
    other: &Conversation,
    phone: &PhoneNumber,
) -> bool {
    let theirs = other.identity.phone();
    let is_the_number = theirs
        .is_none_or(|theirs| theirs == phone || Some(theirs) == conversation.identity.phone());
    is_the_number && !other.identity.contradicts(&conversation.identity)
}

/// Returns `kept` after it has taken over `left` and continues in `request`. What a customer last
/// asked of automatic messages holds for both.
#[must_use]
pub fn joined(mut kept: Conversation, left: &Conversation, request: &IssueRef) -> Conversation {
    let spelled = left.identity.phone();
    if let (Some(spelled), Some(phone)) = (spelled, kept.identity.phone().cloned())
        && *spelled != phone
    {
        // The spelling applied last counts, so WhatsApp's comes after the agents'.
        kept.identity = kept.identity.written_as(spelled.clone()).written_as(phone);
    }
    kept.identity = kept.identity.completed_by(&left.identity);
    if left.last_inbound_at > kept.last_inbound_at {
        kept.last_inbound_at = left.last_inbound_at;
        kept.last_inbound_wamid.clone_from(&left.last_inbound_wamid);
    }
    kept.window_expires_at = kept.window_expires_at.max(left.window_expires_at);
    if left.opted_at > kept.opted_at || (left.opted_out && kept.opted_at.is_none()) {
        kept.opted_out = left.opted_out;
        kept.opted_at = left.opted_at;
        kept.opted_by.clone_from(&left.opted_by);
    }
    if let Some(since) = left.awaiting_since {
        kept.awaiting_since = Some(kept.awaiting_since.map_or(since, |own| own.min(since)));
    }
    if let Some(control) = &left.control {
        kept = kept.held_by(control.holder, control.since, &control.by);
    }
    kept.answered_elsewhere_at = kept.answered_elsewhere_at.max(left.answered_elsewhere_at);
    kept.rules = kept.rules.joined_by(&left.rules);
    kept.phone_asked_at = kept.phone_asked_at.max(left.phone_asked_at);
    kept.shown_wait = kept.shown_wait.or_else(|| left.shown_wait.clone());
    if kept
        .issue
        .as_ref()
        .is_some_and(|issue| issue.id == request.id)
    {
        return kept;
    }
    kept.in_request(request.clone())
}

/// Returns the remains of a conversation that the one at `to` has taken over.
#[must_use]
pub fn given_over(left: Conversation, to: &ConversationKey) -> Conversation {
    Conversation {
        issue: None,
        opening: None,
        awaiting_since: None,
        last_answer: None,
        notice_state: NoticeState::Idle,
        timers: Timers::default(),
        rules: RuleMessages::default(),
        control: None,
        window_expires_at: None,
        shown_window: None,
        shown_wait: None,
        joined: Some(to.clone()),
        ..left
    }
}

#[cfg(test)]
mod tests;
