//! Signed webhooks.

use std::collections::HashSet;

use casement_core::model::queue::{
    CommentEvent, InboundQueueMessage, OutboundQueueMessage, StatusQueueMessage,
};
use casement_core::text::MESSAGE_LIMIT;
use casement_jira::webhook::Hint;
use casement_whatsapp::webhook::Parsed;
use chrono::{DateTime, Utc};

use crate::messages::check_message;
use crate::queue::check_travels;
use crate::signing::{secrets, signature};

/// The time at which the webhooks arrive.
const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_000_000, 0).expect("a time");

/// The longest issue or comment id that Casement accepts, in digits.
const LONGEST_ID: usize = 20;

/// Takes a WhatsApp webhook signed by Meta. Every message, report and change survives its queue
/// unchanged, and every message can be written to Jira.
pub fn whatsapp_webhook(bytes: &[u8]) {
    use casement_whatsapp::{signature::verify, webhook::parse};
    let header = signature(bytes);
    let webhook = verify(bytes, Some(&header), &secrets()).expect("it is signed");
    if let Ok(parsed) = parse(webhook, NOW) {
        check_parsed(parsed);
    }
}

fn check_parsed(parsed: Parsed) {
    let wamids: HashSet<_> = parsed
        .messages
        .iter()
        .map(|message| &message.wamid)
        .collect();
    assert_eq!(wamids.len(), parsed.messages.len(), "an id stands twice");
    assert!(parsed.skipped.iter().all(|skipped| skipped.count > 0));
    for message in parsed.messages {
        assert!(message.sent_at <= NOW, "a message from the future");
        assert!(message.from.identifiers().next().is_some());
        check_message(&message, NOW);
        check_travels(&InboundQueueMessage::CustomerMessage(Box::new(message)));
    }
    for change in parsed.identity_changes {
        check_travels(&InboundQueueMessage::IdentityChange(change.into()));
    }
    for report in parsed.statuses {
        check_travels(&StatusQueueMessage::Status(report));
    }
    for change in parsed.template_changes {
        check_travels(&StatusQueueMessage::TemplateChanged(change));
    }
    for event in parsed.account_events {
        assert!(event.at <= NOW, "an event from the future");
        let is_short = |word: &String| word.is_ascii() && word.len() <= 64;
        assert!(event.details.len() <= 6 && event.details.iter().all(is_short));
        check_travels(&StatusQueueMessage::Account(event));
    }
    assert!(parsed.unknown_fields.len() <= 6, "too many names of fields");
    for field in parsed.unknown_fields.keys() {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
        assert!(
            field.len() <= 40 && field.bytes().all(is_plain),
            "{field:?}"
        );
    }
}

/// Takes a signed Jira webhook. Nothing in it goes on except numeric ids, and the author's id.
pub fn jira_webhook(bytes: &[u8]) {
    use casement_jira::{signature::verify, webhook::parse};
    let header = signature(bytes);
    let webhook = verify(bytes, Some(&header), &secrets()).expect("it is signed");
    let Ok(Hint::Comment { message, dedup_id }) = parse(webhook) else {
        return;
    };
    let (OutboundQueueMessage::CommentCreated(CommentEvent {
        issue_id,
        comment_id,
        ..
    })
    | OutboundQueueMessage::CommentEdited(CommentEvent {
        issue_id,
        comment_id,
        ..
    })
    | OutboundQueueMessage::CommentDeleted(CommentEvent {
        issue_id,
        comment_id,
        ..
    })) = &message
    else {
        panic!("a webhook of Jira's asks for {message:?}");
    };
    for id in [issue_id.as_str(), comment_id.as_str()] {
        let is_number = id.bytes().all(|byte| byte.is_ascii_digit());
        assert!(is_number && (1..=LONGEST_ID).contains(&id.len()), "{id:?}");
    }
    assert!(dedup_id.is_ascii() && dedup_id.len() < MESSAGE_LIMIT);
    check_travels(&message);
}
