//! Whether a customer is told about a delay.
//!
//! Every free-form message costs money and patience, so there is one notice per wait. The
//! decision is made when the notice is due, and again just before it is sent.

use chrono::{DateTime, Duration, Utc};

use crate::decide::skip::{SkipReason, UNTIL_OPENED};
use crate::model::conversation::{Conversation, NoticeState};
use crate::model::identity::{IssueRef, Recipient};
use crate::model::timer::Timer;
use crate::say::texts::TextKey;
use crate::settings::NumberSettings;

/// The delay before a customer who writes while nobody works is told so. An album, or a thought
/// split into three messages, arrives within it.
const WHILE_CLOSED: Duration = Duration::seconds(10);

/// The decision about the notice for one wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeDecision {
    /// Send the notice.
    Send {
        recipient: Recipient,
        /// The request that keeps the record.
        issue: IssueRef,
    },
    /// Decide again after this long.
    Wait(Duration),
    /// Do not send the notice.
    Skip(SkipReason),
}

/// Returns when to tell a customer who has waited since `since`, as things stand at `now`.
///
/// While the agents work, the notice is due after `delay_after`, counted from `since` or from
/// opening time, whichever is later. It is due at closing time at the latest, since from then on it
/// can say when they work again. While they do not work, it is due almost at once.
#[must_use]
pub fn notice_due(
    since: DateTime<Utc>,
    now: DateTime<Utc>,
    settings: &NumberSettings,
) -> DateTime<Utc> {
    let hours = &settings.hours;
    if hours.is_open(now) {
        let due = since.max(hours.open_since(now)) + settings.delay_after;
        hours.closing(now).map_or(due, |closing| due.min(closing))
    } else if hours.is_open(since) {
        now
    } else {
        since + WHILE_CLOSED
    }
}

/// Returns the key of the notice's text at `now`.
#[must_use]
pub fn notice_text(
    conversation: &Conversation,
    settings: &NumberSettings,
    now: DateTime<Utc>,
) -> TextKey {
    let is_new = conversation.opened_in == Some(conversation.notice_generation);
    match (is_new, settings.hours.is_open(now)) {
        (false, true) => TextKey::DelayNotice,
        (false, false) => TextKey::DelayNoticeClosed,
        (true, true) => TextKey::FirstContact,
        (true, false) => TextKey::FirstContactClosed,
    }
}

/// Decides about the notice for the wait `generation`.
#[must_use]
pub fn decide_notice(
    conversation: &Conversation,
    generation: u32,
    now: DateTime<Utc>,
) -> NoticeDecision {
    if conversation.notice_generation != generation {
        return NoticeDecision::Skip(SkipReason::Superseded);
    }
    if conversation.awaiting_since.is_none() {
        return NoticeDecision::Skip(SkipReason::Answered);
    }
    match conversation.notice_state {
        NoticeState::Armed | NoticeState::Queued => {}
        NoticeState::Sent => return NoticeDecision::Skip(SkipReason::AlreadySent),
        NoticeState::Idle | NoticeState::Skipped => {
            return NoticeDecision::Skip(SkipReason::Superseded);
        }
    }
    if conversation.opted_out {
        return NoticeDecision::Skip(SkipReason::OptedOut);
    }
    if conversation.is_held_by_another(now) {
        return NoticeDecision::Skip(SkipReason::HeldByAnother);
    }
    if let Some(early) = conversation
        .timers
        .due_at(Timer::DelayNotice)
        .map(|due| due - now)
        .filter(|left| *left > Duration::zero())
    {
        return NoticeDecision::Wait(early);
    }
    if !conversation.window_is_open(now) {
        return NoticeDecision::Skip(SkipReason::WindowClosed);
    }
    match (&conversation.issue, conversation.identity.recipient()) {
        (Some(issue), Some(recipient)) => NoticeDecision::Send {
            recipient,
            issue: issue.clone(),
        },
        _ => NoticeDecision::Wait(UNTIL_OPENED),
    }
}

/// Returns the conversation with the notice of this wait postponed until `due_at`.
#[must_use]
pub fn put_off(mut conversation: Conversation, due_at: DateTime<Utc>) -> Conversation {
    conversation.notice_state = NoticeState::Armed;
    conversation.timers.set(Timer::DelayNotice, due_at);
    conversation
}

/// Returns the conversation with the notice in `state` and its timer off.
#[must_use]
pub fn with_notice(mut conversation: Conversation, state: NoticeState) -> Conversation {
    conversation.notice_state = state;
    conversation.timers.set(Timer::DelayNotice, None);
    conversation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::conversation::{Control, Holder};
    use crate::model::identity::{
        ConversationKey, CustomerIdentity, IssueId, PhoneNumber, PhoneNumberId,
    };

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    fn another() -> Control {
        Control {
            holder: Holder::Another,
            since: at(-5),
            seen_at: at(-5),
            by: String::new(),
        }
    }

    fn waiting() -> Conversation {
        let phone = PhoneNumber::new("49151");
        let mut conversation = Conversation::new(
            ConversationKey::new(&PhoneNumberId::new("1065"), "49151"),
            CustomerIdentity::new(None, Some(phone)).unwrap(),
        );
        conversation.window_expires_at = Some(at(86_400));
        conversation.awaiting_since = Some(at(0));
        conversation.notice_generation = 3;
        conversation.notice_state = NoticeState::Armed;
        conversation.timers.set(Timer::DelayNotice, at(600));
        conversation.issue = Some(IssueRef {
            id: IssueId::new("1"),
            key: "SUP-1".to_owned(),
        });
        conversation
    }

    #[test]
    fn all_conditions_are_looked_at_again() {
        let skip = |reason| NoticeDecision::Skip(reason);
        for (name, change, generation, now, expected) in [
            (
                "early",
                (|_| ()) as fn(&mut Conversation),
                3,
                590,
                NoticeDecision::Wait(Duration::seconds(10)),
            ),
            ("older timer", |_| (), 2, 600, skip(SkipReason::Superseded)),
            (
                "answered",
                |c| *c = c.clone().answered(),
                3,
                600,
                skip(SkipReason::Answered),
            ),
            (
                "sent",
                |c| c.notice_state = NoticeState::Sent,
                3,
                600,
                skip(SkipReason::AlreadySent),
            ),
            (
                "opted out",
                |c| c.opted_out = true,
                3,
                600,
                skip(SkipReason::OptedOut),
            ),
            (
                "another sender's",
                |c| c.control = Some(another()),
                3,
                600,
                skip(SkipReason::HeldByAnother),
            ),
            (
                "another sender's while the window was open",
                |c| c.control = Some(another()),
                3,
                86_400,
                skip(SkipReason::WindowClosed),
            ),
            (
                "window closed",
                |_| (),
                3,
                86_400,
                skip(SkipReason::WindowClosed),
            ),
            (
                "no request yet",
                |c| c.issue = None,
                3,
                600,
                NoticeDecision::Wait(UNTIL_OPENED),
            ),
        ] {
            let mut conversation = waiting();
            change(&mut conversation);
            assert_eq!(
                decide_notice(&conversation, generation, at(now)),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn due_and_unanswered_is_sent() {
        for conversation in [waiting(), with_notice(waiting(), NoticeState::Queued)] {
            let decision = decide_notice(&conversation, 3, at(600));
            assert!(
                matches!(decision, NoticeDecision::Send { .. }),
                "{decision:?}"
            );
        }
    }
}
