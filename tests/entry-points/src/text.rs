//! Agents' comments.

use std::borrow::Cow;

use casement_core::text::{MESSAGE_LIMIT, OutboundText, Site};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// The Jira site.
static SITE: Site = Site::at(Cow::Borrowed("shop.atlassian.net"));

/// Takes a comment, an ADF document or a string. Every message fits, and all words arrive in order.
pub fn adf_text(bytes: &[u8]) {
    let Ok(document) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let parts = parts_of(&document);
    let mut typed = document.as_str().unwrap_or_default().to_owned();
    read(&document, &mut typed);
    assert_arrives(&typed, &parts);
}

/// Returns the messages. Knowing the site changes only links to it.
fn parts_of(body: &Value) -> Vec<String> {
    for text in [
        OutboundText::of_body(body, Some(&SITE)),
        OutboundText::of_body(body, None).named("Ana Lima"),
    ] {
        text.parts().iter().for_each(|part| check_part(part));
    }
    let parts = OutboundText::of_body(body, None).parts();
    parts.iter().for_each(|part| check_part(part));
    parts
}

fn check_part(part: &str) {
    let units = part.encode_utf16().count();
    assert!(units <= MESSAGE_LIMIT, "a message of {units} UTF-16 units");
    assert!(!part.trim().is_empty(), "an empty message");
}

/// Collects the text that Jira's editor can produce. Atoms have no content.
fn read(node: &Value, typed: &mut String) {
    if node["type"] == "text" {
        typed.push_str(node["text"].as_str().unwrap_or_default());
        return;
    }
    let is_atom = matches!(
        node["type"].as_str(),
        Some(
            "hardBreak"
                | "mention"
                | "emoji"
                | "date"
                | "status"
                | "inlineCard"
                | "blockCard"
                | "embedCard"
                | "media"
                | "mediaInline"
                | "placeholder"
                | "inlineExtension"
                | "rule"
        )
    );
    if !is_atom {
        let children = node["content"].as_array().into_iter().flatten();
        children.for_each(|child| read(child, typed));
    }
}

fn assert_arrives(typed: &str, parts: &[String]) {
    let marked = parts.len() > 1;
    let bodies = parts.iter().map(|part| match part.split_once('\n') {
        Some((_, body)) if marked => body,
        _ => part,
    });
    let arrived: String = bodies.collect();
    // A superscript digit counts as the digit.
    let mut arrived = arrived.nfkc().filter(|c| is_essential(*c));
    let mut typed = typed.nfkc().filter(|c| is_essential(*c));
    let lost = typed.find(|wanted| !arrived.any(|c| c == *wanted));
    assert!(lost.is_none(), "lost from {lost:?} on");
}

/// Returns whether a character must arrive. Letters and digits do, whatever formatting surrounds
/// them.
fn is_essential(c: char) -> bool {
    c.is_alphanumeric()
}
