//! Properties of every customer's message.

use std::sync::LazyLock;

use casement_core::decide::inbound::{RequestStep, decide_inbound};
use casement_core::model::content::{Enrichment, InboundContent, InboundMessage};
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::ConversationKey;
use casement_core::settings::{NumberSettings, Settings};
use chrono::{DateTime, Duration, Utc};
use serde_json::Value;

/// The longest comment that Jira accepts, in characters of its document.
const LONGEST_COMMENT: usize = 32_767;

/// The longest title that Jira accepts.
const LONGEST_SUMMARY: usize = 255;

/// The most comments for one message.
const MOST_COMMENTS: usize = 200;

/// The document nodes that show a customer's words and have no other effect.
const HARMLESS: [&str; 9] = [
    "doc",
    "paragraph",
    "blockquote",
    "table",
    "tableRow",
    "tableHeader",
    "tableCell",
    "hardBreak",
    "text",
];

static SETTINGS: LazyLock<Settings> = LazyLock::new(|| {
    Settings::from_toml(include_str!("../../../infra/settings.example.toml")).expect("an example")
});

fn settings() -> &'static NumberSettings {
    SETTINGS
        .numbers()
        .first()
        .expect("the example has a number")
}

/// Asserts that `message` can be decided at `now` and written to Jira: complete, harmless and
/// within Jira's limits.
pub(crate) fn check_message(message: &InboundMessage, now: DateTime<Utc>) {
    check_decision(message, now);
    let documents = message.documents(&Enrichment::default());
    assert!((1..=MOST_COMMENTS).contains(&documents.len()));
    let mut arrived = String::new();
    for document in &documents {
        assert!(document.serialized_len() <= LONGEST_COMMENT);
        let document = serde_json::to_value(document).expect("documents are written down");
        check_harmless(&document);
        read(&document, &mut arrived);
    }
    let is_cut = documents.len() == MOST_COMMENTS;
    if let (InboundContent::Text { body }, false) = (&message.content, is_cut) {
        let (body, arrived) = (essence(body), essence(&arrived));
        assert!(
            arrived.ends_with(&body) || body.is_empty(),
            "not all of it arrives"
        );
    }
}

fn check_decision(message: &InboundMessage, now: DateTime<Utc>) {
    let customer = message.from.identifiers().next().unwrap_or_default();
    let key = ConversationKey::new(&message.phone_number_id, customer);
    let new = Conversation::new(key, message.from.clone());
    let plan = decide_inbound(&new, message, settings(), now);
    if let RequestStep::Open(request) = &plan.request {
        assert!(request.summary.encode_utf16().count() <= LONGEST_SUMMARY);
        assert!(!request.summary.contains(char::is_control));
    }
    if message.sent_at <= now {
        let opens_until = now + Duration::hours(24);
        assert!(
            plan.conversation
                .window_expires_at
                .is_none_or(|end| end <= opens_until)
        );
    }
    let again = decide_inbound(&plan.conversation, message, settings(), now);
    assert_eq!(
        again.conversation.awaiting_since,
        plan.conversation.awaiting_since
    );
    assert_eq!(
        again.conversation.notice_generation,
        plan.conversation.notice_generation
    );
}

fn check_harmless(node: &Value) {
    let kind = node["type"].as_str().unwrap_or_default();
    assert!(HARMLESS.contains(&kind), "{kind} in a comment");
    children(node).for_each(check_harmless);
}

fn read(node: &Value, text: &mut String) {
    text.push_str(node["text"].as_str().unwrap_or_default());
    children(node).for_each(|child| read(child, text));
}

fn children(node: &Value) -> impl Iterator<Item = &Value> {
    node["content"].as_array().into_iter().flatten()
}

/// Returns the part of a text that must arrive wherever the text is cut: the visible characters,
/// without those that change the direction of the text.
fn essence(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}');
    let kept = text
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !turns(*c));
    kept.collect()
}
