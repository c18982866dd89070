mod elsewhere;
mod held;

use chrono::Duration;

use crate::model::content::Context;

mod opt_out;

use super::request::{SUMMARY_LIMIT, summary};
use super::*;
use crate::model::identity::{
    ConversationKey, CustomerIdentity, IssueId, PhoneNumber, PhoneNumberId, Wamid,
};
use crate::model::private::Private;
use crate::settings::Settings;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

fn number() -> PhoneNumberId {
    PhoneNumberId::new("1065")
}

fn customer() -> CustomerIdentity {
    CustomerIdentity::new(None, Some(PhoneNumber::new("4915112345678"))).unwrap()
}

fn fresh() -> Conversation {
    Conversation::new(ConversationKey::new(&number(), "4915112345678"), customer())
}

fn text(body: &str, sent_at: DateTime<Utc>) -> InboundMessage {
    InboundMessage {
        phone_number_id: number(),
        wamid: Wamid::new(format!("wamid.{}", sent_at.timestamp())),
        from: customer(),
        via: Via::Direct,
        profile_name: Some("Ana Lima".to_owned().into()),
        sent_at,
        content: InboundContent::Text {
            body: body.to_owned(),
        },
        context: Context::default(),
    }
}

fn settings() -> NumberSettings {
    settings_with("")
}

fn settings_with(more: &str) -> NumberSettings {
    let document = format!(
        "[[number]]\nphone_number_id = \"1065\"\nservice_desk_id = \"1\"\nrequest_type_id = \"10\"\ndelay_after = \"10m\"\n{more}"
    );
    Settings::from_toml(&document)
        .unwrap()
        .number(&number())
        .unwrap()
        .clone()
}

fn issue() -> IssueRef {
    IssueRef {
        id: IssueId::new("10001"),
        key: "SUP-1".to_owned(),
    }
}

#[test]
fn a_first_message_opens_a_request_the_window_and_a_timer() {
    let plan = decide_inbound(
        &fresh(),
        &text("My order is late\nNo. 7", at(0)),
        &settings(),
        at(2),
    );
    let RequestStep::Open(request) = &plan.request else {
        panic!("{:?}", plan.request)
    };
    assert_eq!(
        request.summary,
        "My order is late (Ana Lima +4915112345678)"
    );
    assert!(request.reference_text.ends_with(&request.reference));
    assert!(!plan.release_held);
    let day = window::LENGTH;
    let armed = [
        (Timer::DelayNotice, at(600)),
        (Timer::KeepOpen, at(0) + day - Duration::hours(2)),
        (Timer::AgentAlert, at(0) + day - Duration::hours(4)),
    ];
    assert_eq!(plan.armed, armed);
    let saved = plan.conversation;
    assert_eq!(saved.window_expires_at, Some(at(0) + window::LENGTH));
    assert_eq!(saved.awaiting_since, Some(at(0)));
    assert_eq!(saved.notice_state, NoticeState::Armed);
    assert_eq!(saved.notice_generation, 1);
    assert_eq!(saved.timers.next(), Some(at(600)));
    assert_eq!(saved.opening.unwrap().since, at(2));
}

#[test]
fn a_second_message_is_appended_and_does_not_restart_the_silence() {
    let first = decide_inbound(&fresh(), &text("one", at(0)), &settings(), at(0));
    let known = first.conversation.in_request(issue());
    let plan = decide_inbound(&known, &text("two", at(60)), &settings(), at(61));
    assert_eq!(plan.request, RequestStep::Ask(issue()));
    assert_eq!(plan.conversation.notice_generation, 1);
    assert_eq!(
        plan.conversation.timers.due_at(Timer::DelayNotice),
        Some(at(600))
    );
    assert_eq!(
        plan.conversation.window_expires_at,
        Some(at(60) + window::LENGTH)
    );
    assert_eq!(plan.conversation.last_inbound_at, Some(at(60)));
}

#[test]
fn the_next_silence_begins_after_an_answer() {
    let first = decide_inbound(&fresh(), &text("one", at(0)), &settings(), at(0));
    let answered = first.conversation.in_request(issue()).answered();
    let plan = decide_inbound(&answered, &text("two", at(60)), &settings(), at(61));
    assert_eq!(plan.conversation.notice_generation, 2);
    assert_eq!(plan.conversation.awaiting_since, Some(at(60)));
}

#[test]
fn an_interrupted_opening_is_looked_up_under_the_same_reference() {
    let message = text("one", at(0));
    let first = decide_inbound(&fresh(), &message, &settings(), at(0));
    let RequestStep::Open(opened) = first.request else {
        panic!("not opened")
    };
    let again = decide_inbound(&first.conversation, &message, &settings(), at(90));
    assert_eq!(again.request, RequestStep::Resume(opened));
    assert_eq!(again.conversation.opening.unwrap().since, at(0));
}

#[test]
fn a_deleted_request_is_replaced() {
    let known = fresh().in_request(issue());
    let message = text("still there?", at(0));
    let plan = decide_inbound(&known, &message, &settings(), at(0));
    let plan = decide_after_gone(plan, &issue(), Ended::Gone, &message, &settings(), at(1));
    let RequestStep::Open(request) = plan.request else {
        panic!("not opened")
    };
    assert!(request.reference_text.contains("It follows SUP-1"));
    let opening = plan.conversation.opening.clone().unwrap();
    assert_eq!(opening.former.unwrap().ended, Ended::Gone);
}

#[test]
fn jiras_word_on_the_request_makes_the_step() {
    let done = RequestState::Done { since: Some(at(0)) };
    let reopen = RequestStep::Reopen {
        issue: issue(),
        since: Some(at(0)),
    };
    let append = RequestStep::Append(issue());
    for (case, body, state, days, expected, waits) in [
        ("open", "hi", RequestState::Open, 9, &append, true),
        ("thanks", "Thx", RequestState::Open, 9, &append, true),
        ("done", "hi", done, 1, &reopen, true),
        ("thanks after the end", "Thx!", done, 1, &append, false),
        ("the owner's thanks", "Cheerio", done, 9, &append, false),
    ] {
        let mut settings = settings();
        settings.thanks_words = vec!["cheerio".to_owned()];
        let now = at(0) + Duration::days(days);
        let message = text(body, now);
        let plan = decide_inbound(&fresh().in_request(issue()), &message, &settings, now);
        let plan = decide_routed(plan, &issue(), state, &message, &settings, now);
        assert_eq!(&plan.request, expected, "{case}");
        let conversation = plan.conversation;
        assert!(conversation.window_is_open(now), "{case}");
        assert_eq!(conversation.awaiting_since.is_some(), waits, "{case}");
        assert_eq!(conversation.timers.next().is_some(), waits, "{case}");
        assert_eq!(conversation.opening, None, "{case}");
    }
}

#[test]
fn a_request_that_is_done_for_long_is_followed_by_one_that_names_it() {
    let now = at(0) + Duration::days(7);
    let message = text("It is broken again", now);
    let known = fresh().in_request(issue());
    let done = RequestState::Done { since: Some(at(0)) };
    let plan = decide_inbound(&known, &message, &settings(), now);
    let plan = decide_routed(plan, &issue(), done, &message, &settings(), now);
    let RequestStep::Open(request) = plan.request else {
        panic!("not opened")
    };
    assert!(
        request
            .reference_text
            .contains("It follows SUP-1, which is done.")
    );
    // After an interruption, it is the same request.
    let again = decide_inbound(&plan.conversation, &message, &settings(), now);
    assert_eq!(again.request, RequestStep::Resume(request));
}

#[test]
fn thanks_leave_an_older_question_waiting() {
    let first = decide_inbound(&fresh(), &text("one", at(0)), &settings(), at(0));
    let known = first.conversation.in_request(issue());
    let message = text("Thanks", at(60));
    let done = RequestState::Done {
        since: Some(at(30)),
    };
    let plan = decide_inbound(&known, &message, &settings(), at(60));
    let plan = decide_routed(plan, &issue(), done, &message, &settings(), at(60));
    assert_eq!(plan.conversation.awaiting_since, Some(at(0)));
}

#[test]
fn what_no_person_wrote_neither_asks_nor_opens() {
    let mut message = text("", at(0));
    message.content = InboundContent::Other {
        kind: "system".to_owned(),
    };
    let plan = decide_inbound(&fresh(), &message, &settings(), at(0));
    assert_eq!(plan.request, RequestStep::Nowhere);
    assert_eq!(plan.conversation.opening, None);
    let known = fresh().in_request(issue());
    let plan = decide_inbound(&known, &message, &settings(), at(0));
    assert_eq!(plan.request, RequestStep::Append(issue()));
}

#[test]
fn any_message_in_an_open_window_releases_held_replies() {
    let mut known = fresh().in_request(issue());
    known.held_count = 2;
    assert!(decide_inbound(&known, &text("hi", at(0)), &settings(), at(5)).release_held);
    // A webhook that was delayed by a day: the window that it opened is closed again.
    let late = at(0) + window::LENGTH;
    assert!(!decide_inbound(&known, &text("hi", at(0)), &settings(), late).release_held);
}

#[test]
fn an_old_webhook_does_not_turn_back_the_clock() {
    let newer = decide_inbound(&fresh(), &text("new", at(500)), &settings(), at(500)).conversation;
    let plan = decide_inbound(&newer, &text("old", at(100)), &settings(), at(600));
    assert_eq!(plan.conversation.last_inbound_at, Some(at(500)));
    assert_eq!(plan.conversation.window_expires_at, newer.window_expires_at);
}

#[test]
fn what_no_person_wrote_opens_nothing() {
    for (kind, person) in [
        ("image", true),
        ("unsupported", true),
        ("reaction", false),
        ("system", false),
    ] {
        let mut message = text("", at(0));
        message.content = InboundContent::Other {
            kind: kind.to_owned(),
        };
        let plan = decide_inbound(&fresh(), &message, &settings(), at(0));
        assert_eq!(
            plan.conversation.window_expires_at.is_some(),
            person,
            "{kind}"
        );
        assert_eq!(plan.conversation.awaiting_since.is_some(), person, "{kind}");
    }
}

#[test]
fn summaries_are_one_line_within_jiras_limit() {
    for (body, expected) in [
        ("", "WhatsApp message (Ana Lima +4915112345678)"),
        (
            "\n\n  hi\u{7}\tthere \nmore",
            "hi there (Ana Lima +4915112345678)",
        ),
    ] {
        assert_eq!(summary(&text(body, at(0))), expected, "{body:?}");
    }
    for (body, name) in [("é", "N"), ("🚲", "N"), ("é", "🚲"), ("🚲", "🚲")] {
        let mut long = text(&body.repeat(400), at(0));
        long.profile_name = Some(name.repeat(300).into());
        let cut = summary(&long);
        let units = cut.encode_utf16().count();
        assert!(units <= SUMMARY_LIMIT, "{units} UTF-16 units: {cut}");
        assert!(cut.starts_with(body) && cut.contains('…'), "{cut}");
    }
}

#[test]
fn debug_output_has_no_customer_in_it() {
    let plan = decide_inbound(&fresh(), &text("secret words", at(0)), &settings(), at(0));
    let request = format!(
        "{:?} {:?}",
        plan.request,
        text("secret words", at(0)).content
    );
    assert!(
        !request.contains("secret") && !request.contains("49151"),
        "{request}"
    );
}

#[test]
fn fields_of_the_owner_take_number_and_name() {
    let settings =
        settings_with("phone_field = \"customfield_1\"\nname_field = \"customfield_2\"\n");
    let fields_of = |message: &InboundMessage| {
        let plan = decide_inbound(&fresh(), message, &settings, at(2));
        let RequestStep::Open(request) = plan.request else {
            panic!("{:?}", plan.request)
        };
        request.more_fields
    };
    let field = |id: &str, value: &str| (id.to_owned(), Private::from(value));
    let mut message = text("Hello", at(0));
    let phone = field("customfield_1", "+4915112345678");
    assert_eq!(
        fields_of(&message),
        [phone.clone(), field("customfield_2", "Ana Lima")]
    );
    message.profile_name = None;
    assert_eq!(fields_of(&message), [phone]);
}

#[test]
fn a_blocked_customer_opens_the_window_and_nothing_else() {
    let settings = settings_with("blocked = [\"+49 151 12345678\"]\n");
    let plan = decide_inbound(&fresh(), &text("Hello", at(0)), &settings, at(2));
    assert_eq!(plan.request, RequestStep::Unwanted(Unwanted::Record));
    assert_eq!((plan.armed, plan.opt_out), (Vec::new(), None));
    assert!(plan.conversation.window_is_open(at(60)));
    assert_eq!(plan.conversation.awaiting_since, None);
    assert_eq!(plan.conversation.opening, None);
}

/// The first attempt released the held replies, and died before it could say so.
#[test]
fn a_message_that_is_answered_begins_no_silence_in_a_second_attempt() {
    let conversation = fresh().in_request(issue());
    let message = text("Still waiting", at(0));
    let first = decide_inbound(&conversation, &message, &settings(), at(2)).conversation;
    assert_eq!(first.awaiting_since, Some(at(0)));
    let second = decide_inbound(&first, &message, &settings(), at(3)).conversation;
    assert_eq!(second, first, "nothing is news");

    let answered = first.answered();
    let again = decide_inbound(&answered, &message, &settings(), at(4)).conversation;
    assert_eq!(again, answered);
    let next = decide_inbound(&answered, &text("And?", at(5)), &settings(), at(6));
    assert_eq!(next.conversation.awaiting_since, Some(at(5)));
}

#[test]
fn a_notice_follows_the_hours() {
    // 2026-09-21 is a Monday; at(0) is 14:13:20 in UTC.
    let settings = settings_with("[number.hours]\nmonday = [\"08:00-14:20\"]\n");
    let due = |sent_at: i64| {
        let plan = decide_inbound(
            &fresh(),
            &text("Hello", at(sent_at)),
            &settings,
            at(sent_at),
        );
        let due_at = plan.conversation.timers.due_at(Timer::DelayNotice);
        (due_at.unwrap() - at(0)).num_seconds()
    };
    assert_eq!(due(-600), 0, "in hours");
    assert_eq!(due(0), 400, "at closing time");
    assert_eq!(due(400), 410, "while closed");
}
