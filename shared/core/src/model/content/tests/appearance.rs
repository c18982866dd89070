//! The appearance of messages. The kinds that WhatsApp sends are tested with the webhook's reader;
//! these tests cover lengths and rare values.

mod earlier;

use super::*;
use crate::model::adf::schema;

/// Shows the documents as agents see them: one line per line, `*` around our emphasis, `|` between
/// cells.
fn picture(documents: &[Document]) -> Vec<String> {
    let mut lines = Vec::new();
    for document in documents {
        let value = serde_json::to_value(document).unwrap();
        for block in value["content"].as_array().unwrap() {
            match block["type"].as_str().unwrap() {
                "table" => lines.extend(nodes(block).map(|row| {
                    let cells: Vec<_> = nodes(row).map(|cell| words(&cell["content"][0])).collect();
                    cells.join(" | ")
                })),
                "blockquote" => lines.extend(nodes(block).map(|p| format!("> {}", words(p)))),
                _ => lines.push(words(block)),
            }
        }
    }
    lines
}

fn nodes(value: &Value) -> impl Iterator<Item = &Value> {
    value["content"].as_array().unwrap().iter()
}

fn words(paragraph: &Value) -> String {
    nodes(paragraph)
        .map(|inline| match inline["text"].as_str() {
            Some(text) if inline["marks"][0]["type"] == "em" => format!("*{text}*"),
            Some(text) => text.to_owned(),
            None => "/".to_owned(),
        })
        .collect()
}

fn shown(content: &InboundContent) -> Vec<String> {
    picture(&content.documents(&Context::default(), &Enrichment::default()))
}

#[test]
fn placeholders_say_what_came_and_not_what_to_do() {
    for (kind, code, says) in [
        (Some("edit"), 131_051, "changed an earlier message"),
        (Some("poll_creation"), 131_051, "sent a poll"),
        (Some("poll_update"), 131_051, "voted in a poll"),
        (Some("view_once"), 131_051, "viewed only once"),
        (Some("gif"), 131_051, "picture or a file"),
        (Some("location"), 131_051, "perhaps a live one"),
        (
            Some("product"),
            131_051,
            "of type product that WhatsApp does not pass on",
        ),
        (None, 131_051, "a message that WhatsApp does not pass on"),
        (None, 131_052, "larger than 100 MB"),
        (Some("image"), 131_052, "picture or a file"),
        (None, 131_060, "cannot show to us at present"),
        (None, 99, "(WhatsApp code 99)"),
    ] {
        let lines = shown(&unsupported(kind, code));
        let [line] = &lines[..] else {
            panic!("{lines:?}")
        };
        assert!(line.contains(says), "{kind:?} {code}: {line}");
        assert!(
            line.starts_with("*[The customer") && line.ends_with("]*"),
            "{line}"
        );
        assert!(!line.contains("  "), "{line}");
        for to_agents in ["lease", "ask", "does not see", "another way"] {
            assert!(!line.contains(to_agents), "{line}");
        }
    }
}

#[test]
fn agents_read_what_to_ask_for_where_the_customer_is_not_told() {
    let file = |error| {
        let (id, error) = (None, error);
        InboundContent::Media(Media {
            id,
            error,
            ..media(MediaKind::Image)
        })
    };
    for (content, expected) in [
        (unsupported(Some("edit"), 131_051), Some(Unseen::Edit)),
        (
            unsupported(Some("poll_creation"), 131_051),
            Some(Unseen::Poll),
        ),
        (
            unsupported(Some("view_once"), 131_051),
            Some(Unseen::ViewOnce),
        ),
        (unsupported(Some("gif"), 131_051), Some(Unseen::Picture)),
        (
            unsupported(Some("location"), 131_051),
            Some(Unseen::Location),
        ),
        (unsupported(None, 131_060), Some(Unseen::Unavailable)),
        (unsupported(Some("product"), 131_051), Some(Unseen::Message)),
        (unsupported(None, 99), Some(Unseen::Message)),
        (unsupported(Some("reaction"), 131_051), None),
        (unsupported(Some("group_invite"), 131_051), None),
        (unsupported(None, 131_052), None),
        (unsupported(Some("image"), 131_052), None),
        (file(None), Some(Unseen::File)),
        (file(Some(WhatsappCode(99))), Some(Unseen::File)),
        (file(Some(WhatsappCode(131_052))), None),
        (InboundContent::Media(media(MediaKind::Image)), None),
        (
            InboundContent::Text {
                body: String::new(),
            },
            None,
        ),
    ] {
        assert_eq!(content.unseen(), expected, "{:?}", shown(&content));
        let is_told = content.is_lost_file();
        assert!(!is_told || expected.is_none());
    }
}

#[test]
fn names_of_files_stay_on_their_line() {
    let mut file = media(MediaKind::Document);
    file.caption = None;
    for (name, expected) in [
        ("a|b!]^.pdf", "*[Document: a|b!]^.pdf]*"),
        ("../../etc\n/passwd\u{0}", "*[Document: ../../etc /passwd]*"),
        ("invoice\u{202e}fdp.exe", "*[Document: invoicefdp.exe]*"),
        (" ", "*[Document]*"),
    ] {
        file.file_name = Some(name.to_owned());
        let content = InboundContent::Media(file.clone());
        assert_eq!(shown(&content)[0], expected);
        assert_eq!(content.first_line().unwrap(), expected.trim_matches('*'));
    }
}

#[test]
fn a_file_is_shown_in_place_or_named_or_missed() {
    let attached = |media_id: Option<&str>| {
        FileOutcome::Attached(AttachedFile {
            name: "photo-1.jpg".to_owned().into(),
            media_id: media_id.map(str::to_owned),
        })
    };
    for (kind, file, expected) in [
        (MediaKind::Image, attached(Some("u-1")), "mediaSingle u-1"),
        (MediaKind::Video, attached(Some("u-1")), "mediaSingle u-1"),
        (MediaKind::Document, attached(Some("u-1")), "mediaGroup u-1"),
        (
            MediaKind::VoiceNote,
            attached(Some("u-1")),
            "mediaGroup u-1",
        ),
        (
            MediaKind::Image,
            attached(None),
            "Attached to the request as photo-1.jpg",
        ),
        (
            MediaKind::Image,
            FileOutcome::Missing(FileProblem::Gone),
            "The file is not here: WhatsApp no longer has it.",
        ),
    ] {
        let content = InboundContent::Media(media(kind));
        let enrichment = Enrichment {
            earlier: None,
            file: Some(file),
            rest: None,
            called_at: None,
        };
        let documents = content.documents(&Context::default(), &enrichment);
        let value = serde_json::to_value(&documents[0]).unwrap();
        let last = value["content"].as_array().unwrap().last().unwrap();
        let shown = match last["content"][0]["attrs"]["id"].as_str() {
            Some(id) => format!("{} {id}", last["type"].as_str().unwrap()),
            None => words(last).trim_matches('*').to_owned(),
        };
        assert_eq!(shown, expected);
    }
}

#[test]
fn call_permissions_are_said_in_words() {
    let until = DateTime::from_timestamp(1_795_000_000, 0);
    for (granted, permanent, until, says) in [
        (
            Some(true),
            true,
            until,
            "*[The customer allows calls from now on.]*",
        ),
        (
            Some(true),
            false,
            until,
            "*[The customer allows calls until 2026-11-18 11:06 UTC.]*",
        ),
        (Some(true), false, None, "*[The customer allows a call.]*"),
        (
            Some(false),
            true,
            None,
            "*[The customer does not want to be called.]*",
        ),
        (
            None,
            false,
            None,
            "*[The customer answered whether we may call, WhatsApp does not say how.]*",
        ),
    ] {
        let content = InboundContent::CallPermission {
            granted,
            permanent,
            until,
        };
        assert_eq!(shown(&content), [says]);
    }
}

#[test]
fn marks_stand_before_the_message() {
    let context = Context {
        forwarded: Some(Forwarded::ManyTimes),
        reply_to: Some(Wamid::new("wamid.1")),
        product: None,
        referral: Some(Referral {
            headline: Some("Winter\nsale".to_owned().into()),
            body: None,
            source_url: Some("javascript:alert(1)".to_owned().into()),
        }),
    };
    let content = InboundContent::Text {
        body: "hi\nthere".to_owned(),
    };
    assert_eq!(
        picture(&content.documents(&context, &Enrichment::default())),
        [
            "*[Forwarded many times]*",
            "*[In reply to an earlier message]*",
            "*[The customer came from an ad or a post]*",
            "> Winter sale",
            "> javascript:alert(1)",
            "hi/there",
        ]
    );
}

#[test]
fn an_address_with_user_information_is_shown_and_not_live() {
    let content = InboundContent::Text {
        body: "Pay\u{202e}fdp.exe \u{2067}\u{5e9}\u{5dc}\u{2069}\u{200f}".to_owned(),
    };
    for (address, is_live) in [
        ("https://shop.example/sale?a=b@c", true),
        ("https://shop.example@elsewhere.example/sale", false),
        ("https://shop.example:443@elsewhere.example", false),
    ] {
        let context = Context {
            referral: Some(Referral {
                source_url: Some(address.into()),
                ..Referral::default()
            }),
            ..Context::default()
        };
        let documents = content.documents(&context, &Enrichment::default());
        let json = serde_json::to_string(&documents).unwrap();
        assert!(json.contains(address), "{json}");
        assert_eq!(json.contains("\"link\""), is_live, "{json}");
        assert!(json.contains("Payfdp.exe \u{2067}\u{5e9}\u{5dc}\u{2069}\u{200f}"));
    }
}

#[test]
fn long_texts_and_tables_become_several_comments() {
    let text = |body: String| InboundContent::Text { body };
    let cards = |count: usize, phones: usize| InboundContent::Contacts {
        cards: vec![
            ContactCard {
                name: Some("\"Ana\"".repeat(20)),
                phones: vec!["+49 151 12345678".to_owned(); phones],
                ..ContactCard::default()
            };
            count
        ],
    };
    for (content, at_least) in [
        (text("word ".repeat(10_000)), 2),
        (text("\"\n".repeat(10_000)), 10),
        (text("🚲".repeat(20_000)), 2),
        (cards(257, 3), 3),
        // A card longer than a comment.
        (cards(3, 2_000), 3),
        (
            InboundContent::Edit {
                of: None,
                now: Some(Box::new(text("a".repeat(40_000)))),
            },
            2,
        ),
    ] {
        let documents = content.documents(&Context::default(), &Enrichment::default());
        assert!(documents.len() >= at_least, "{}", documents.len());
        for document in &documents {
            assert!(document.serialized_len() <= pages::LIMIT);
        }
    }
    // Every card is on one of the pages, under a heading of that page.
    let lines = shown(&cards(257, 3));
    let count = |start: &str| lines.iter().filter(|line| line.starts_with(start)).count();
    assert_eq!(count("\"Ana\""), 257);
    assert_eq!(
        count("Name | "),
        cards(257, 3)
            .documents(&Context::default(), &Enrichment::default())
            .len()
    );
}

#[test]
fn every_kind_is_a_document_of_atlassians_schema() {
    let Some(schema) = schema::atlassian() else {
        return;
    };
    for (content, kind, _) in one_of_each() {
        for document in content.documents(&Context::default(), &Enrichment::default()) {
            let value = serde_json::to_value(&document).unwrap();
            assert!(schema.accepts(&value), "{kind}: {value}");
        }
    }
}
