use chrono::Duration;
use serde_json::json;

use super::*;
use crate::model::comment::{AccountType, Body};
use crate::model::conversation::NoticeState;
use crate::model::identity::{
    CommentId, ConversationKey, CustomerIdentity, PhoneNumber, PhoneNumberId,
};
use crate::model::timer::Timer;
use crate::text::{MediaSource, Site};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

fn document(text: &str) -> Body {
    json!({"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": text}]}]})
    .into()
}

/// A comment that is sent: the fixture for tests of decisions about comments.
pub(crate) fn comment() -> Comment {
    Comment {
        id: CommentId::new("10100"),
        author: AccountId::new("agent"),
        account_type: AccountType::Person,
        author_name: None,
        parent: None,
        public: Some(true),
        jsd_public: Some(true),
        restricted: false,
        written_by_us: false,
        site: Some(Site::at("help.example".into())),
        created: at(0),
        updated: at(0),
        body: document("Hello"),
    }
}

fn conversation() -> Conversation {
    let phone = PhoneNumber::new("4915112345678");
    let mut conversation = Conversation::new(
        ConversationKey::new(&PhoneNumberId::new("1065"), phone.as_str()),
        CustomerIdentity::new(None, Some(phone)).unwrap(),
    );
    conversation.window_expires_at = Some(at(3600));
    conversation
}

fn decide_in(comment: &Comment, mode: &ReplyMode, now: i64) -> ReplyDecision {
    let own_account = AccountId::new("bridge");
    decide_reply(comment, &own_account, &conversation(), mode, at(now))
}

fn decide(comment: &Comment, now: i64) -> ReplyDecision {
    decide_in(comment, &ReplyMode::default(), now)
}

#[test]
fn only_what_is_plainly_public_goes_out() {
    let ignore = ReplyDecision::Ignore;
    for (name, change, expected) in [
        (
            "JSM says internal",
            (|c| c.public = Some(false)) as fn(&mut Comment),
            ignore(IgnoreReason::NotPublic),
        ),
        (
            "JSM says nothing",
            |c| c.public = None,
            ignore(IgnoreReason::NotPublic),
        ),
        (
            "platform says internal",
            |c| c.jsd_public = Some(false),
            ignore(IgnoreReason::NotPublic),
        ),
        (
            "role restricted",
            |c| c.restricted = true,
            ignore(IgnoreReason::Restricted),
        ),
        (
            "our account",
            |c| c.author = AccountId::new("bridge"),
            ignore(IgnoreReason::Own),
        ),
        (
            "our mark",
            |c| c.written_by_us = true,
            ignore(IgnoreReason::Own),
        ),
        (
            "no text",
            |c| c.body = document(""),
            ReplyDecision::NothingToSend,
        ),
        (
            "a command",
            |c| c.body = document("/Cancel."),
            ReplyDecision::Command("/cancel"),
        ),
        (
            "an internal command",
            |c| (c.body, c.public) = (document("/cancel"), Some(false)),
            ignore(IgnoreReason::NotPublic),
        ),
    ] {
        let mut comment = comment();
        change(&mut comment);
        assert_eq!(decide(&comment, 0), expected, "{name}");
    }
    let mut silent_platform = comment();
    silent_platform.jsd_public = None;
    for comment in [comment(), silent_platform] {
        assert_eq!(
            decide(&comment, 0),
            ReplyDecision::Send(Sending {
                recipient: Recipient::Phone(PhoneNumber::new("4915112345678")),
                in_answer_to: None,
                parts: vec!["Hello".to_owned()].into(),
                files: Vec::new().into(),
                left_out: Vec::new(),
                by_rule: false,
            })
        );
    }
}

#[test]
fn free_text_never_leaves_a_closed_window() {
    for now in [3600 - 60, 90_000] {
        let decision = decide(&comment(), now);
        assert!(matches!(decision, ReplyDecision::Hold(_)), "{decision:?}");
    }
    assert!(matches!(
        decide(&comment(), 3600 - 61),
        ReplyDecision::Send(_)
    ));
}

#[test]
fn files_go_along() {
    let mut comment = comment();
    let mut body = comment.body.written().clone();
    body["content"]
        .as_array_mut()
        .unwrap()
        .push(json!({"type": "mediaSingle", "content": [{"type": "media", "attrs": {"id": "x"}}]}));
    comment.body = body.into();
    let ReplyDecision::Send(sending) = decide(&comment, 0) else {
        panic!("not sent")
    };
    let source = MediaSource::Media("x".to_owned());
    assert!(sending.files[..] == [MediaRef { source, alt: None }]);
}

#[test]
fn the_text_is_made_for_whatsapp_and_for_customers() {
    let mut comment = comment();
    comment.body = json!({"type": "doc", "content": [{"type": "paragraph", "content": [
        {"type": "text", "text": "Done", "marks": [{"type": "strong"}]},
        {"type": "text", "text": ": https://help.example/browse/AB-1"}]}]})
    .into();
    let ReplyDecision::Send(sending) = decide(&comment, 0) else {
        panic!("not sent")
    };
    assert_eq!(sending.parts[..], ["*Done*: AB-1"]);
}

#[test]
fn a_name_stands_before_the_text_and_counts() {
    let named = ReplyMode {
        named: true,
        in_answer_to: None,
        by_rule: false,
    };
    let parts = |comment: &Comment, mode: &ReplyMode| match decide_in(comment, mode, 0) {
        ReplyDecision::Send(sending) => sending.parts,
        other => panic!("{other:?}"),
    };
    let mut comment = comment();
    comment.author_name = Some("Ben *Okafor*".into());
    assert_eq!(parts(&comment, &named)[..], ["*Ben Okafor:*\nHello"]);
    assert_eq!(parts(&comment, &ReplyMode::default())[..], ["Hello"]);
    comment.body = document(&"word ".repeat(819));
    assert_eq!(parts(&comment, &ReplyMode::default()).len(), 1);
    let long = parts(&comment, &named);
    assert!(long[0].starts_with("(1/2)\n*Ben Okafor:*\nword"));
    assert!(long[1].starts_with("(2/2)\nword"));
    assert!(long.iter().all(|part| part.encode_utf16().count() <= 4096));
    // Files alone have no text for a name to precede.
    comment.body = json!({"type": "doc", "version": 1, "content": [
        {"type": "mediaSingle", "content": [{"type": "media", "attrs": {"id": "x"}}]}]})
    .into();
    assert!(parts(&comment, &named).is_empty());
}

#[test]
fn an_answer_ends_the_silence_but_not_a_later_one() {
    let waiting_since = |since| {
        let mut conversation = conversation();
        conversation.awaiting_since = Some(at(since));
        conversation.notice_state = NoticeState::Armed;
        for timer in [Timer::DelayNotice, Timer::KeepOpen, Timer::AgentAlert] {
            let due_at = at(since) + Duration::minutes(10);
            conversation.timers.set(timer, due_at);
        }
        conversation
    };
    for (since, answered) in [(-10, true), (0, true), (10, false)] {
        let after = answered_by(waiting_since(since), comment().created, false);
        assert_eq!(after.awaiting_since.is_none(), answered, "{since}");
        assert_eq!(after.timers.next().is_none(), answered);
    }
}
