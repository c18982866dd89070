//! Opt-outs from automatic messages, and their effect on the request.

use super::*;
use crate::model::content::{Choice, ChoiceKind};

fn done() -> RequestState {
    RequestState::Done {
        since: Some(at(-60)),
    }
}

/// Returns where a message on a done request goes, and whether the customer awaits a reply then.
fn on_a_done_request(conversation: &Conversation, message: &InboundMessage) -> (RequestStep, bool) {
    let settings = settings();
    let plan = decide_inbound(conversation, message, &settings, at(2));
    let routed = decide_routed(plan, &issue(), done(), message, &settings, at(2));
    (routed.request, routed.conversation.awaiting_since.is_some())
}

fn reopened() -> RequestStep {
    RequestStep::Reopen {
        issue: issue(),
        since: Some(at(-60)),
    }
}

#[test]
fn a_wish_begins_no_silence_and_reopens_nothing() {
    let mut conversation = fresh().in_request(issue());
    conversation.notice_generation = 4;
    let stop = text("Stop", at(0));
    let plan = decide_inbound(&conversation, &stop, &settings(), at(2));
    assert_eq!(plan.opt_out, Some(OptOut::Stop));
    assert!(plan.conversation.opted_out && plan.conversation.awaiting_since.is_none());
    let done = RequestState::Done {
        since: Some(at(-60)),
    };
    let routed = decide_routed(plan, &issue(), done, &stop, &settings(), at(2));
    assert_eq!(routed.request, RequestStep::Append(issue()));

    let plan = decide_inbound(
        &routed.conversation,
        &text("Hello", at(5)),
        &settings(),
        at(6),
    );
    assert_eq!(plan.conversation.notice_state, NoticeState::Skipped);
    let armed: Vec<_> = plan.armed.iter().map(|(timer, _)| *timer).collect();
    assert_eq!(armed, [Timer::AgentAlert]);
}

#[test]
fn metas_button_reopens_nothing_however_often_it_is_tapped() {
    let mut conversation = fresh().in_request(issue());
    let tap = |kind, title: &str, id: &str| InboundMessage {
        content: InboundContent::Choice(Choice {
            kind,
            title: title.to_owned(),
            description: None,
            id: Some(id.to_owned()),
        }),
        ..text("", at(0))
    };
    for opted_out in [false, true] {
        conversation.opted_out = opted_out;
        for message in [
            tap(
                ChoiceKind::TemplateButton,
                "Stop promotions",
                "Stop promotions",
            ),
            tap(ChoiceKind::TemplateButton, "Detener promociones", "x"),
            tap(ChoiceKind::Button, "Parar promoções", "1"),
            tap(ChoiceKind::TemplateButton, "Leállítás", "STOP_PROMOTIONS"),
            text("Werbung stoppen", at(0)),
        ] {
            let routed = on_a_done_request(&conversation, &message);
            assert_eq!(routed, (RequestStep::Append(issue()), false));
        }
    }
}

#[test]
fn what_may_end_a_contract_waits_for_an_answer() {
    for (body, opted_out) in [
        ("Darme de baja", false),
        ("Abmelden", false),
        ("cancelar inscricao", false),
        ("Abbestellen", true),
    ] {
        let mut conversation = fresh().in_request(issue());
        conversation.opted_out = opted_out;
        let message = text(body, at(0));
        let plan = decide_inbound(&conversation, &message, &settings(), at(2));
        assert_eq!(
            plan.opt_out,
            (!opted_out).then_some(OptOut::AmbiguousStop),
            "{body}"
        );
        assert!(plan.conversation.opted_out, "{body}");
        assert_eq!(plan.conversation.awaiting_since, Some(at(0)), "{body}");
        assert_eq!(plan.conversation.notice_state, NoticeState::Skipped);
        let armed: Vec<_> = plan.armed.iter().map(|(timer, _)| *timer).collect();
        assert_eq!(armed, [Timer::AgentAlert], "{body}");
        let routed = on_a_done_request(&conversation, &message);
        assert_eq!(routed, (reopened(), true), "{body}");
    }
}

#[test]
fn thanks_on_a_done_request_disturb_nobody_and_more_than_thanks_do() {
    let conversation = fresh().in_request(issue());
    for (body, is_quiet) in [
        ("vlw", true),
        ("Danke, hat geklappt", true),
        ("ok", true),
        ("alles klar", true),
        ("🙌", true),
        ("Thanks 😡", false),
        ("gracias, pero no llegó", false),
        ("ok?", false),
    ] {
        let expected = if is_quiet {
            (RequestStep::Append(issue()), false)
        } else {
            (reopened(), true)
        };
        let routed = on_a_done_request(&conversation, &text(body, at(0)));
        assert_eq!(routed, expected, "{body}");
    }
}
