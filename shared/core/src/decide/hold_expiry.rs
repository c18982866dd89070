//! When a held reply has waited too long.
//!
//! A reply that nobody has asked about for weeks would only confuse the customer. It is withdrawn
//! with a note to the agent, never silently.

use chrono::{DateTime, Duration, Utc};

use crate::model::conversation::Conversation;
use crate::model::timer::Timer;

/// Returns whether a reply held since `held_since` has waited too long at `now`.
#[must_use]
pub fn has_expired(held_since: DateTime<Utc>, hold_for: Duration, now: DateTime<Utc>) -> bool {
    held_since + hold_for <= now
}

/// Returns the conversation with its timer set for the oldest reply in `held_since`, or off if no
/// reply is held.
#[must_use]
pub fn with_expiry(
    mut conversation: Conversation,
    held_since: impl IntoIterator<Item = DateTime<Utc>>,
    hold_for: Duration,
) -> Conversation {
    let oldest = held_since.into_iter().min();
    let due_at = oldest.map(|oldest| rounded_up(oldest + hold_for));
    conversation.timers.set(Timer::HoldExpiry, due_at);
    conversation
}

/// Returns the conversation with its timer early enough for a reply held since `held_since`.
#[must_use]
pub fn with_one_more(
    mut conversation: Conversation,
    held_since: DateTime<Utc>,
    hold_for: Duration,
) -> Conversation {
    let due_at = rounded_up(held_since + hold_for);
    let earlier = conversation.timers.due_at(Timer::HoldExpiry);
    let due_at = earlier.map_or(due_at, |earlier| earlier.min(due_at));
    conversation.timers.set(Timer::HoldExpiry, due_at);
    conversation
}

/// Rounds up to whole seconds, which timers keep. A timer that rings early would find nothing to
/// do.
fn rounded_up(at: DateTime<Utc>) -> DateTime<Utc> {
    use chrono::SubsecRound;
    let whole = at.trunc_subsecs(0);
    if whole == at {
        at
    } else {
        whole + Duration::seconds(1)
    }
}
