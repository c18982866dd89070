//! What agents write.

use std::borrow::Cow;

use casement_core::text::{MESSAGE_LIMIT, OutboundText, Site};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// The Jira site.
static SITE: Site = Site::at(Cow::Borrowed("shop.atlassian.net"));

/// A comment, an ADF document or a string. Every message fits, and all its words arrive in order.
pub fn adf_text(bytes: &[u8]) {
    let Ok(document) = serde_json::from_slice::<Value>(bytes) else {
        return;
    };
    let parts = parts_of(&document);
    let mut typed = document.as_str().unwrap_or_default().to_owned();
    read(&document, &mut typed);
    assert_arrives(&typed, &parts);
}

/// The messages, which are the same whether the site is known or not but for links to it.
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

/// The text nodes that Jira's editor can make: they have nothing in them.
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
    // A raised digit is still the digit.
    let mut arrived = arrived.nfkc().filter(|c| is_essential(*c));
    let mut typed = typed.nfkc().filter(|c| is_essential(*c));
    let lost = typed.find(|wanted| !arrived.any(|c| c == *wanted));
    assert!(lost.is_none(), "lost from {lost:?} on");
}

/// Letters and digits arrive whatever looks like formatting around them.
fn is_essential(c: char) -> bool {
    c.is_alphanumeric()
}
