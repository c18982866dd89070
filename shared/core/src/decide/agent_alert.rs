//! Whether agents are warned that the window is closing on a customer who awaits a reply.
//!
//! There is one internal note per window. A customer who opted out of automatic messages still
//! wants an answer, so an opt-out changes nothing here.

use chrono::{DateTime, Duration, Utc};

use crate::decide::skip::SkipReason;
use crate::model::conversation::Conversation;
use crate::model::timer::Timer;

/// Arms the alert for the current end of the window, unless the agents were already warned of it. A
/// lead of zero means never.
pub fn arm_alert(conversation: &mut Conversation, alert_lead: Duration) {
    let due_at = conversation
        .window_expires_at
        .filter(|_| alert_lead > Duration::zero())
        .filter(|ends| conversation.alerted_of != Some(*ends))
        .map(|ends| ends - alert_lead);
    conversation.timers.set(Timer::AgentAlert, due_at);
}

/// Decides whether to alert the agents about the window that ends at `window_ends`. The caller asks
/// Jira whether the request is open.
///
/// # Errors
/// Returns why the alert is not, or no longer, called for.
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
    if conversation.is_held_by_another(now) {
        return Err(SkipReason::HeldByAnother);
    }
    Ok(())
}

/// Returns the conversation with the agents warned of the window that ends at `window_ends`.
#[must_use]
pub fn alerted(mut conversation: Conversation, window_ends: DateTime<Utc>) -> Conversation {
    conversation.alerted_of = Some(window_ends);
    conversation
}
