//! Calls, and conversations that another sender holds.

use super::*;
use crate::decide::reply::taken_over;
use crate::model::content::Handover;

/// A message on another way, or with another content.
fn sent(via: Via, content: InboundContent, sent_at: DateTime<Utc>) -> InboundMessage {
    InboundMessage {
        via,
        content,
        ..text("", sent_at)
    }
}

fn words(via: Via, sent_at: DateTime<Utc>) -> InboundMessage {
    let content = text("Where is it?", sent_at).content;
    sent(via, content, sent_at)
}

fn handover(to: Holder, sent_at: DateTime<Utc>) -> InboundMessage {
    let content = InboundContent::Handover(Handover { to, summary: None });
    sent(Via::Direct, content, sent_at)
}

fn call(call: Call, sent_at: DateTime<Utc>) -> InboundMessage {
    InboundMessage {
        wamid: Wamid::new(format!("wacid.{call:?}")),
        ..sent(Via::Direct, InboundContent::Call(call), sent_at)
    }
}

/// A customer with a request, who waits for an answer since second 0.
fn waiting() -> Conversation {
    let first = decide_inbound(&fresh(), &text("one", at(0)), &settings(), at(0));
    Conversation {
        version: 1,
        ..first.conversation.in_request(issue())
    }
}

fn timer(conversation: &Conversation, timer: Timer) -> Option<DateTime<Utc>> {
    conversation.timers.due_at(timer)
}

#[test]
fn a_message_to_another_sender_opens_the_window_and_nothing_goes_out_by_itself() {
    let settings = settings();
    let message = words(Via::Standby, at(60));
    let plan = decide_inbound(&waiting(), &message, &settings, at(61));
    assert_eq!(plan.request, RequestStep::Append(issue()), "done or not");
    assert!(plan.is_shown && plan.armed.is_empty() && !plan.tell_of_lost_file);
    assert_eq!(plan.came_to, Some(Holder::Another));
    let held = plan.conversation;
    assert_eq!(held.window_expires_at, Some(at(60) + window::LENGTH));
    assert!(held.is_held_by_another(at(61)));
    assert!(!held.is_held_by_another(at(60) + window::LENGTH), "idle");
    assert_eq!(held.notice_state, NoticeState::Skipped);
    for one in [Timer::DelayNotice, Timer::KeepOpen, Timer::AgentAlert] {
        assert_eq!(timer(&held, one), None, "{one:?}");
    }
    let again = decide_inbound(&held, &message, &settings, at(70));
    assert_eq!(again.came_to, Some(Holder::Another), "after a lost answer");
    let next = decide_inbound(&held, &words(Via::Standby, at(80)), &settings, at(81));
    assert_eq!(next.came_to, None, "told once");
}

#[test]
fn a_stranger_who_writes_to_another_sender_is_known_and_has_no_request() {
    let message = words(Via::Standby, at(0));
    let plan = decide_inbound(&fresh(), &message, &settings(), at(1));
    assert_eq!(plan.request, RequestStep::Quiet);
    assert_eq!(plan.conversation.awaiting_since, None);
    assert!(plan.conversation.window_is_open(at(1)));
    let count = settings_with("standby = \"count\"\n");
    let plan = decide_inbound(&waiting(), &message, &count, at(1));
    assert!(!plan.is_shown, "only the change of hands is told");
    assert_eq!(plan.request, RequestStep::Append(issue()));
    let known = plan.conversation;
    let plan = decide_inbound(&known, &words(Via::Standby, at(9)), &count, at(9));
    assert_eq!(plan.request, RequestStep::Quiet);
    let echo = decide_inbound(&known, &words(Via::AgentEcho, at(9)), &count, at(9));
    assert_eq!(echo.request, RequestStep::Quiet);
}

#[test]
fn what_another_sender_answers_ends_the_wait() {
    for via in [Via::AgentEcho, Via::AppEcho, Via::OtherEcho] {
        let plan = decide_inbound(&waiting(), &words(via, at(60)), &settings(), at(61));
        assert_eq!(plan.request, RequestStep::Append(issue()));
        let answered = plan.conversation;
        assert_eq!(answered.awaiting_since, None);
        assert_eq!(timer(&answered, Timer::DelayNotice), None);
        assert_eq!(answered.answered_elsewhere_at, Some(at(60)));
        assert_eq!(answered.window_expires_at, waiting().window_expires_at);
        assert_eq!(answered.is_held_by_another(at(61)), via == Via::AgentEcho);
        let older = decide_inbound(&waiting(), &words(via, at(-1)), &settings(), at(61));
        assert_eq!(
            older.conversation.awaiting_since,
            Some(at(0)),
            "answers nothing"
        );
        let unknown = decide_inbound(&fresh(), &words(via, at(60)), &settings(), at(61));
        assert_eq!(unknown.request, RequestStep::Nowhere);
    }
}

#[test]
fn a_conversation_that_comes_back_waits_for_a_person() {
    let away = decide_inbound(
        &waiting(),
        &handover(Holder::Another, at(60)),
        &settings(),
        at(60),
    );
    assert_eq!(away.request, RequestStep::Append(issue()));
    assert!(away.conversation.is_held_by_another(at(61)));
    let answered = words(Via::AgentEcho, at(70));
    let away = decide_inbound(&away.conversation, &answered, &settings(), at(70));
    assert_eq!(away.came_to, None, "the handover has told it");
    let back = handover(Holder::Casement, at(90));
    let plan = decide_inbound(&away.conversation, &back, &settings(), at(91));
    assert_eq!(plan.request, RequestStep::Ask(issue()));
    let ours = plan.conversation;
    assert_eq!(ours.awaiting_since, Some(at(90)));
    assert_eq!(timer(&ours, Timer::DelayNotice), Some(at(690)));
    assert!(timer(&ours, Timer::KeepOpen).is_some());
    let again = decide_inbound(&ours, &back, &settings(), at(95));
    assert_eq!(again.conversation.notice_generation, ours.notice_generation);
    assert_eq!(
        again.request,
        RequestStep::Ask(issue()),
        "after a lost answer"
    );
    let late = handover(Holder::Another, at(80));
    let late = decide_inbound(&ours, &late, &settings(), at(96));
    assert_eq!(late.request, RequestStep::Quiet, "older news");
}

#[test]
fn a_conversation_that_comes_out_of_nothing_opens_a_request() {
    let back = handover(Holder::Casement, at(0));
    let plan = decide_inbound(&fresh(), &back, &settings(), at(1));
    let RequestStep::Open(request) = &plan.request else {
        panic!("{:?}", plan.request)
    };
    assert_eq!(
        request.summary,
        "Handed over by Meta's agent (Ana Lima +4915112345678)"
    );
    let open = plan.conversation;
    assert!(open.window_is_open(at(1)), "an agent can answer");
    assert!(open.window_expires_at < Some(at(0) + window::LENGTH));
    assert_eq!(open.awaiting_since, Some(at(0)));
    let away = handover(Holder::Another, at(0));
    let away = decide_inbound(&fresh(), &away, &settings(), at(1));
    assert_eq!(away.request, RequestStep::Nowhere);
}

#[test]
fn the_customers_next_message_to_us_shows_that_the_conversation_is_ours() {
    let away = decide_inbound(
        &waiting(),
        &words(Via::Standby, at(60)),
        &settings(),
        at(60),
    );
    let plan = decide_inbound(
        &away.conversation,
        &text("Hello?", at(90)),
        &settings(),
        at(91),
    );
    assert_eq!(plan.came_to, Some(Holder::Casement));
    assert!(!plan.conversation.is_held_by_another(at(91)));
    assert_eq!(plan.conversation.notice_state, NoticeState::Armed);
    assert_eq!(plan.conversation.awaiting_since, Some(at(0)));
    let never = decide_inbound(&waiting(), &text("Hello?", at(90)), &settings(), at(91));
    assert_eq!(never.conversation.control, None);
}

#[test]
fn a_reply_takes_the_conversation_over_once() {
    let away = decide_inbound(
        &waiting(),
        &words(Via::Standby, at(60)),
        &settings(),
        at(60),
    );
    // WhatsApp's clock is ahead of ours.
    let ours = taken_over(away.conversation, at(55), "comment:1");
    assert_eq!(ours.changed_hands_by("comment:1"), Some(Holder::Casement));
    let next = taken_over(ours.clone(), at(70), "comment:2");
    assert_eq!(next, ours);
    assert_eq!(taken_over(waiting(), at(70), "comment:2"), waiting());
}

#[test]
fn calls_open_the_window_and_a_missed_one_waits_for_an_answer() {
    let ringing = call(Call::Ringing, at(0));
    let plan = decide_inbound(&fresh(), &ringing, &settings(), at(1));
    assert_eq!(plan.request, RequestStep::Quiet);
    assert!(plan.conversation.window_is_open(at(1)));
    let known = Conversation {
        version: 1,
        ..plan.conversation
    };
    let answered = Call::Answered { seconds: Some(60) };
    let plan = decide_inbound(&known, &call(answered, at(0)), &settings(), at(61));
    assert_eq!(plan.request, RequestStep::Quiet, "no request for it");
    assert_eq!(plan.conversation.awaiting_since, None);
    let plan = decide_inbound(&waiting(), &call(answered, at(30)), &settings(), at(91));
    assert_eq!(plan.request, RequestStep::Append(issue()));
    assert!(plan.is_shown);
    let plan = decide_inbound(&known, &call(Call::Missed, at(0)), &settings(), at(30));
    assert!(matches!(plan.request, RequestStep::Open(_)));
    assert_eq!(plan.conversation.awaiting_since, Some(at(0)));
    let held = Conversation {
        held_count: 1,
        ..waiting()
    };
    let plan = decide_inbound(&held, &call(Call::Ringing, at(50)), &settings(), at(51));
    assert!(plan.release_held && !plan.is_shown);
}

#[test]
fn a_wish_for_no_automatic_messages_holds_whoever_hears_it() {
    let content = text("STOP", at(60)).content;
    let message = sent(Via::Standby, content, at(60));
    let plan = decide_inbound(&waiting(), &message, &settings(), at(61));
    assert!(plan.conversation.opted_out);
    assert_eq!(plan.opt_out, Some(OptOut::Stop));
}

#[test]
fn a_farewell_after_the_hand_over_ends_no_wait_and_takes_nothing_back() {
    let away = decide_inbound(
        &waiting(),
        &words(Via::Standby, at(60)),
        &settings(),
        at(60),
    );
    let back = handover(Holder::Casement, at(90));
    let ours = decide_inbound(&away.conversation, &back, &settings(), at(91)).conversation;
    for sent_at in [at(89), at(90)] {
        let farewell = words(Via::AgentEcho, sent_at);
        let plan = decide_inbound(&ours, &farewell, &settings(), at(92));
        assert_eq!(plan.conversation.awaiting_since, Some(at(0)), "{sent_at}");
        assert!(!plan.conversation.is_held_by_another(at(92)));
        assert_eq!(plan.request, RequestStep::Append(issue()));
    }
    let first = decide_inbound(&fresh(), &back, &settings(), at(91)).conversation;
    let known = Conversation {
        version: 1,
        ..first.in_request(issue())
    };
    let farewell = words(Via::AgentEcho, at(89));
    let plan = decide_inbound(&known, &farewell, &settings(), at(92));
    assert_eq!(plan.conversation.awaiting_since, Some(at(90)));
}

#[test]
fn late_news_of_another_sender_changes_nothing_since_the_customer_wrote_to_us() {
    let late = words(Via::Standby, at(-10));
    let plan = decide_inbound(&waiting(), &late, &settings(), at(60));
    assert!(!plan.conversation.is_held_by_another(at(60)));
    assert_eq!(plan.came_to, None);
    let answered = waiting().answered();
    let late = handover(Holder::Casement, at(-10));
    let plan = decide_inbound(&answered, &late, &settings(), at(60));
    assert_eq!(plan.request, RequestStep::Quiet);
    assert_eq!(plan.conversation.awaiting_since, None);
    let mut summed = late;
    summed.content = InboundContent::Handover(Handover {
        to: Holder::Casement,
        summary: Some("Asks for an order".to_owned().into()),
    });
    let plan = decide_inbound(&answered, &summed, &settings(), at(60));
    assert_eq!(plan.request, RequestStep::Append(issue()), "the summary");
    assert!(plan.is_shown && !plan.may_open);
}

#[test]
fn a_message_that_was_answered_before_it_arrived_waits_for_nothing() {
    let echo = words(Via::AppEcho, at(130));
    let answered = decide_inbound(&waiting(), &echo, &settings(), at(131)).conversation;
    let late = text("And the other one?", at(100));
    let plan = decide_inbound(&answered, &late, &settings(), at(132));
    assert_eq!(plan.conversation.awaiting_since, None);
    let next = text("And now?", at(140));
    let plan = decide_inbound(&answered, &next, &settings(), at(141));
    assert_eq!(plan.conversation.awaiting_since, Some(at(140)));
}

#[test]
fn a_request_that_is_being_opened_is_waited_for() {
    let opening = Conversation {
        version: 1,
        ..decide_inbound(&fresh(), &text("one", at(0)), &settings(), at(0)).conversation
    };
    let echo = words(Via::AppEcho, at(5));
    let plan = decide_inbound(&opening, &echo, &settings(), at(6));
    assert_eq!(plan.request, RequestStep::Wait);
    let plan = decide_inbound(&opening, &echo, &settings(), at(700));
    assert_eq!(plan.request, RequestStep::Quiet, "it has failed");
}
