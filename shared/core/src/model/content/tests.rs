mod appearance;
mod properties;
mod whole;

use serde_json::{Value, json};

use super::*;
use crate::model::fate::WhatsappCode;

const SECRET: &str = "secret words";

fn secret() -> String {
    SECRET.to_owned()
}

fn media(kind: MediaKind) -> Media {
    Media {
        kind,
        id: Some("55".to_owned()),
        mime_type: Some("image/jpeg".to_owned()),
        sha256: Some("x".to_owned()),
        file_name: Some(secret()),
        caption: Some(secret()),
        error: None,
    }
}

fn unsupported(kind: Option<&str>, code: i64) -> InboundContent {
    InboundContent::Unsupported(Unsupported {
        kind: kind.map(str::to_owned),
        code: Some(WhatsappCode(code)),
    })
}

/// Returns one of each kind, with Meta's name of the kind and whether it opens the window.
fn one_of_each() -> Vec<(InboundContent, &'static str, bool)> {
    let choice = |kind| {
        InboundContent::Choice(Choice {
            kind,
            title: secret(),
            description: Some(secret()),
            id: Some(secret()),
        })
    };
    let form = |answers| {
        InboundContent::Form(FormAnswers {
            name: Some("flow".to_owned()),
            answers,
        })
    };
    let card = ContactCard {
        name: Some(secret()),
        phones: vec![secret()],
        emails: vec![secret()],
        organisation: Some(secret()),
        addresses: vec![secret()],
        websites: vec![secret()],
        birthday: Some(secret()),
        own_number: Some(PhoneNumber::new(SECRET)),
    };
    let item = OrderItem {
        product: Some(secret()),
        quantity: Amount::new(2.0),
        price: Amount::new(7.5),
        currency: Some("EUR".to_owned()),
    };
    let text = InboundContent::Text { body: secret() };
    let of = || Some(Wamid::new("wamid.1"));
    vec![
        (text.clone(), "text", true),
        (
            InboundContent::Media(media(MediaKind::Image)),
            "image",
            true,
        ),
        (
            InboundContent::Media(media(MediaKind::VoiceNote)),
            "audio",
            true,
        ),
        (
            InboundContent::Location(Location {
                coordinates: Coordinates::new(52.5, -13.4),
                name: Some(secret()),
                address: Some(secret()),
                url: Some(secret()),
            }),
            "location",
            true,
        ),
        (
            InboundContent::Contacts { cards: vec![card] },
            "contacts",
            true,
        ),
        (choice(ChoiceKind::Button), "interactive", true),
        (choice(ChoiceKind::List), "interactive", true),
        (choice(ChoiceKind::TemplateButton), "button", true),
        (
            form(Answers::Fields(vec![(secret(), secret())])),
            "interactive",
            true,
        ),
        (form(Answers::Raw(secret())), "interactive", true),
        (form(Answers::Missing), "interactive", true),
        (
            InboundContent::CallPermission {
                granted: Some(true),
                permanent: false,
                until: DateTime::from_timestamp(1_795_000_000, 0),
            },
            "interactive",
            true,
        ),
        (
            InboundContent::Reaction {
                emoji: Some(secret()),
                to: of(),
            },
            "reaction",
            false,
        ),
        (
            InboundContent::Reaction {
                emoji: None,
                to: None,
            },
            "reaction",
            false,
        ),
        (
            InboundContent::Order(Order {
                note: Some(secret()),
                items: vec![item],
            }),
            "order",
            true,
        ),
        (
            InboundContent::System {
                event: Some("x".to_owned()),
                body: Some(secret()),
            },
            "system",
            false,
        ),
        (
            InboundContent::Edit {
                of: of(),
                now: Some(Box::new(text)),
            },
            "edit",
            false,
        ),
        (
            InboundContent::Edit {
                of: None,
                now: Some(Box::new(InboundContent::Media(media(MediaKind::Video)))),
            },
            "edit",
            false,
        ),
        (InboundContent::Revoke { of: of() }, "revoke", false),
        (unsupported(Some("view_once"), 131_051), "unsupported", true),
        (unsupported(Some("edit"), 131_051), "unsupported", false),
        (unsupported(None, 131_052), "unsupported", true),
        (
            InboundContent::Other {
                kind: "hologram".to_owned(),
            },
            "hologram",
            true,
        ),
        (
            InboundContent::Other {
                kind: "reaction".to_owned(),
            },
            "reaction",
            false,
        ),
    ]
}

#[test]
fn kinds_keep_metas_names_and_only_messages_open_the_window() {
    for (content, kind, opens) in one_of_each() {
        assert_eq!(content.kind(), kind);
        assert_eq!(content.is_from_a_person(), opens, "{kind}");
    }
}

#[test]
fn debug_output_has_no_customer_in_it() {
    for (content, kind, _) in one_of_each() {
        let output = format!("{content:?}");
        assert!(!output.contains("secret"), "{kind}: {output}");
    }
    let context = Context {
        referral: Some(Referral {
            headline: Some(secret().into()),
            ..Referral::default()
        }),
        ..Context::default()
    };
    assert!(!format!("{context:?}").contains("secret"));
    assert!(!format!("{:?}", Coordinates::new(52.5, 13.4)).contains("52"));
}

#[test]
fn every_kind_survives_a_queue() {
    for (content, kind, _) in one_of_each() {
        let json = serde_json::to_string(&content).unwrap();
        let back: InboundContent = serde_json::from_str(&json).unwrap();
        assert!(back == content, "{kind}");
    }
}

/// The content that older functions know.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Before {
    Text { body: String },
    Other { kind: String },
}

#[test]
fn older_and_newer_functions_understand_each_other() {
    for (content, kind, _) in one_of_each() {
        let older: Before = serde_json::from_value(json!(content)).unwrap();
        let expected = match content {
            InboundContent::Text { body } => Before::Text { body },
            _ => Before::Other {
                kind: kind.to_owned(),
            },
        };
        assert_eq!(older, expected);
    }
    let read = |value: Value| serde_json::from_value::<InboundContent>(value).unwrap();
    let text = json!({"type": "text", "body": "hi"});
    let image = json!({"type": "other", "kind": "image"});
    let newer = json!({"type": "other", "kind": "image", "details": {"type": "hologram"}});
    let other = InboundContent::Other {
        kind: "image".to_owned(),
    };
    assert!(
        read(text)
            == InboundContent::Text {
                body: "hi".to_owned()
            }
    );
    assert!(read(image) == other);
    assert!(read(newer) == other);
}

#[test]
fn messages_of_older_functions_have_no_context() {
    let older = json!({
        "phone_number_id": "1065", "wamid": "wamid.1", "from": {"bsuid": "DE.1", "phone": null},
        "sent_at": 1_795_000_000, "content": {"type": "text", "body": "hi"},
    });
    let message: InboundMessage = serde_json::from_value(older.clone()).unwrap();
    assert!(message.context.is_empty());
    assert_eq!(serde_json::to_value(&message).unwrap(), older);
}

#[test]
fn a_message_without_end_ends() {
    let documents = |content: &InboundContent| {
        let documents = content.documents(&Context::default(), &Enrichment::default());
        assert!(
            documents
                .iter()
                .all(|page| page.serialized_len() <= pages::LIMIT)
        );
        documents
    };
    let items = vec![OrderItem::default(); 100_000];
    let order = InboundContent::Order(Order { note: None, items });
    let written = documents(&order);
    assert_eq!(written.len(), 200);
    let last = serde_json::to_string(written.last().unwrap()).unwrap();
    assert!(last.contains("[The message goes on, and is too long to be shown here.]"));
    // Anything that a customer can type stays below that.
    let body = format!("{}end", "a\n".repeat(65_536 / 2));
    let written = documents(&InboundContent::Text { body });
    assert!(written.len() < 100, "{}", written.len());
    let last = serde_json::to_string(written.last().unwrap()).unwrap();
    assert!(last.contains("end"));
}
