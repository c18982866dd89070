//! One of `messages[]`.

use casement_core::identity::{PhoneNumberId, Wamid};
use casement_core::inbound::{InboundContent, InboundMessage};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::SkipReason;
use super::lenient::{Written, instant, lenient};
use super::sender::{Contact, Identifiers, identify};

/// What stands around a message in its webhook.
pub(super) struct Around {
    /// The business number.
    pub number: Option<PhoneNumberId>,
    pub contacts: Vec<Contact>,
    /// Whether these contacts belong to this message alone.
    pub alone: bool,
    pub received_at: DateTime<Utc>,
}

// `from_parent_user_id` is not read: it stands for all businesses of a portfolio and would mix
// up their customers.
#[derive(Default, Deserialize)]
#[serde(default)]
struct WireMessage {
    #[serde(deserialize_with = "lenient")]
    id: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    from: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    from_user_id: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    group_id: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    timestamp: Option<Written>,
    #[serde(rename = "type", deserialize_with = "lenient")]
    kind: Option<String>,
    #[serde(deserialize_with = "lenient")]
    text: Option<WireText>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireText {
    #[serde(deserialize_with = "lenient")]
    body: Option<String>,
}

/// Reads a message.
pub(super) fn read(item: &Value, around: &Around) -> Result<InboundMessage, SkipReason> {
    if !item.is_object() {
        return Err(SkipReason::Unreadable);
    }
    let wire = WireMessage::deserialize(item).map_err(|_| SkipReason::Unreadable)?;
    if wire.group_id.is_some() {
        return Err(SkipReason::Group);
    }
    let wamid = wire.id.as_ref().and_then(Written::text);
    let wamid = Wamid::new(wamid.ok_or(SkipReason::NoId)?);
    let own = Identifiers::of([wire.from.as_ref(), wire.from_user_id.as_ref()]);
    let (from, profile_name) =
        identify(own, &around.contacts, around.alone).ok_or(SkipReason::NoSender)?;
    Ok(InboundMessage {
        phone_number_id: around.number.clone().ok_or(SkipReason::NoNumber)?,
        wamid,
        from,
        profile_name,
        sent_at: instant(wire.timestamp.as_ref(), around.received_at),
        content: content(wire.kind, wire.text),
    })
}

fn content(kind: Option<String>, text: Option<WireText>) -> InboundContent {
    match (kind.as_deref(), text) {
        (Some("text"), text) => InboundContent::Text {
            body: text.and_then(|text| text.body).unwrap_or_default(),
        },
        (None, Some(WireText { body: Some(body) })) => InboundContent::Text { body },
        (kind, _) => InboundContent::Other {
            kind: kind
                .filter(|kind| is_a_name(kind))
                .unwrap_or("unknown")
                .to_owned(),
        },
    }
}

/// Whether it looks like a name that Meta gives to a kind. It goes into logs and comments.
fn is_a_name(kind: &str) -> bool {
    let letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (1..=40).contains(&kind.len()) && kind.bytes().all(letters)
}
