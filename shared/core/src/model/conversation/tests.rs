use super::*;
use crate::model::identity::{PhoneNumber, PhoneNumberId};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

/// Creates the conversation of a customer who has waited since 0.
fn waiting(notice: NoticeState) -> Conversation {
    let phone = PhoneNumber::new("4915112345678");
    let mut conversation = Conversation::new(
        ConversationKey::new(&PhoneNumberId::new("1065"), phone.as_str()),
        CustomerIdentity::of_phone(phone),
    );
    conversation.awaiting_since = Some(at(0));
    conversation.notice_state = notice;
    conversation
}

fn held(conversation: Conversation, written_at: i64) -> Conversation {
    let mut conversation = conversation.answered_with(at(written_at), true);
    conversation.held_count += 1;
    conversation
}

fn given_up(conversation: Conversation, answer_left: bool) -> Conversation {
    conversation.with_one_held_less(HeldNoMore::NoAnswer { answer_left })
}

#[test]
fn a_customer_waits_again_when_no_held_reply_is_left() {
    for (notice, later) in [
        (NoticeState::Sent, NoticeState::Sent),
        (NoticeState::Armed, NoticeState::Idle),
        (NoticeState::Skipped, NoticeState::Idle),
    ] {
        let two = held(held(waiting(notice), 10), 20);
        assert_eq!(two.awaiting_since, None);
        assert_eq!(two.unreceived_since(), Some(at(0)));
        let one = given_up(two, true);
        assert_eq!(one.awaiting_since, None, "another is held");
        let none = given_up(one, false);
        assert_eq!(none.awaiting_since, Some(at(0)));
        assert_eq!(none.unreceived_since(), None);
        assert_eq!(none.notice_state, later);
        assert_eq!(none.timers.next(), None, "nothing goes out because of it");
    }
}

#[test]
fn a_customer_who_has_an_answer_does_not_wait_again() {
    let waiting = || waiting(NoticeState::Armed);
    for (case, conversation) in [
        (
            "one went out",
            held(held(waiting(), 10), 20).with_one_held_less(HeldNoMore::Received),
        ),
        (
            "a template went out",
            held(waiting(), 10).answered_with(at(20), false),
        ),
        (
            "an answer before went out",
            held(waiting().answered_with(at(10), false), 20),
        ),
        ("nobody waited", held(waiting().answered(), 10)),
        ("the request is done", held(waiting(), 10).answered()),
    ] {
        let none = given_up(conversation, false);
        assert_eq!(none.awaiting_since, None, "{case}");
    }
}

#[test]
fn an_answer_that_whatsapp_gives_back_counts_as_held() {
    let sent = waiting(NoticeState::Armed).answered_with(at(10), false);
    assert_eq!(sent.unreceived_since(), None);
    let back = held(sent, 10);
    assert_eq!(back.unreceived_since(), Some(at(0)));
    let cancelled = given_up(back, false);
    assert_eq!(cancelled.awaiting_since, Some(at(0)));
}

#[test]
fn a_customer_who_wrote_meanwhile_waits_since_then() {
    let mut conversation = held(waiting(NoticeState::Armed), 10);
    conversation.awaiting_since = Some(at(90_000));
    let none = given_up(conversation, false);
    assert_eq!(none.awaiting_since, Some(at(90_000)));
    assert_eq!(none.last_answer, None);
}

#[test]
fn metas_word_about_an_earlier_window_does_not_close_a_newer_one() {
    let written = |last: i64| Conversation {
        last_inbound_at: Some(at(last)),
        window_expires_at: Some(at(last + 86_400)),
        ..waiting(NoticeState::Idle)
    };
    for (last, said_at, open) in [(0, 10, false), (10, 10, false), (11, 10, true)] {
        let closed = written(last).closed_by_meta(at(said_at));
        assert_eq!(closed.window_is_open(at(60)), open, "{last} {said_at}");
    }
}
