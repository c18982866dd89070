use super::*;
use crate::model::conversation::HeldNoMore;

#[test]
fn who_waits_again_because_an_answer_was_cancelled_is_told_of_a_delay() {
    let conversation = fresh().in_request(issue());
    let first = decide_inbound(&conversation, &text("Hello", at(0)), &settings(), at(1));
    let mut held = first.conversation.answered_with(at(90_000), true);
    held.held_count = 1;
    let again = held.with_one_held_less(HeldNoMore::NoAnswer { answer_left: false });
    let next = decide_inbound(&again, &text("And?", at(95_000)), &settings(), at(95_001));
    assert_eq!(next.conversation.awaiting_since, Some(at(0)));
    assert_eq!(next.conversation.notice_state, NoticeState::Armed);
    assert_eq!(next.conversation.notice_generation, 2);
    assert!(
        next.conversation
            .timers
            .due_at(Timer::DelayNotice)
            .is_some()
    );
    // Told once.
    let mut told = next.conversation;
    told.notice_state = NoticeState::Sent;
    let last = decide_inbound(&told, &text("??", at(95_010)), &settings(), at(95_011));
    assert_eq!(last.conversation.notice_state, NoticeState::Sent);
}
