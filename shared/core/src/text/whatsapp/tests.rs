mod cutting;
#[path = "../../../testing/fixtures.rs"]
mod fixtures;
mod properties;
mod whole;

use std::borrow::Cow;

use serde_json::json;

use self::fixtures::{Fixture, corpus, fixtures, published_documents};
use super::adf::{MarkRule, NodeRule};
use super::*;
use crate::model::adf::schema;

static HELP: Site = Site::at(Cow::Borrowed("help.example"));
const SITE: Option<&Site> = Some(&HELP);

fn assert_read_as_expected(fixtures: &[Fixture]) {
    for Fixture {
        name,
        body,
        expected,
    } in fixtures
    {
        let parts = OutboundText::of_body(body, SITE).parts();
        assert_eq!(parts.join("---next---"), *expected, "{name}");
    }
}

#[test]
fn every_node_has_its_form() {
    assert_read_as_expected(&fixtures("adf-out"));
}

#[test]
fn a_string_is_text_as_it_was_typed() {
    for text in [
        "h1. a {quote}b{quote} [c|https://c.example] !d.png! (/) :) e\\! [~accountid:1]",
        "|| a || b ||\n\n# one\n# two\n\nbq. c",
    ] {
        let read = OutboundText::of_body(&json!(text), SITE);
        assert_eq!(read.parts(), [text]);
        assert!(read.files.is_empty() && read.left_out.is_empty());
        assert_eq!(plain_text(&json!(text), SITE), text);
    }
}

#[test]
fn every_name_of_the_schema_has_a_rule_and_every_node_a_fixture() {
    let Some(schema) = schema::atlassian() else {
        return;
    };
    let fixtures = fixtures("adf-out");
    let nodes = schema.type_names("_node");
    assert!(nodes.len() > 40);
    for node in nodes {
        assert!(NodeRule::of(&node).is_some(), "no rule for {node}");
        let is_shown = fixtures.iter().any(|fixture| fixture.name == node);
        assert!(is_shown, "no fixture for {node}");
    }
    let marks = schema.type_names("_mark");
    assert!(marks.len() > 15);
    for mark in marks {
        assert!(MarkRule::of(&mark).is_some(), "no rule for {mark}");
    }
}

#[test]
fn whatever_ends_a_line_keeps_words_apart() {
    for end in [
        "\n", "\r\n", "\r", "\u{B}", "\u{1C}", "\u{1E}", "\u{85}", "\u{2028}",
    ] {
        let text = json!({"type": "text", "text": format!("one{end}two")});
        let body = json!({"type": "doc", "version": 1, "content": [
            {"type": "paragraph", "content": [text]}]});
        assert_eq!(
            OutboundText::of_body(&body, SITE).parts(),
            ["one\ntwo"],
            "{end:?}"
        );
    }
}

#[test]
fn nothing_turns_the_direction_of_what_customers_read() {
    let code = json!({"type": "codeBlock", "content": [{"type": "text", "text": "a\u{202E}b"}]});
    let chip = json!({"type": "status", "attrs": {"text": "\u{202D}open\u{202C}"}});
    let written =
        "\u{202B}pay\u{202E}fdp.exe \u{2067}\u{5E9}\u{5DC}\u{5D5}\u{5DD}\u{2069} \u{200F}!";
    let text = json!({"type": "text", "text": written, "marks": [{"type": "strong"}]});
    let alone = json!({"type": "text", "text": "\u{202E}"});
    let body = json!({"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [text, chip]}, code]});
    let parts = OutboundText::of_body(&body, SITE).parts();
    assert!(
        !parts
            .concat()
            .contains(['\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}'])
    );
    let kept = "payfdp.exe \u{2067}\u{5E9}\u{5DC}\u{5D5}\u{5DD}\u{2069} \u{200F}!";
    assert!(parts[0].contains(kept), "{parts:?}");
    assert!(parts[0].contains("ab"), "{parts:?}");
    let string = OutboundText::of_body(&json!("a\u{202E}b"), SITE).parts();
    assert_eq!(string, ["ab"]);
    let body = json!({"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [alone]}]});
    assert!(OutboundText::of_body(&body, SITE).parts().is_empty());
}

#[test]
fn files_are_named_and_not_shown() {
    let expected = |source, alt: Option<&str>| MediaRef {
        source,
        alt: alt.map(str::to_owned),
    };
    let media = |attributes| json!({"type": "media", "attrs": attributes});
    let body = json!({"type": "doc", "content": [{"type": "mediaGroup", "content": [
        media(json!({"type": "file", "id": "6f1c", "alt": "a.jpg"})),
        media(json!({"type": "external", "url": "https://img.example/a.png"})),
        media(json!({})),
    ]}]});
    let text = OutboundText::of_body(&body, SITE);
    assert!(text.parts().is_empty());
    assert!(
        text.files
            == [
                expected(MediaSource::Media("6f1c".to_owned()), Some("a.jpg")),
                expected(
                    MediaSource::Address("https://img.example/a.png".to_owned()),
                    None
                ),
                expected(MediaSource::Unknown, None),
            ]
    );
}

#[test]
fn what_is_no_body_has_no_text() {
    for body in [
        json!(null),
        json!(7),
        json!([1]),
        json!({}),
        json!({"content": {"a": 1}}),
        json!("\u{200B}\u{FEFF} \n"),
    ] {
        assert!(
            OutboundText::of_body(&body, SITE).parts().is_empty(),
            "{body}"
        );
    }
}

#[test]
fn words_never_reach_a_debug_print() {
    let body = json!({"type": "doc", "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": "secret"}]},
        {"type": "media", "attrs": {"id": "6f1c", "alt": "secret.png"}}]});
    let text = OutboundText::of_body(&body, SITE);
    assert_eq!(format!("{text:?}"), "OutboundText(1 lines, 1 files)");
}
