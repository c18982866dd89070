//! One of `messages[]`.

use casement_core::model::content::{InboundMessage, Via};
use casement_core::model::identity::PhoneNumberId;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::context::{WireContext, WireReferral};
use super::id::wamid;
use super::lenient::{Written, instant, wire};
use super::sender::{Contacts, Identifiers, identify};
use super::{SkipReason, content, context};

/// The surroundings of a message in its webhook.
pub(super) struct Around {
    /// The business number.
    pub number: Option<PhoneNumberId>,
    pub contacts: Contacts,
    /// Whether these contacts belong to this message alone.
    pub alone: bool,
    pub via: Via,
    pub received_at: DateTime<Utc>,
}

// `from_parent_user_id` stands for all businesses of a portfolio and would mix up their customers,
// so it is not read.
wire! {
    struct WireMessage {
        id: Written,
        from: Written,
        from_user_id: Written,
        group_id: Written,
        timestamp: Written,
        r#type: String,
        context: WireContext,
        referral: WireReferral,
    }
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
    if wire.r#type.as_deref() == Some("request_welcome") {
        return Err(SkipReason::Welcome);
    }
    let wamid = wamid(wire.id.as_ref()).ok_or(SkipReason::NoId)?;
    let own = Identifiers::of([wire.from.as_ref(), wire.from_user_id.as_ref()]);
    let (from, profile_name) =
        identify(own, &around.contacts, around.alone).ok_or(SkipReason::NoSender)?;
    Ok(InboundMessage {
        phone_number_id: around.number.clone().ok_or(SkipReason::NoNumber)?,
        wamid,
        from,
        via: around.via,
        profile_name: profile_name.map(Into::into),
        sent_at: instant(wire.timestamp.as_ref(), around.received_at),
        content: content::read(item),
        context: context::read(wire.context, wire.referral),
    })
}
