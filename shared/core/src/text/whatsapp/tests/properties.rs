//! All of an agent's text arrives, within the limits.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;

use super::*;
use crate::text::split::utf16_len;
use crate::text::{MESSAGE_LIMIT, is_blank, is_writable};

const EMOJI: [&str; 3] = ["👨‍👩‍👧‍👦", "🇩🇪", "👍🏽"];

/// Generates any text, with more dangerous parts than chance would bring.
fn any_text() -> impl Strategy<Value = String> {
    let dangerous = prop::sample::select(vec![
        "*",
        "_",
        "~",
        "`",
        "```",
        " ",
        "\n",
        "\n\n",
        "\r\n",
        "> ",
        "- ",
        "1. ",
        "{code}",
        "{quote}",
        "{{",
        "}}",
        "[",
        "|",
        "]",
        "[a|https://a.example]",
        "!a.png!",
        "h1. ",
        "||",
        "\\",
        "\\\\",
        "{*}",
        "https://help.example/browse/AB-1",
        "\u{0}",
        "\u{2028}",
        "\u{202e}",
        "\u{200D}",
        "\u{301}",
        "👨‍👩‍👧‍👦",
        "🇩🇪",
        "word",
    ]);
    let part = prop_oneof![4 => dangerous.prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

/// Generates texts that need several messages.
fn long_text() -> impl Strategy<Value = String> {
    (any_text(), 1_usize..3_000).prop_map(|(text, times)| {
        let most = 12_000 / text.len().max(1);
        format!("{text}x").repeat(times.min(most).max(1))
    })
}

/// Generates any node with these texts.
fn any_node(text: BoxedStrategy<String>) -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec![
        "doc",
        "paragraph",
        "heading",
        "blockquote",
        "panel",
        "bulletList",
        "orderedList",
        "listItem",
        "taskList",
        "taskItem",
        "table",
        "tableRow",
        "tableCell",
        "tableHeader",
        "expand",
        "mediaSingle",
        "codeBlock",
        "extension",
        "novelty",
    ]);
    let mark = prop::sample::select(vec![
        "strong",
        "em",
        "strike",
        "code",
        "underline",
        "novelty",
    ]);
    let mark = mark.prop_map(|kind| json!({"type": kind}));
    let leaf = (text, prop::collection::vec(mark, 0..3))
        .prop_map(|(text, marks)| json!({"type": "text", "text": text, "marks": marks}));
    leaf.prop_recursive(5, 24, 4, move |inner| {
        (kind.clone(), prop::collection::vec(inner, 0..4))
            .prop_map(|(kind, content)| json!({"type": kind, "content": content}))
    })
}

/// Generates any JSON that begins like a document.
fn any_json() -> impl Strategy<Value = Value> {
    let kind = prop::sample::select(vec![
        "mention",
        "emoji",
        "date",
        "status",
        "inlineCard",
        "blockCard",
        "media",
        "mediaInline",
        "orderedList",
        "table",
        "codeBlock",
        "text",
        "hardBreak",
    ]);
    let value = prop_oneof![
        any_text().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        Just(Value::Null),
    ];
    let name = prop::sample::select(vec![
        "text",
        "shortName",
        "id",
        "timestamp",
        "url",
        "order",
        "state",
        "alt",
        "title",
        "data",
    ]);
    let attributes = prop::collection::vec((name, value.clone()), 0..4);
    (kind, attributes, value).prop_map(|(kind, attributes, content)| {
        let attributes: serde_json::Map<_, _> = attributes
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
        json!({"type": "doc", "content": [
            {"type": kind, "attrs": attributes, "text": content, "content": [content]}]})
    })
}

fn typed(node: &Value, found: &mut String) {
    if let Some(text) = node.as_str().or(node["text"].as_str()) {
        found.push_str(text);
    }
    for child in node["content"].as_array().into_iter().flatten() {
        typed(child, found);
    }
}

/// Returns the characters of a text that must arrive however it is formatted and cut.
fn essence(text: &str) -> String {
    let is_ours = |c: char| "*_~`>|-☐☑".contains(c);
    text.chars()
        .filter(|c| !c.is_whitespace() && is_writable(*c) && !is_ours(*c))
        .filter(|c| !is_blank(&c.to_string()))
        .collect()
}

/// Removes the marks from the messages, since they are no part of the text.
fn without_marks(parts: &[String]) -> String {
    if let [part] = parts {
        return part.clone();
    }
    let bodies = parts.iter().map(|part| part.split_once('\n').unwrap().1);
    bodies.collect()
}

/// Returns whether all of `wanted` is in `text`, in this order.
fn is_within(wanted: &str, text: &str) -> bool {
    let mut text = text.chars();
    wanted.chars().all(|c| text.any(|other| other == c))
}

fn check(parts: &[String]) -> Result<(), TestCaseError> {
    for part in parts {
        prop_assert!(utf16_len(part) <= MESSAGE_LIMIT);
        prop_assert!(!is_blank(part));
    }
    Ok(())
}

fn check_all_arrives(node: &Value) -> Result<(), TestCaseError> {
    let parts = OutboundText::of_body(node, None).parts();
    check(&parts)?;
    let mut wanted = String::new();
    typed(node, &mut wanted);
    let arrived = essence(&without_marks(&parts));
    prop_assert!(is_within(&essence(&wanted), &arrived), "{arrived:?}");
    Ok(())
}

proptest! {
    #[test]
    fn all_that_is_typed_arrives_in_order(node in any_node(any_text().boxed())) {
        check_all_arrives(&node)?;
    }

    #[test]
    fn all_of_a_string_arrives_in_order(text in any_text()) {
        check(&OutboundText::of_body(&json!(text), SITE).parts())?;
        check_all_arrives(&json!(text))?;
    }

    #[test]
    fn odd_documents_do_no_harm(document in any_json()) {
        check(&OutboundText::of_body(&document, SITE).parts())?;
    }
}

proptest! {
    // Long texts take long to check.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn long_texts_arrive_whole_in_several_messages(
        node in any_node(prop_oneof![any_text(), long_text()].boxed()),
        text in long_text(),
    ) {
        check_all_arrives(&node)?;
        check_all_arrives(&json!(text))?;
    }

    #[test]
    fn emoji_stay_whole(
        choice in prop::collection::vec((0_usize..3, any::<bool>()), 1..1_500),
    ) {
        let text: Vec<&str> = choice
            .iter()
            .flat_map(|(emoji, space)| [EMOJI[*emoji], if *space { " " } else { "" }])
            .collect();
        let parts = OutboundText::of_body(&json!(text.concat()), None).parts();
        check(&parts)?;
        let arrived = without_marks(&parts);
        let arrived: Vec<&str> = arrived.graphemes(true).filter(|g| EMOJI.contains(g)).collect();
        let sent: Vec<&str> = choice.iter().map(|(emoji, _)| EMOJI[*emoji]).collect();
        prop_assert_eq!(arrived, sent);
    }
}
