//! The end of the window as a request shows it, for queues, JQL and SLAs.
//!
//! The field is written shortly after a message, once for a whole burst. The end that it shows is
//! up to [`TOLERANCE`] too early, never too late.

use chrono::{DateTime, Duration, Utc};

use crate::model::conversation::{Conversation, ShownWindow};
use crate::model::timer::Timer;

/// How much later than shown a window may end before the field is written again.
pub const TOLERANCE: Duration = Duration::minutes(10);

/// The delay between a message and the write of the field, so that a burst causes one write.
const AFTER: Duration = Duration::seconds(60);

/// The delay before a failed write is retried.
const AGAIN_AFTER: Duration = Duration::minutes(5);

/// Arms the write of the field after a message, if the request shows an outdated end. A write that
/// is already armed keeps its time, so that a long burst does not postpone it.
pub fn arm_field(conversation: &mut Conversation, now: DateTime<Utc>) {
    let is_armed = conversation.timers.due_at(Timer::WindowField).is_some();
    if !is_armed && field_to_write(conversation).is_some() {
        conversation.timers.set(Timer::WindowField, now + AFTER);
    }
}

/// Returns the end that the request should show, or `None` if the shown one is good enough.
#[must_use]
pub fn field_to_write(conversation: &Conversation) -> Option<DateTime<Utc>> {
    let ends = conversation.window_expires_at?;
    let shown = conversation.shown_window.as_ref();
    let is_fine = |shown: &ShownWindow| {
        let issue = conversation.issue.as_ref();
        let later = ends - shown.ends;
        issue.is_some_and(|issue| issue.id == shown.issue_id)
            && (Duration::zero()..TOLERANCE).contains(&later)
    };
    (!shown.is_some_and(is_fine)).then_some(ends)
}

/// Returns the conversation with its request showing `shown`. Arms another write if the window has
/// moved in the meantime.
#[must_use]
pub fn showing(
    mut conversation: Conversation,
    shown: ShownWindow,
    now: DateTime<Utc>,
) -> Conversation {
    conversation.shown_window = Some(shown);
    arm_field(&mut conversation, now);
    conversation
}

/// Returns the conversation with the write armed for a retry.
#[must_use]
pub fn to_be_shown_later(mut conversation: Conversation, now: DateTime<Utc>) -> Conversation {
    conversation
        .timers
        .set(Timer::WindowField, now + AGAIN_AFTER);
    conversation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::identity::IssueId;
    use crate::model::identity::{
        ConversationKey, CustomerIdentity, IssueRef, PhoneNumber, PhoneNumberId,
    };

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap() + Duration::minutes(minutes)
    }

    fn issue(id: &str) -> IssueRef {
        IssueRef {
            id: IssueId::new(id),
            key: format!("SUP-{id}"),
        }
    }

    /// A conversation in request 1, which shows a window that ends at 0.
    fn shown() -> Conversation {
        let phone = PhoneNumber::new("49151");
        let mut conversation = Conversation::new(
            ConversationKey::new(&PhoneNumberId::new("1065"), "49151"),
            CustomerIdentity::new(None, Some(phone)).unwrap(),
        );
        conversation.issue = Some(issue("1"));
        conversation.window_expires_at = Some(at(0));
        conversation.last_inbound_at = Some(at(-1440));
        conversation.shown_window = Some(ShownWindow {
            issue_id: IssueId::new("1"),
            ends: at(0),
        });
        conversation
    }

    #[test]
    fn what_is_shown_is_never_too_late() {
        for (ends, written) in [(0, false), (9, false), (10, true), (600, true), (-1, true)] {
            let mut conversation = shown();
            conversation.window_expires_at = Some(at(ends));
            let expected = written.then(|| at(ends));
            assert_eq!(field_to_write(&conversation), expected, "{ends}");
        }
        let mut fresh = shown();
        fresh.shown_window = None;
        assert_eq!(field_to_write(&fresh), Some(at(0)));
    }

    #[test]
    fn a_burst_is_written_once() {
        let mut conversation = shown();
        for minute in [20, 21, 22] {
            conversation.window_expires_at = Some(at(minute));
            arm_field(&mut conversation, at(minute));
            let due_at = conversation.timers.due_at(Timer::WindowField);
            assert_eq!(due_at, Some(at(21)), "{minute}");
        }
    }

    #[test]
    fn another_request_and_metas_word_are_shown_at_once() {
        let moved = shown().in_request(issue("2"));
        assert_eq!(field_to_write(&moved), Some(at(0)));
        let due_at = moved.timers.due_at(Timer::WindowField);
        assert_eq!(due_at, moved.last_inbound_at);
        let closed = shown().closed_by_meta(at(-600));
        assert_eq!(field_to_write(&closed), Some(at(-600)));
        assert_eq!(closed.timers.due_at(Timer::WindowField), Some(at(-600)));
        // Nothing is shown unless the owner asked for it.
        let mut plain = shown();
        plain.shown_window = None;
        let plain = plain.in_request(issue("2")).closed_by_meta(at(-600));
        assert_eq!(plain.timers.next(), None);
    }

    #[test]
    fn a_window_that_moves_while_it_is_written_is_written_again() {
        let mut conversation = shown();
        conversation.window_expires_at = Some(at(30));
        let written = conversation.shown_window.clone().unwrap();
        let after = showing(conversation, written, at(1));
        assert_eq!(after.timers.due_at(Timer::WindowField), Some(at(2)));
    }
}
