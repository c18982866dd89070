//! Every kind of message, from the webhook to what an agent sees.

use casement_core::decide::reply::decide_quotation;
use casement_core::model::adf::Document;
use casement_core::model::comment::Body;
use casement_core::model::content::{AttachedFile, FileOutcome, Quotation};
use casement_core::model::identity::{AccountId, CommentId, PhoneNumber};
use casement_core::model::ledger::{KnownMessage, ReceivedMessage};
use casement_testkit::comment;
use chrono::DateTime;
use serde_json::json;

use super::*;
use crate::fixtures::fixtures_in;

/// Each body in the folder `kinds` has one message. The file of the same name in `kinds/in-jira`
/// has what Jira gets, with the file attached and the earlier message found.
#[test]
fn every_kind_is_readable_in_jira() {
    let cases = fixtures_in("kinds");
    assert_eq!(cases, fixtures_in("kinds/in-jira"));
    for name in cases {
        let parsed = parsed(&fixture(&format!("kinds/{name}")));
        let [message] = &parsed.messages[..] else {
            panic!("{name}: {parsed:?}")
        };
        let expected: Value =
            serde_json::from_slice(&fixture(&format!("kinds/in-jira/{name}"))).unwrap();
        let shown = json!({
            "kind": message.content.kind(),
            "opens_the_window": message.content.is_from_a_person(),
            "first_line": message.content.first_line(),
            "documents": message.documents(&enrichment(message)),
        });
        assert_eq!(shown, expected, "{name}");
    }
}

/// Quotes an agent's comment with these words.
fn quoted(words: &str) -> Option<Quotation> {
    let body = Body::of(&Document::literal(words));
    let comment = comment(CommentId::new("10100"), body, DateTime::UNIX_EPOCH);
    let known = KnownMessage::Received(ReceivedMessage::default());
    decide_quotation(&comment, &AccountId::new("bridge"), &known)
}

fn enrichment(message: &InboundMessage) -> Enrichment {
    Enrichment {
        earlier: message.earlier().and_then(|_| quoted("What did we say?")),
        file: message.content.file().map(|file| {
            FileOutcome::Attached(AttachedFile {
                name: file.attachment_name(&message.wamid).into(),
                media_id: Some("6ee4a2a5-0000-4000-8000-000000000001".to_owned()),
            })
        }),
        rest: None,
        called_at: None,
    }
}

/// The test above compares what Jira gets; this one shows that data that is not shown is kept, too.
#[test]
fn what_is_known_of_a_file_is_kept() {
    let parsed = parsed(&fixture("kinds/document.json"));
    let InboundContent::Media(media) = &parsed.messages[0].content else {
        panic!("{parsed:?}")
    };
    assert_eq!(media.id.as_deref(), Some("1900000000000001"));
    assert_eq!(media.mime_type.as_deref(), Some("application/pdf"));
    assert_eq!(media.sha256.as_deref(), Some("n5y3Zb0b1cVq0o6uJ4w="));
    assert_eq!(media.file_name.as_deref(), Some("Rechnung | März!].pdf"));
    assert_eq!(media.caption.as_deref(), Some("The invoice"));
}

/// Only WhatsApp's word that the card answers a request makes a number the customer's own.
#[test]
fn the_customers_own_number_is_told_from_other_cards() {
    let own = json!({"phone": "+49 151 12345678", "wa_id": "4915112345678", "type": "CELL"});
    let other = json!({"phone": "+49 151 87654321", "wa_id": "4915187654321"});
    let answer = |phones: Value| json!([{"origin": "contact_request", "phones": phones}]);
    let number = Some("4915112345678");
    for (cards, expected) in [
        (answer(json!([own])), number),
        (answer(json!([own, own])), number),
        (answer(json!([{"wa_id": "4915112345678"}])), number),
        (answer(json!([{"phone": "+49 151 12345678"}])), number),
        (
            json!([{"origin": "contact_request", "name": {"formatted_name": "Ana"}, "phones": [own]}]),
            number,
        ),
        // WhatsApp's spelling counts.
        (
            answer(json!([{"phone": "+55 11 91234 5678", "wa_id": "551112345678"}])),
            Some("551112345678"),
        ),
        (answer(json!([own, other])), None),
        (answer(json!([own, {"type": "CELL"}])), None),
        (answer(json!([{"phone": "0151 12345678"}])), None),
        (answer(json!([{"phone": "call me", "wa_id": "x"}])), None),
        (answer(json!([{"wa_id": "123"}])), None),
        (answer(json!([])), None),
        (answer(json!("+4915112345678")), None),
        (json!([{"origin": "other", "phones": [own]}]), None),
        (
            json!([{"origin": ["contact_request"], "phones": [own]}]),
            None,
        ),
        (json!([{"origin": null, "phones": [own]}]), None),
        (json!([{"phones": [own]}]), None),
        (
            json!([{"origin": "contact_request", "phones": [own]}, {"origin": "other", "phones": [other]}]),
            None,
        ),
    ] {
        let mut body: Value = serde_json::from_slice(&fixture("kinds/contacts.json")).unwrap();
        let shared = body.pointer_mut("/entry/0/changes/0/value/messages/0/contacts");
        *shared.unwrap() = cards.clone();
        let parsed = parsed(body.to_string().as_bytes());
        let found = parsed.messages[0].content.own_number();
        assert_eq!(found.map(PhoneNumber::as_str), expected, "{cards}");
    }
}

#[test]
fn a_card_with_nothing_but_an_address_is_shown() {
    for (address, shown) in [
        (
            json!({"street": "Hauptstr. 1", "zip": "50667", "city": "Köln", "country": "Deutschland"}),
            "Hauptstr. 1, 50667 Köln, Deutschland",
        ),
        (
            json!({"city": "Austin", "state": "Texas", "country_code": "us"}),
            "Austin, Texas, us",
        ),
        (json!({"country": "Chile"}), "Chile"),
    ] {
        let mut body: Value = serde_json::from_slice(&fixture("kinds/contacts.json")).unwrap();
        let cards = body.pointer_mut("/entry/0/changes/0/value/messages/0/contacts");
        *cards.unwrap() = json!([{"addresses": [address]}]);
        let parsed = parsed(body.to_string().as_bytes());
        let message = &parsed.messages[0];
        let documents = json!(message.documents(&enrichment(message))).to_string();
        assert!(documents.contains(shown), "{documents}");
    }
}
