//! Looks again at a due timer, decides, and hands due work to the outbound queue.

use casement_core::decide::due::{Ring, decide_ring, rung};
use casement_core::model::identity::ConversationKey;
use casement_core::model::queue::DelayQueueMessage;
use casement_core::model::timer::Timer;
use chrono::{DateTime, Utc};

use crate::event::Event;
use crate::outcome::{Done, Ignored, Later, Outcome};
use crate::ports::{Clock, Conversations, OutboundQueue};
use crate::saving::change;

/// Decides about a timer, which may ring twice, and late.
///
/// # Errors
/// [`Later`]: put the message back. Even if it is lost, the sweep finds the timer again.
pub async fn ring(
    store: &impl Conversations,
    queue: &impl OutboundQueue,
    clock: &impl Clock,
    message: &DelayQueueMessage,
) -> Result<Outcome, Later> {
    let DelayQueueMessage::TimerDue {
        conversation,
        timer,
        due_at,
    } = message;
    let (timer, due_at) = (*timer, *due_at);
    let Some(conversation) = store.load(conversation).await? else {
        return Ok(Outcome::Ignored(Ignored::UnknownConversation));
    };
    let ring = decide_ring(&conversation, timer, due_at, clock.now());
    if let Ring::Due(message) = &ring {
        let id = id_of(timer, &conversation.key, due_at);
        queue.enqueue(message, &id).await?;
    }
    change(store, conversation, |current| {
        rung(current, timer, due_at, &ring)
    })
    .await?;
    if let (Timer::DelayNotice, Ring::Skip(reason)) = (timer, &ring) {
        Event::NoticeSkipped(reason.as_str()).count();
    }
    Ok(match ring {
        Ring::Due(_) => Outcome::Done(Done::Rang(timer)),
        Ring::NotYet | Ring::At(_) => Outcome::Ignored(Ignored::NotDue),
        Ring::Skip(reason) => Outcome::Ignored(reason.into()),
        Ring::Void => Outcome::Ignored(Ignored::Superseded),
    })
}

/// Names the message, so that a timer that rings twice within five minutes is one message on the
/// outbound queue.
fn id_of(timer: Timer, key: &ConversationKey, due_at: DateTime<Utc>) -> String {
    let (timer, due_at) = (timer.as_str(), due_at.timestamp());
    format!("timer:{timer}:{}:{due_at}", key.fingerprint())
}
