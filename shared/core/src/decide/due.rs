//! What a timer triggers when it rings.
//!
//! The work itself happens on the outbound queue, in order with everything else about the request.
//! It is decided again there, since the customer may have been answered by then.

use chrono::{DateTime, Duration, Utc};

use super::skip::{SkipReason, UNTIL_OPENED};
use crate::decide::notice::{NoticeDecision, decide_notice};
use crate::model::conversation::{Conversation, NoticeState};
use crate::model::identity::IssueId;
use crate::model::queue::{ConversationTask, OutboundQueueMessage, WaitTask, WindowTask};
use crate::model::timer::Timer;

/// How much the clocks of two machines may differ. A timer that rings this much too early is due.
const CLOCKS_APART: Duration = Duration::seconds(1);

/// The result of a ringing timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ring {
    /// Put this on the outbound queue; the timer is off.
    Due(OutboundQueueMessage),
    /// Not yet: the timer rang too early, and stays in the table, where the sweep finds it.
    NotYet,
    /// Not yet: the timer moves to this time.
    At(DateTime<Utc>),
    /// Not any more: the timer is off.
    Skip(SkipReason),
    /// Nothing: the conversation has no such timer at this time. If it has another one, that one
    /// rings by itself.
    Void,
}

/// Decides what `timer`, armed for `due_at`, triggers at `now`.
#[must_use]
pub fn decide_ring(
    conversation: &Conversation,
    timer: Timer,
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Ring {
    if conversation.timers.due_at(timer) != Some(due_at) {
        return Ring::Void;
    }
    if due_at > now + CLOCKS_APART {
        return Ring::NotYet;
    }
    let Some(issue) = &conversation.issue else {
        return Ring::At(now + UNTIL_OPENED);
    };
    let task = || ConversationTask {
        conversation: conversation.key.clone(),
        issue_id: issue.id.clone(),
    };
    match timer {
        Timer::DelayNotice => ring_notice(conversation, now.max(due_at)),
        Timer::KeepOpen => {
            ring_window(conversation, &issue.id, OutboundQueueMessage::KeepOpen, now)
        }
        Timer::AgentAlert => ring_window(
            conversation,
            &issue.id,
            OutboundQueueMessage::AgentAlert,
            now,
        ),
        Timer::HoldExpiry => Ring::Due(OutboundQueueMessage::ExpireHeld(task())),
        Timer::WindowField => Ring::Due(OutboundQueueMessage::WindowField(task())),
    }
}

/// Returns the conversation after its timer, armed for `due_at`, rang with this result.
#[must_use]
pub fn rung(
    mut conversation: Conversation,
    timer: Timer,
    due_at: DateTime<Utc>,
    ring: &Ring,
) -> Conversation {
    if conversation.timers.due_at(timer) != Some(due_at) {
        return conversation;
    }
    let state = match ring {
        Ring::NotYet | Ring::Void => return conversation,
        Ring::At(later) => {
            conversation.timers.set(timer, *later);
            return conversation;
        }
        Ring::Due(_) => NoticeState::Queued,
        Ring::Skip(_) => NoticeState::Skipped,
    };
    conversation.timers.set(timer, None);
    if timer == Timer::DelayNotice && conversation.notice_state == NoticeState::Armed {
        conversation.notice_state = state;
    }
    conversation
}

fn ring_notice(conversation: &Conversation, now: DateTime<Utc>) -> Ring {
    let generation = conversation.notice_generation;
    match decide_notice(conversation, generation, now) {
        NoticeDecision::Send { issue, .. } => {
            Ring::Due(OutboundQueueMessage::DelayNotice(WaitTask {
                conversation: conversation.key.clone(),
                generation,
                issue_id: issue.id,
            }))
        }
        NoticeDecision::Wait(_) => Ring::NotYet,
        NoticeDecision::Skip(reason) => Ring::Skip(reason),
    }
}

/// Decides about timers for the end of the window, which matter only while the customer awaits a
/// reply.
fn ring_window(
    conversation: &Conversation,
    issue_id: &IssueId,
    due: impl FnOnce(WindowTask) -> OutboundQueueMessage,
    now: DateTime<Utc>,
) -> Ring {
    if conversation.awaiting_since.is_none() {
        return Ring::Skip(SkipReason::Answered);
    }
    let Some(window_ends) = conversation
        .window_expires_at
        .filter(|_| conversation.window_is_open(now))
    else {
        return Ring::Skip(SkipReason::WindowClosed);
    };
    Ring::Due(due(WindowTask {
        conversation: conversation.key.clone(),
        window_ends,
        issue_id: issue_id.clone(),
    }))
}

#[cfg(test)]
mod tests;
