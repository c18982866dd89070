mod damage;
mod kinds;
mod words;

use casement_core::model::content::{Context, Enrichment, InboundContent};
use casement_core::model::fate::WhatsappCode;
use casement_core::model::identity::{Bsuid, CustomerIdentity, PhoneNumber, Wamid};
use casement_core::model::status::Delivery;

use super::*;
use crate::fixtures::{fixture, signed};

/// When the fixtures' messages were sent, and when they are received.
const SENT: i64 = 1_794_999_000;
const RECEIVED: i64 = SENT + 60;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn parsed(body: &[u8]) -> Parsed {
    parse(signed(body), at(RECEIVED)).unwrap()
}

fn skipped(parsed: &Parsed) -> Vec<(&'static str, usize)> {
    let words = parsed.skipped.iter();
    words.map(|s| (s.reason.as_str(), s.count)).collect()
}

/// A message in one line.
fn line(message: &InboundMessage) -> String {
    let content = match &message.content {
        InboundContent::Text { body } => format!("{body:?}"),
        content => content.kind().to_owned(),
    };
    format!(
        "{} {} +{} {} {}: {content}",
        message.wamid.as_str(),
        message.from.phone().map_or("-", PhoneNumber::as_str),
        message.sent_at.timestamp() - SENT,
        message.from.bsuid().map_or("-", Bsuid::as_str),
        message.profile_name.as_deref().unwrap_or("-"),
    )
}

fn lines(parsed: &Parsed) -> Vec<String> {
    parsed.messages.iter().map(line).collect()
}

#[test]
fn a_text_is_read_whole() {
    let phone = PhoneNumber::new("4915112345678");
    let from = CustomerIdentity::new(Some(Bsuid::new("DE.1001")), Some(phone)).unwrap();
    assert_eq!(
        parsed(&fixture("text.json")),
        Parsed {
            messages: vec![InboundMessage {
                phone_number_id: PhoneNumberId::new("106540352242922"),
                wamid: Wamid::new("wamid.TEXT"),
                from,
                via: Via::Direct,
                profile_name: Some("Ana Beispiel".to_owned().into()),
                sent_at: at(SENT),
                content: InboundContent::Text {
                    body: "Grüße aus Köln / alles gut? 🚲".to_owned()
                },
                context: Context {
                    reply_to: Some(Wamid::new("wamid.OURS")),
                    ..Context::default()
                },
            }],
            ..Parsed::default()
        }
    );
}

#[test]
fn senders_and_times_are_read_in_every_spelling() {
    for (name, expected) in [
        (
            "text_bsuid_only.json",
            r#"wamid.BSUID - +0 DE.2002 Ben: "no number""#,
        ),
        (
            "text_bsuid_in_from.json",
            r#"wamid.ODD - +0 DE.3003 -: "no contacts""#,
        ),
        (
            "text_plus_and_milliseconds.json",
            r#"wamid.PLUS 4915112345678 +0 - -: "plus""#,
        ),
        (
            "text_without_contact_names.json",
            r#"wamid.NAMELESS 4915112345678 +0 - -: "hi""#,
        ),
    ] {
        let parsed = parsed(&fixture(name));
        assert_eq!(lines(&parsed), [expected], "{name}");
        assert_eq!(skipped(&parsed), [], "{name}");
    }
}

#[test]
fn a_change_of_number_is_no_message() {
    let parsed = parsed(&fixture("system_number_change.json"));
    assert_eq!((lines(&parsed), skipped(&parsed)), (vec![], vec![]));
    let change = &parsed.identity_changes[0];
    assert_eq!(change.wamid, Wamid::new("wamid.SYSTEM"));
    let phone = |identity: &CustomerIdentity| identity.phone().unwrap().as_str().to_owned();
    assert_eq!(phone(&change.former), "4915112345678");
    assert_eq!(phone(&change.new), "4915187654321");
}

#[test]
fn a_change_of_id_needs_no_sender() {
    let parsed = parsed(&fixture("system_id_change_without_sender.json"));
    assert_eq!((lines(&parsed), skipped(&parsed)), (vec![], vec![]));
    let change = &parsed.identity_changes[0];
    let bsuid = |identity: &CustomerIdentity| identity.bsuid().unwrap().as_str().to_owned();
    assert_eq!(
        (bsuid(&change.former), bsuid(&change.new)),
        ("DE.4".into(), "DE.5".into())
    );
}

#[test]
fn half_an_emoji_costs_nothing() {
    assert_eq!(
        lines(&parsed(&fixture("text_half_emoji.json"))),
        [
            "wamid.HALF 4915112345678 +0 DE.1001 Half \u{FFFD}: \"all here\"",
            "wamid.WHOLE 4915112345678 +0 DE.1001 Half \u{FFFD}: \"🚲\"",
        ]
    );
}

#[test]
fn a_repetition_is_dropped_and_another_text_under_one_id_is_kept() {
    let parsed = parsed(&fixture("one_id_several_times.json"));
    assert_eq!(
        lines(&parsed),
        [
            r#"wamid.1 4915112345678 +0 DE.1001 Ana Beispiel: "first""#,
            r#"wamid.1#2 4915112345678 +0 DE.1001 Ana Beispiel: "second""#,
            r#"wamid.2 4915112345678 +0 DE.1001 Ana Beispiel: "first""#,
            "wamid.1#3 4915112345678 +0 DE.1001 Ana Beispiel: image",
        ]
    );
    // The first and the second once more, one of them with another time.
    assert_eq!(skipped(&parsed), [("repeated", 2)]);
}

#[test]
fn a_bad_item_does_not_cost_its_neighbours() {
    let parsed = parsed(&fixture("batch_with_bad_neighbours.json"));
    assert_eq!(
        lines(&parsed),
        [
            r#"wamid.A1 4915112345678 +0 DE.1001 Ana Beispiel: "first""#,
            r#"wamid.A2 4915187654321 +0 DE.1002 Cem: "second""#,
            r#"wamid.A5 4915112345678 +60 DE.1001 Ana Beispiel: "bad time""#,
            r#"wamid.A1#2 4915112345678 +0 DE.1001 Ana Beispiel: "a repetition""#,
            r#"wamid.B2 4915112345678 +0 - -: "to another number""#,
            r#"wamid.C1 4915112345678 +0 - -: "a later entry""#,
        ]
    );
    let statuses: Vec<_> = parsed.statuses.iter().map(|s| s.wamid.as_str()).collect();
    assert_eq!(statuses, ["wamid.OURS1", "wamid.OURS2"]);
    assert_eq!(
        skipped(&parsed),
        [
            // Three in the list of messages, three entries, five changes and a status.
            ("unreadable", 12),
            ("no_id", 3),
            ("no_sender", 1),
            ("no_number", 1),
            ("group", 1),
        ]
    );
}

#[test]
fn statuses_say_what_happened_and_why() {
    let parsed = parsed(&fixture("statuses.json"));
    let failed = |code| Delivery::Failed(Some(WhatsappCode(code)));
    let seen: Vec<_> = parsed
        .statuses
        .iter()
        .map(|s| {
            (
                s.wamid.as_str(),
                s.delivery,
                s.callback.as_deref(),
                s.at.timestamp() - SENT,
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("wamid.1", Delivery::Sent, Some("comment:10501/0"), 0),
            ("wamid.2", Delivery::Delivered, Some("comment:10501/1"), 0),
            ("wamid.3", Delivery::Read, None, 0),
            ("wamid.4", Delivery::Read, None, 0),
            ("wamid.5", failed(131_047), Some("comment:10502/0"), 0),
            ("wamid.6", failed(131_026), None, 0),
            ("wamid.7", Delivery::Failed(None), None, 0),
            ("wamid.8", Delivery::Failed(None), None, 0),
            ("wamid.12", Delivery::Sent, None, 60),
            // Without contacts and without a recipient, as failures come; then a notice.
            ("wamid.13", failed(131_026), Some("comment:10503/0"), 0),
            (
                "wamid.14",
                Delivery::Read,
                Some("notice:0123456789abcdef0123:7/0"),
                0
            ),
        ]
    );
    assert_eq!(skipped(&parsed), [("no_id", 1), ("unknown_status", 3)]);
}

#[test]
fn what_is_not_for_us_is_counted() {
    for (name, expected) in [
        (
            "other_fields.json",
            vec![
                ("unreadable", 1),
                ("no_sender", 2),
                ("number_error", 1),
                ("other_field", 1),
            ],
        ),
        ("calls.json", vec![("unreadable", 1), ("no_sender", 2)]),
        ("request_welcome.json", vec![("welcome", 1)]),
        ("dashboard_sample_unwrapped.json", vec![("unreadable", 1)]),
        ("another_product.json", vec![("other_object", 1)]),
        ("entry_is_an_object.json", vec![("unreadable", 1)]),
        ("top_level_list.json", vec![("unreadable", 1)]),
        ("nothing.json", vec![("unreadable", 1)]),
    ] {
        let parsed = parsed(&fixture(name));
        assert_eq!(skipped(&parsed), expected, "{name}");
        assert!(
            parsed.messages.is_empty() && parsed.statuses.is_empty(),
            "{name}"
        );
    }
}

#[test]
fn what_is_not_json_is_an_error_that_quotes_nothing() {
    let deep = "[".repeat(10_000);
    for body in [
        "",
        "not json from +4915112345678",
        "{\"entry\":[",
        "\u{0}",
        &*deep,
    ] {
        assert_eq!(parse(signed(body.as_bytes()), at(RECEIVED)), Err(NotJson));
    }
}

#[test]
fn debug_output_has_no_message_in_it() {
    let parsed = parsed(&fixture("text.json"));
    let output = format!("{parsed:?} {:?}", signed(b"Ana"));
    assert_eq!(
        output,
        "Parsed { messages: 1, identity_changes: 0, statuses: 0, template_changes: [], account_events: [], unknown_fields: {}, skipped: [] } Verified(..)"
    );
}
