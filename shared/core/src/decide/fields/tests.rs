use super::*;
use crate::model::conversation::HeldNoMore;
use crate::model::identity::{
    ConversationKey, CustomerIdentity, IssueRef, PhoneNumber, PhoneNumberId,
};
use crate::settings::Settings;

const WINDOW: &str = "customfield_1";
const WAITING: &str = "customfield_2";
const HELD: &str = "customfield_3";

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap() + Duration::minutes(minutes)
}

fn issue(id: &str) -> IssueRef {
    IssueRef {
        id: IssueId::new(id),
        key: format!("SUP-{id}"),
    }
}

/// The settings of the number, with these fields.
fn number(fields: &[&str]) -> NumberSettings {
    let key = |field: &&str| match *field {
        WINDOW => "window_field",
        WAITING => "waiting_field",
        _ => "held_field",
    };
    let lines = fields
        .iter()
        .map(|field| format!("{} = \"{field}\"\n", key(field)));
    let document = format!(
        "[[number]]\nphone_number_id = \"1065\"\nservice_desk_id = \"1\"\nrequest_type_id = \"10\"\n{}",
        lines.collect::<String>()
    );
    let settings = Settings::from_toml(&document).unwrap();
    settings
        .number(&PhoneNumberId::new("1065"))
        .unwrap()
        .clone()
}

fn all() -> NumberSettings {
    number(&[WINDOW, WAITING, HELD])
}

/// A conversation in request 1, with a customer who waits since -5 and a window that ends at 0.
fn waiting() -> Conversation {
    let phone = PhoneNumber::new("49151");
    let mut conversation = Conversation::new(
        ConversationKey::new(&PhoneNumberId::new("1065"), "49151"),
        CustomerIdentity::new(None, Some(phone)).unwrap(),
    );
    conversation.issue = Some(issue("1"));
    conversation.window_expires_at = Some(at(0));
    conversation.last_inbound_at = Some(at(-1440));
    conversation.awaiting_since = Some(at(-5));
    conversation
}

/// The same, as the request shows it.
fn shown() -> Conversation {
    showing(waiting(), &waiting(), Some(&all()), at(-4))
}

/// Returns what is written into request 1.
fn written(conversation: &Conversation, number: &NumberSettings) -> Vec<(String, FieldValue)> {
    let mut writes = fields_to_write(conversation, number);
    assert!(writes.len() < 2, "{writes:?}");
    writes.pop().map_or_else(Vec::new, |write| {
        assert_eq!(write.issue_id, IssueId::new("1"));
        write.fields
    })
}

fn time(field: &str, minutes: i64) -> (String, FieldValue) {
    (field.to_owned(), FieldValue::Time(Some(at(minutes))))
}

fn nobody() -> (String, FieldValue) {
    (WAITING.to_owned(), FieldValue::Time(None))
}

fn held(count: u32) -> (String, FieldValue) {
    (HELD.to_owned(), FieldValue::Count(count))
}

fn due_at(conversation: &Conversation) -> Option<DateTime<Utc>> {
    conversation.timers.due_at(Timer::WindowField)
}

#[test]
fn a_request_that_shows_nothing_gets_all_that_the_owner_has_fields_for() {
    let everything = [time(WAITING, -5), held(0), time(WINDOW, 0)];
    assert_eq!(written(&waiting(), &all()), everything);
    for (fields, expected) in [
        (&[WINDOW][..], vec![time(WINDOW, 0)]),
        (&[WAITING], vec![time(WAITING, -5)]),
        (&[HELD], vec![held(0)]),
        (&[], vec![]),
    ] {
        let number = number(fields);
        assert_eq!(written(&waiting(), &number), expected, "{fields:?}");
        let mut conversation = waiting();
        arm_fields(&mut conversation, Wanted::by(&number), at(1));
        assert_eq!(due_at(&conversation).is_some(), !fields.is_empty());
        // What a request does not show needs no care.
        let after = showing(waiting(), &waiting(), Some(&number), at(2)).answered();
        let after = with_fields_armed(after, at(3));
        let shows_wait = fields.iter().any(|field| *field != WINDOW);
        assert_eq!(due_at(&after).is_some(), shows_wait, "{fields:?}");
    }
}

#[test]
fn only_what_changed_is_written() {
    assert_eq!(written(&shown(), &all()), []);
    let answered = shown().answered();
    assert_eq!(written(&answered, &all()), [nobody()]);
    let mut late = shown().answered_with(at(10), true);
    late.held_count = 1;
    assert_eq!(written(&late, &all()), [nobody(), held(1)]);
    let late = showing(late.clone(), &late, Some(&all()), at(11));
    let received = late.clone().with_one_held_less(HeldNoMore::Received);
    assert_eq!(written(&received, &all()), [held(0)]);
    let given_up = late.with_one_held_less(HeldNoMore::NoAnswer { answer_left: false });
    assert_eq!(written(&given_up, &all()), [time(WAITING, -5), held(0)]);
}

#[test]
fn the_end_that_is_shown_is_never_too_late() {
    for (ends, expected) in [(0, false), (9, false), (10, true), (600, true), (-1, true)] {
        let mut conversation = shown();
        conversation.window_expires_at = Some(at(ends));
        let expected: Vec<_> = expected.then(|| time(WINDOW, ends)).into_iter().collect();
        assert_eq!(written(&conversation, &all()), expected, "{ends}");
    }
}

#[test]
fn a_burst_is_written_once() {
    let mut conversation = shown();
    for minute in [20, 21, 22] {
        conversation.window_expires_at = Some(at(minute));
        conversation = with_fields_armed(conversation, at(minute));
        assert_eq!(due_at(&conversation), Some(at(20) + AFTER), "{minute}");
    }
}

#[test]
fn another_request_and_metas_word_are_shown_at_once() {
    let moved = shown().in_request(issue("2"));
    let [former, new] = &fields_to_write(&moved, &all())[..] else {
        panic!("two requests are to be written");
    };
    // Nobody waits in the former request any more.
    assert_eq!(former.issue_id, IssueId::new("1"));
    assert_eq!(former.fields, [nobody()]);
    assert_eq!(new.issue_id, IssueId::new("2"));
    assert_eq!(new.fields, [time(WAITING, -5), held(0), time(WINDOW, 0)]);
    assert_eq!(due_at(&moved), moved.last_inbound_at);
    let settled = showing(moved.clone(), &moved, Some(&all()), at(1));
    assert_eq!(fields_to_write(&settled, &all()), []);

    let closed = shown().closed_by_meta(at(-600));
    assert_eq!(written(&closed, &all()), [time(WINDOW, -600)]);
    assert_eq!(due_at(&closed), Some(at(-600)));
    // Nothing is shown unless the owner asked for it.
    let plain = waiting().in_request(issue("2")).closed_by_meta(at(-600));
    assert_eq!(plain.timers.next(), None);
}

#[test]
fn what_changes_while_it_is_written_is_written_again() {
    let before = waiting();
    let mut current = before.clone().answered();
    current.window_expires_at = Some(at(30));
    let after = showing(current, &before, Some(&all()), at(1));
    assert_eq!(due_at(&after), Some(at(1) + AFTER));
    assert_eq!(written(&after, &all()), [nobody(), time(WINDOW, 30)]);
}

#[test]
fn fields_that_the_owner_gave_up_are_forgotten() {
    let without = showing(shown(), &shown(), None, at(1));
    assert_eq!((without.shown_window, without.shown_wait), (None, None));
    let of_window = showing(shown(), &shown(), Some(&number(&[WINDOW])), at(1));
    assert!(of_window.shown_window.is_some() && of_window.shown_wait.is_none());
    // The wait alone is not the held replies, but both are known.
    let of_held = showing(shown(), &shown(), Some(&number(&[HELD])), at(1));
    assert_eq!(written(&of_held.answered(), &number(&[HELD])), []);
}

#[test]
fn what_earlier_versions_stored_is_read() {
    let mut stored = serde_json::to_value(shown()).unwrap();
    let members = stored.as_object_mut().unwrap();
    members.remove("shown_wait");
    let read: Conversation = serde_json::from_value(stored).unwrap();
    assert_eq!(read.shown_wait, None);
    // The window alone is no reason to care for the wait.
    let answered = with_fields_armed(read.answered(), at(1));
    assert_eq!(due_at(&answered), None);
}
