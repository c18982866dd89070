//! When a held reply has waited for too long.
//!
//! A reply that nobody asked about for weeks would only confuse the customer. It is taken off
//! with a note to the agent, never in silence.

use chrono::{DateTime, Duration, Utc};

use crate::model::conversation::Conversation;
use crate::model::timer::Timer;

/// Whether a reply that is held since `held_since` has waited for too long at `now`.
#[must_use]
pub fn has_expired(held_since: DateTime<Utc>, hold_for: Duration, now: DateTime<Utc>) -> bool {
    held_since + hold_for <= now
}

/// The same conversation with its timer set for the oldest of the held replies, which are held
/// since `held_since`; off if there are none.
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

/// The same conversation with its timer set so that a reply held since `held_since` is not
/// forgotten.
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

/// Timers keep whole seconds, and one that rings a moment too early finds nothing to do.
fn rounded_up(at: DateTime<Utc>) -> DateTime<Utc> {
    use chrono::SubsecRound;
    let whole = at.trunc_subsecs(0);
    if whole == at {
        at
    } else {
        whole + Duration::seconds(1)
    }
}
