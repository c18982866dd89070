//! Whether the agents are warned that a window closes on a customer who waits.
//!
//! One internal note for each window. A customer who wants no automatic messages still wants an
//! answer, so opting out changes nothing here.

use chrono::{DateTime, Duration, Utc};

use crate::decide::skip::SkipReason;
use crate::model::conversation::Conversation;
use crate::model::timer::Timer;

/// Arms the alert for the end of the window as it is now, unless the agents know of it. A lead of
/// zero: never.
pub fn arm_alert(conversation: &mut Conversation, alert_lead: Duration) {
    let due_at = conversation
        .window_expires_at
        .filter(|_| alert_lead > Duration::zero())
        .filter(|ends| conversation.alerted_of != Some(*ends))
        .map(|ends| ends - alert_lead);
    conversation.timers.set(Timer::AgentAlert, due_at);
}

/// Decides about the alert for the window that ends at `window_ends`: `Err` says why there is
/// none. That the request is open is for Jira to say.
///
/// # Errors
/// It is not, or no longer, called for.
pub fn decide_alert(
    conversation: &Conversation,
    window_ends: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), SkipReason> {
    if conversation.window_expires_at != Some(window_ends) {
        return Err(SkipReason::Superseded);
    }
    if conversation.alerted_of == Some(window_ends) {
        return Err(SkipReason::AlreadySent);
    }
    if conversation.awaiting_since.is_none() {
        return Err(SkipReason::Answered);
    }
    if !conversation.window_is_open(now) {
        return Err(SkipReason::WindowClosed);
    }
    Ok(())
}

/// The same conversation with the agents warned of the window that ends at `window_ends`.
#[must_use]
pub fn alerted(mut conversation: Conversation, window_ends: DateTime<Utc>) -> Conversation {
    conversation.alerted_of = Some(window_ends);
    conversation
}
