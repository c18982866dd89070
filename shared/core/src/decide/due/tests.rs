use super::*;
use crate::model::identity::{
    ConversationKey, CustomerIdentity, IssueRef, PhoneNumber, PhoneNumberId,
};
use crate::model::queue::{ConversationTask, WaitTask, WindowTask};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

fn key() -> ConversationKey {
    ConversationKey::new(&PhoneNumberId::new("1065"), "49151")
}

fn issue_id() -> IssueId {
    IssueId::new("1")
}

/// A customer awaiting a reply, with every timer due in ten minutes.
fn waiting() -> Conversation {
    let phone = PhoneNumber::new("49151");
    let mut conversation =
        Conversation::new(key(), CustomerIdentity::new(None, Some(phone)).unwrap());
    conversation.window_expires_at = Some(at(86_400));
    conversation.awaiting_since = Some(at(0));
    conversation.notice_generation = 3;
    conversation.notice_state = NoticeState::Armed;
    conversation.issue = Some(IssueRef {
        id: issue_id(),
        key: "SUP-1".to_owned(),
    });
    for timer in Timer::ALL {
        conversation.timers.set(timer, at(600));
    }
    conversation
}

#[test]
fn each_timer_asks_for_its_own() {
    let (conversation, issue_id) = (key(), issue_id());
    let window_ends = at(86_400);
    for (timer, expected) in [
        (
            Timer::DelayNotice,
            OutboundQueueMessage::DelayNotice(WaitTask {
                conversation: conversation.clone(),
                generation: 3,
                issue_id: issue_id.clone(),
            }),
        ),
        (
            Timer::KeepOpen,
            OutboundQueueMessage::KeepOpen(WindowTask {
                conversation: conversation.clone(),
                window_ends,
                issue_id: issue_id.clone(),
            }),
        ),
        (
            Timer::AgentAlert,
            OutboundQueueMessage::AgentAlert(WindowTask {
                conversation: conversation.clone(),
                window_ends,
                issue_id: issue_id.clone(),
            }),
        ),
        (
            Timer::HoldExpiry,
            OutboundQueueMessage::ExpireHeld(ConversationTask {
                conversation: conversation.clone(),
                issue_id: issue_id.clone(),
            }),
        ),
        (
            Timer::WindowField,
            OutboundQueueMessage::WindowField(ConversationTask {
                conversation: conversation.clone(),
                issue_id: issue_id.clone(),
            }),
        ),
    ] {
        let ring = decide_ring(&waiting(), timer, at(600), at(600));
        assert_eq!(ring, Ring::Due(expected), "{timer:?}");
        // The timer is off, and the others are not.
        let after = rung(waiting(), timer, at(600), &ring);
        for other in Timer::ALL {
            let expected = (other != timer).then_some(at(600));
            assert_eq!(after.timers.due_at(other), expected, "{timer:?} {other:?}");
        }
        // A second message finds nothing left.
        assert_eq!(decide_ring(&after, timer, at(600), at(601)), Ring::Void);
        let again = rung(after.clone(), timer, at(600), &ring);
        assert_eq!(again, after, "{timer:?}");
    }
}

#[test]
fn what_does_not_fit_the_state_does_nothing() {
    for (case, change, timer, due_at, now, expected) in [
        (
            "early",
            (|_| ()) as fn(&mut Conversation),
            Timer::KeepOpen,
            600,
            598,
            Ring::NotYet,
        ),
        ("moved", |_| (), Timer::KeepOpen, 500, 600, Ring::Void),
        (
            "off",
            |c| c.timers.set(Timer::KeepOpen, None),
            Timer::KeepOpen,
            600,
            600,
            Ring::Void,
        ),
        (
            "no request yet",
            |c| c.issue = None,
            Timer::DelayNotice,
            600,
            600,
            Ring::At(at(660)),
        ),
        (
            "opted out",
            |c| c.opted_out = true,
            Timer::DelayNotice,
            600,
            600,
            Ring::Skip(SkipReason::OptedOut),
        ),
        (
            "nobody waits",
            |c| c.awaiting_since = None,
            Timer::AgentAlert,
            600,
            600,
            Ring::Skip(SkipReason::Answered),
        ),
        (
            "too late",
            |_| (),
            Timer::KeepOpen,
            600,
            90_000,
            Ring::Skip(SkipReason::WindowClosed),
        ),
    ] {
        let mut conversation = waiting();
        change(&mut conversation);
        let ring = decide_ring(&conversation, timer, at(due_at), at(now));
        assert_eq!(ring, expected, "{case}");
        let after = rung(conversation.clone(), timer, at(due_at), &ring);
        let left = match ring {
            Ring::Skip(_) => None,
            Ring::At(later) => Some(later),
            _ => conversation.timers.due_at(timer),
        };
        assert_eq!(after.timers.due_at(timer), left, "{case}");
    }
}

#[test]
fn a_timer_that_rings_a_moment_early_is_due() {
    let early = at(600) - Duration::milliseconds(900);
    let ring = decide_ring(&waiting(), Timer::DelayNotice, at(600), early);
    assert!(matches!(ring, Ring::Due(_)), "{ring:?}");
    let after = rung(waiting(), Timer::DelayNotice, at(600), &ring);
    assert_eq!(after.notice_state, NoticeState::Queued);
}
