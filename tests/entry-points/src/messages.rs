//! What must hold of every customer's message.

use std::sync::LazyLock;

use casement_core::decide::inbound::{RequestStep, decide_inbound};
use casement_core::model::content::{Findings, InboundContent, InboundMessage};
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::ConversationKey;
use casement_core::settings::{NumberSettings, Settings};
use chrono::{DateTime, Duration, Utc};
use serde_json::Value;

/// Jira refuses a longer comment, in characters of its document.
const LONGEST_COMMENT: usize = 32_767;

/// Jira refuses a longer title.
const LONGEST_SUMMARY: usize = 255;

/// The most comments that one message becomes.
const MOST_COMMENTS: usize = 200;

/// The parts of a document that show what a customer wrote and do nothing else.
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

/// Asserts that `message` can be decided about at `now` and written into Jira: whole, harmless and
/// within Jira's limits.
pub(crate) fn check_message(message: &InboundMessage, now: DateTime<Utc>) {
    check_decision(message, now);
    let documents = message.documents(&Findings::default());
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

/// What has to arrive of a text wherever it is cut: what is seen of it, and not the characters that
/// turn the direction of what stands behind them.
fn essence(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202A}'..='\u{202E}');
    let kept = text
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !turns(*c));
    kept.collect()
}
