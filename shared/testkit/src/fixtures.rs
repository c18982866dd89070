//! The customer, the number and the words of most tests.

use casement_core::model::comment::{AccountType, Body, Comment};
use casement_core::model::content::{Context, InboundContent, InboundMessage, Via};
use casement_core::model::identity::{
    AccountId, Bsuid, CommentId, ConversationKey, CustomerIdentity, IssueId, PhoneNumber,
    PhoneNumberId, Wamid,
};
use casement_core::model::queue::{CommentEvent, OutboundQueueMessage};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// Our account in Jira.
pub const OWN: &str = "bridge";

/// Returns the time `seconds` after the beginning.
#[must_use]
pub fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

/// Returns our only number.
#[must_use]
pub fn number() -> PhoneNumberId {
    PhoneNumberId::new("1065")
}

/// Returns the key of the conversation with the customer of [`text`].
#[must_use]
pub fn key() -> ConversationKey {
    ConversationKey::new(&number(), "4915112345678")
}

/// Makes a customer's identity of a user id, a phone number, or both.
#[must_use]
pub fn identity(bsuid: Option<&str>, phone: Option<&str>) -> CustomerIdentity {
    CustomerIdentity::new(bsuid.map(Bsuid::new), phone.map(PhoneNumber::new)).unwrap()
}

/// Makes a text message with the id `wamid.{id}`.
#[must_use]
pub fn text(id: &str, body: &str, sent_at: DateTime<Utc>) -> InboundMessage {
    InboundMessage {
        phone_number_id: number(),
        wamid: Wamid::new(format!("wamid.{id}")),
        from: identity(None, Some("4915112345678")),
        via: Via::Direct,
        profile_name: Some("Ana".to_owned().into()),
        sent_at,
        content: InboundContent::Text {
            body: body.to_owned(),
        },
        context: Context::default(),
    }
}

/// Makes a comment that an agent wrote for the customer.
#[must_use]
pub fn comment(id: CommentId, body: Body, created: DateTime<Utc>) -> Comment {
    Comment {
        id,
        author: AccountId::new("agent"),
        account_type: AccountType::Person,
        author_name: None,
        parent: None,
        public: Some(true),
        jsd_public: Some(true),
        restricted: false,
        written_by_us: false,
        site: None,
        created,
        updated: created,
        body,
    }
}

/// A customer's BSUID and phone number, as far as a message shows them.
pub type Identifiers = (Option<&'static str>, Option<&'static str>);

/// Makes a text message that says its own id.
#[must_use]
pub fn text_from(id: &str, (bsuid, phone): Identifiers, sent_at: DateTime<Utc>) -> InboundMessage {
    InboundMessage {
        from: identity(bsuid, phone),
        ..text(id, id, sent_at)
    }
}

/// Makes the queue message about a new comment whose author the webhook does not name.
#[must_use]
pub fn comment_created(issue: &str, comment: &str) -> OutboundQueueMessage {
    OutboundQueueMessage::CommentCreated(CommentEvent {
        issue_id: IssueId::new(issue),
        comment_id: CommentId::new(comment),
        author: None,
        door: None,
    })
}

/// Makes a document of Jira's with one paragraph.
#[must_use]
pub fn text_document(words: &str) -> Value {
    json!({"type": "doc", "version": 1, "content": [
        {"type": "paragraph", "content": [{"type": "text", "text": words}]}]})
}

/// Replaces a comment's text.
pub fn rewrite(comment: &mut Comment, words: &str) {
    comment.body = text_document(words).into();
}
