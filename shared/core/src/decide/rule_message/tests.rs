use super::*;
use crate::decide::reply::tests::comment;
use crate::model::identity::{
    CommentId, ConversationKey, CustomerIdentity, PhoneNumber, PhoneNumberId,
};

const LIMIT: usize = 3;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

fn idle() -> Conversation {
    let phone = PhoneNumber::new("49151");
    Conversation::new(
        ConversationKey::new(&PhoneNumberId::new("1065"), "49151"),
        CustomerIdentity::new(None, Some(phone)).unwrap(),
    )
}

fn waiting() -> Conversation {
    let mut conversation = idle();
    conversation.awaiting_since = Some(at(0));
    conversation.notice_state = NoticeState::Armed;
    conversation.timers.set(Timer::DelayNotice, at(1_800));
    conversation
}

fn message(id: &str, words: &str, seconds: i64) -> RuleMessage {
    let comment = Comment {
        id: CommentId::new(id),
        body: serde_json::json!(words).into(),
        ..comment()
    };
    rule_message(&idle(), &comment, at(seconds))
}

fn after(conversation: Conversation, messages: &[RuleMessage]) -> Conversation {
    messages.iter().fold(conversation, |so_far, message| {
        admitting(so_far, message, LIMIT)
    })
}

#[test]
fn the_same_words_go_out_once_in_a_wait() {
    let first = message("1", "We got it", 10);
    let told = after(waiting(), std::slice::from_ref(&first));
    let decide = |message: &RuleMessage| decide_rule_message(&told, message, LIMIT);
    assert_eq!(decide(&first), Ok(()), "the same comment, once more");
    let again = message("2", "We got it", 86_400);
    assert_eq!(decide(&again), Err(KeptBack::Repeated));
    assert_eq!(decide(&message("3", "We are on it", 20)), Ok(()));
    assert_eq!(
        after(told.clone(), std::slice::from_ref(&again)),
        told,
        "nothing is kept of it"
    );
    let answered = told.clone().answered();
    assert_eq!(decide_rule_message(&answered, &again, LIMIT), Ok(()));
    let elsewhere = ConversationKey::new(&PhoneNumberId::new("1065"), "49152");
    let elsewhere = comment().body.digest_in(&elsewhere);
    assert_ne!(comment().body.digest_in(&told.key), elsewhere);
}

#[test]
fn words_that_never_went_out_may_go_out_in_another_comment() {
    let first = message("1", "It was shipped", 10);
    let held = after(waiting(), std::slice::from_ref(&first));
    let withdrawn = unsent(held, &first.comment);
    let again = message("2", "It was shipped", 20);
    assert_eq!(decide_rule_message(&withdrawn, &again, LIMIT), Ok(()));
}

#[test]
fn a_loop_ends_at_the_limit() {
    let all: Vec<_> = (0..5)
        .map(|number| message(&number.to_string(), &format!("No. {number}"), number))
        .collect();
    let full = after(waiting(), &all);
    assert_eq!(full.rules.admitted, all[..LIMIT]);
    let decide = |message| decide_rule_message(&full, message, LIMIT);
    assert_eq!(decide(&all[0]), Ok(()), "let through before");
    assert_eq!(decide(&all[4]), Err(KeptBack::TooMany));
    assert_eq!(
        decide_rule_message(&full, &all[4], 4),
        Ok(()),
        "a higher limit"
    );
}

#[test]
fn while_nobody_waits_messages_count_for_an_hour() {
    let told = after(idle(), &[message("1", "It is done", 0)]);
    let again = |seconds| message("2", "It is done", seconds);
    let decide = |message: &RuleMessage| decide_rule_message(&told, message, LIMIT);
    assert_eq!(decide(&again(3_599)), Err(KeptBack::Repeated));
    assert_eq!(decide(&again(3_600)), Ok(()));
    let later = admitting(told.clone(), &again(3_600), LIMIT);
    assert_eq!(
        later.rules.admitted,
        [again(3_600)],
        "what no longer counts goes"
    );
}

#[test]
fn nothing_automatic_goes_out_after_stop() {
    let first = message("1", "We got it", 10);
    let mut told = after(waiting(), std::slice::from_ref(&first));
    told.opted_out = true;
    let decided = decide_rule_message(&told, &first, LIMIT);
    assert_eq!(decided, Err(KeptBack::OptedOut));
    let words: Vec<_> = [KeptBack::Repeated, KeptBack::TooMany, KeptBack::OptedOut]
        .map(KeptBack::as_str)
        .into();
    assert_eq!(words, ["repeated", "too_many", "opted_out"]);
}

#[test]
fn the_customer_is_told_and_still_waits() {
    let told = told_by_rule(waiting(), at(10), Some(at(20)));
    assert_eq!(told.awaiting_since, Some(at(0)));
    assert_eq!(told.rules.sent_at, Some(at(20)));
    assert_eq!(told.notice_state, NoticeState::Skipped);
    assert_eq!(told.timers.due_at(Timer::DelayNotice), None);
    assert!(is_due(&waiting()) && !is_due(&told));
    let seen_again = told_by_rule(told.clone(), at(10), None);
    assert_eq!(seen_again.rules.sent_at, Some(at(20)));
    let seen_late = told_by_rule(waiting(), at(10), None);
    assert_eq!(seen_late.rules.sent_at, Some(at(10)));
    let before = told_by_rule(waiting(), at(-1), Some(at(20)));
    assert_eq!(before, waiting(), "written before the customer's message");
    let mut noticed = waiting();
    noticed.notice_state = NoticeState::Sent;
    let told = told_by_rule(noticed, at(10), Some(at(20)));
    assert_eq!(
        told.notice_state,
        NoticeState::Sent,
        "a notice went out before"
    );
    assert!(told.answered().rules.is_empty());
}

#[test]
fn only_apps_write_notices_unless_the_owner_says_otherwise() {
    let settings = |more: &str| {
        let ids = "phone_number_id = \"1\"\nservice_desk_id = \"2\"\nrequest_type_id = \"3\"";
        crate::settings::Settings::from_toml(&format!("[[number]]\n{ids}\n{more}\n")).unwrap()
    };
    for (more, account, expected) in [
        ("", AccountType::App, true),
        ("", AccountType::Person, false),
        ("automation_comments = \"notice\"", AccountType::App, true),
        ("automation_comments = \"answer\"", AccountType::App, false),
    ] {
        let settings = settings(more);
        let number = settings.numbers().first();
        assert_eq!(is_notice(account, number), expected, "{more} {account:?}");
    }
    assert!(is_notice(AccountType::App, None));
}
