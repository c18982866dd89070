//! Any text arrives as text.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::model::adf::schema::{self, Schema};
use crate::text::is_writable;

/// The file's id in Jira's media service.
const FILE: &str = "6ee4a2a5-0000-4000-8000-000000000001";

static SCHEMA: LazyLock<Option<Schema>> = LazyLock::new(schema::atlassian);

/// Generates any text, with more dangerous parts than chance would bring.
pub(super) fn any_text() -> impl Strategy<Value = String> {
    let dangerous = prop::sample::select(vec![
        "[~accountid:1]",
        "!http://evil/x.png!",
        "{color:white}",
        "{quote}",
        "[a|https://evil]",
        "[^secret.pdf]",
        "||",
        "h1. ",
        "\n",
        "\r\n",
        "\n\n",
        "\u{0}",
        "\u{7f}",
        "\u{85}",
        "\u{202e}",
        "\u{2028}",
        "\u{feff}",
        "\u{fffd}",
        "👨‍👩‍👧‍👦",
        "e\u{301}",
        "\"",
        "\\",
        "\t",
    ]);
    let part = prop_oneof![dangerous.prop_map(str::to_owned), any::<String>()];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

/// Generates texts that need several comments.
fn long_text() -> impl Strategy<Value = String> {
    (any_text(), 1_000_usize..4_000).prop_map(|(text, times)| {
        let units = text.len().max(1);
        format!("start {text}").repeat(times.min(100_000 / units))
    })
}

pub(super) fn text_of(node: &Value, found: &mut String) {
    match node["type"].as_str() {
        Some("text") => found.push_str(node["text"].as_str().unwrap()),
        Some("hardBreak") => found.push('\n'),
        _ => node["content"]
            .as_array()
            .into_iter()
            .flatten()
            .for_each(|child| text_of(child, found)),
    }
}

pub(super) fn values(documents: &[Document]) -> Vec<Value> {
    let values = documents.iter().map(serde_json::to_value);
    values.map(Result::unwrap).collect()
}

/// Returns the characters of a text that must arrive wherever it is cut.
fn essence(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && is_writable(*c))
        .collect()
}

/// Returns whether the document has nothing but what Casement writes.
fn is_ours(node: &Value) -> bool {
    let children_are = |allowed: &[&str]| {
        node["content"].as_array().is_some_and(|children| {
            children.iter().all(|child| {
                child["type"]
                    .as_str()
                    .is_some_and(|kind| allowed.contains(&kind))
                    && is_ours(child)
            })
        })
    };
    match node["type"].as_str() {
        Some("doc") => children_are(&["paragraph", "table", "blockquote", "mediaGroup"]),
        Some("mediaGroup") => node["content"][0]["attrs"]["id"] == FILE,
        Some("paragraph") => children_are(&["text", "hardBreak"]),
        Some("blockquote" | "tableCell" | "tableHeader") => children_are(&["paragraph"]),
        Some("table") => children_are(&["tableRow"]),
        Some("tableRow") => children_are(&["tableCell", "tableHeader"]),
        Some("text") => node["text"].as_str().is_some_and(|text| !text.is_empty()),
        Some("hardBreak") => true,
        _ => false,
    }
}

/// Collects every link in a document.
fn links(node: &Value, found: &mut Vec<String>) {
    let marks = node["marks"].as_array().into_iter().flatten();
    found.extend(
        marks
            .filter_map(|mark| mark["attrs"]["href"].as_str())
            .map(str::to_owned),
    );
    let children = node["content"].as_array().into_iter().flatten();
    children.for_each(|child| links(child, found));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn a_text_arrives_as_it_was_typed(body in any_text()) {
        let content = InboundContent::Text { body: body.clone() };
        let documents = values(&content.documents(&Context::default(), &Enrichment::default()));
        prop_assert_eq!(documents.len(), 1);
        let mut arrived = String::new();
        text_of(&documents[0], &mut arrived);
        if content.first_line().is_some() {
            let lines: Vec<String> = text::lines(body.trim())
                .map(|line| line.chars().filter(|c| is_writable(*c)).collect())
                .collect();
            prop_assert_eq!(arrived, lines.join("\n"));
        } else {
            prop_assert_eq!(arrived, "[The customer sent an empty message.]");
        }
    }

    #[test]
    fn customers_words_are_text_wherever_they_stand(words in any_text()) {
        let contents = [
            InboundContent::Text { body: words.clone() },
            InboundContent::Media(Media {
                caption: Some(words.clone()),
                file_name: Some(words.clone()),
                ..media(MediaKind::Document)
            }),
            InboundContent::Location(Location {
                coordinates: None,
                name: Some(words.clone()),
                address: Some(words.clone()),
                url: Some(words.clone()),
            }),
            InboundContent::Contacts { cards: vec![ContactCard {
                name: Some(words.clone()),
                phones: vec![words.clone(), words.clone()],
                addresses: vec![words.clone()],
                ..ContactCard::default()
            }] },
            InboundContent::Choice(Choice {
                kind: ChoiceKind::List,
                title: words.clone(),
                description: Some(words.clone()),
                id: None,
            }),
            InboundContent::Form(FormAnswers {
                name: Some(words.clone()),
                answers: Answers::Fields(vec![(words.clone(), words.clone())]),
            }),
            InboundContent::Reaction { emoji: Some(words.clone()), to: None },
            InboundContent::Order(Order { note: Some(words.clone()), items: vec![OrderItem {
                product: Some(words.clone()),
                quantity: Amount::new(1.0),
                price: Amount::new(1.0),
                currency: Some(words.clone()),
            }] }),
            InboundContent::System { event: Some(words.clone()), body: Some(words.clone()) },
        ];
        let ad = format!("https://{words}");
        let context = Context {
            forwarded: None,
            reply_to: Some(Wamid::new("wamid.0")),
            product: None,
            referral: Some(Referral {
                headline: Some(words.clone().into()),
                body: Some(words.clone().into()),
                source_url: Some(ad.clone().into()),
            }),
        };
        for content in contents {
            let name = content.file().map(|file| file.attachment_name(&Wamid::new("wamid.1")));
            let enrichment = Enrichment {
                earlier: Some(Quotation::line(words.clone())),
                file: name.map(|name| {
                    let dangerous = |c: char| c.is_control() || "/\\|!^[]{}*:?<>\"".contains(c);
                    assert!(!name.contains(dangerous) && name.len() < 255, "{name}");
                    FileOutcome::Attached(AttachedFile { name: name.into(), media_id: Some(FILE.to_owned()) })
                }),
 called_at: None,
                rest: None,
            };
            for document in values(&content.documents(&context, &enrichment)) {
                prop_assert!(is_ours(&document), "{}", document);
                prop_assert!(SCHEMA.as_ref().is_none_or(|schema| schema.accepts(&document)));
                let mut found = Vec::new();
                links(&document, &mut found);
                prop_assert!(found.iter().all(|link| *link == ad));
            }
            let first = content.first_line().unwrap_or_default();
            prop_assert!(!first.contains(|c: char| c.is_control()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 8, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn a_long_text_arrives_whole_over_several_comments(body in long_text()) {
        let content = InboundContent::Text { body: body.clone() };
        let documents = content.documents(&Context::default(), &Enrichment::default());
        let mut arrived = String::new();
        for (document, value) in documents.iter().zip(values(&documents)) {
            prop_assert!(document.serialized_len() <= pages::LIMIT);
            prop_assert!(is_ours(&value));
            text_of(&value, &mut arrived);
        }
        prop_assert_eq!(essence(&arrived), essence(&body));
    }
}
