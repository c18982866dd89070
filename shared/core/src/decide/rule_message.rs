//! Whether a message that an Automation rule wrote is sent.
//!
//! A rule's comment counts as a notice, unless the owner says otherwise: it goes out, but the
//! customer still waits for a person. Each message is billed, and a rule that fires on every
//! message, or on its own, is the usual mistake. So the same words go out once in a wait, and only
//! so many messages at all.

use chrono::{DateTime, Duration, Utc};

use crate::model::comment::{AccountType, Comment};
use crate::model::conversation::{Conversation, NoticeState, RuleMessage};
use crate::model::identity::CommentId;
use crate::model::timer::Timer;
use crate::settings::{AutomationComments, NumberSettings};

/// While nobody waits there is no wait to count in, so messages count for this long.
const COUNTED_FOR: Duration = Duration::hours(1);

/// The reason why a rule's message is kept back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptBack {
    /// The same words went out before in this wait, or are held.
    Repeated,
    /// Rules have written as many messages in this wait as the owner allows: tell the agents once.
    TooMany,
    /// The customer wants no automatic messages: tell the agents once.
    OptedOut,
    /// Another sender holds the conversation: tell the agents once.
    HeldByAnother,
}

impl KeptBack {
    /// Returns the word for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Repeated => "repeated",
            Self::TooMany => "too_many",
            Self::OptedOut => "opted_out",
            Self::HeldByAnother => "held_by_another",
        }
    }
}

/// Returns whether a comment by such an account is a notice, which answers nobody. `settings` are
/// those of the number, if it still has any.
#[must_use]
pub fn is_notice(account: AccountType, settings: Option<&NumberSettings>) -> bool {
    account == AccountType::App
        && settings.is_none_or(|number| number.automation_comments == AutomationComments::Notice)
}

/// Returns what a conversation remembers of a rule's `comment` that is let through at `now`.
#[must_use]
pub fn rule_message(
    conversation: &Conversation,
    comment: &Comment,
    now: DateTime<Utc>,
) -> RuleMessage {
    RuleMessage {
        comment: comment.id.clone(),
        digest: comment.body.digest_in(&conversation.key),
        at: now,
    }
}

/// Decides about a rule's message. One that was let through before stays so, unless the customer
/// has opted out since.
///
/// # Errors
/// The reason why the message is kept back.
pub fn decide_rule_message(
    conversation: &Conversation,
    message: &RuleMessage,
    limit: usize,
) -> Result<(), KeptBack> {
    if conversation.opted_out {
        return Err(KeptBack::OptedOut);
    }
    if conversation.is_held_by_another(message.at) {
        return Err(KeptBack::HeldByAnother);
    }
    let counted = |earlier: &&RuleMessage| counts(conversation, earlier, message.at);
    let mut admitted = conversation.rules.admitted.iter();
    if admitted.any(|earlier| earlier.comment == message.comment) {
        return Ok(());
    }
    let counted = conversation.rules.admitted.iter().filter(counted);
    if counted
        .clone()
        .any(|earlier| earlier.digest == message.digest)
    {
        Err(KeptBack::Repeated)
    } else if counted.count() >= limit {
        Err(KeptBack::TooMany)
    } else {
        Ok(())
    }
}

/// Returns the conversation with `message` among those let through, if it is. Record this before
/// the message is sent: two of the same words may come at the same time.
#[must_use]
pub fn admitting(
    mut conversation: Conversation,
    message: &RuleMessage,
    limit: usize,
) -> Conversation {
    let is_new = |earlier: &RuleMessage| earlier.comment != message.comment;
    if decide_rule_message(&conversation, message, limit).is_ok()
        && conversation.rules.admitted.iter().all(is_new)
    {
        let mut admitted = std::mem::take(&mut conversation.rules.admitted);
        admitted.retain(|earlier| counts(&conversation, earlier, message.at));
        admitted.push(message.clone());
        conversation.rules.admitted = admitted;
    }
    conversation
}

/// Returns the conversation without a comment that will never be sent: the same words may go out in
/// another one.
#[must_use]
pub fn unsent(mut conversation: Conversation, comment: &CommentId) -> Conversation {
    let admitted = &mut conversation.rules.admitted;
    admitted.retain(|earlier| earlier.comment != *comment);
    conversation
}

/// Returns the conversation after WhatsApp has accepted a rule's message. The customer still waits,
/// but has been told, so no delay notice follows.
///
/// It was written at `written`, and accepted at `sent` if that was now.
#[must_use]
pub fn told_by_rule(
    mut conversation: Conversation,
    written: DateTime<Utc>,
    sent: Option<DateTime<Utc>>,
) -> Conversation {
    let is_of_this_wait = |since: DateTime<Utc>| written.timestamp() >= since.timestamp();
    if !conversation.awaiting_since.is_none_or(is_of_this_wait) {
        return conversation;
    }
    conversation.rules.sent_at = sent.or(conversation.rules.sent_at).or(Some(written));
    if is_due(&conversation) {
        conversation.notice_state = NoticeState::Skipped;
        conversation.timers.set(Timer::DelayNotice, None);
    }
    conversation
}

/// Returns whether a delay notice is still to be sent.
#[must_use]
pub fn is_due(conversation: &Conversation) -> bool {
    let state = conversation.notice_state;
    matches!(state, NoticeState::Armed | NoticeState::Queued)
}

fn counts(conversation: &Conversation, earlier: &RuleMessage, now: DateTime<Utc>) -> bool {
    conversation.awaiting_since.is_some() || now - earlier.at < COUNTED_FOR
}

#[cfg(test)]
mod tests;
