//! One of `statuses[]`.

use casement_core::fate::WhatsappCode;
use casement_core::identity::{PhoneNumberId, Wamid};
use casement_core::status::{Delivery, StatusReport};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::SkipReason;
use super::lenient::{Written, instant, lenient};

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireStatus {
    #[serde(deserialize_with = "lenient")]
    id: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    status: Option<String>,
    #[serde(deserialize_with = "lenient")]
    timestamp: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    biz_opaque_callback_data: Option<String>,
    #[serde(deserialize_with = "lenient")]
    errors: Option<Vec<Value>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireError {
    #[serde(deserialize_with = "lenient")]
    code: Option<Written>,
}

/// Reads a status.
pub(super) fn read(
    item: &Value,
    number: Option<&PhoneNumberId>,
    received_at: DateTime<Utc>,
) -> Result<StatusReport, SkipReason> {
    if !item.is_object() {
        return Err(SkipReason::Unreadable);
    }
    let wire = WireStatus::deserialize(item).map_err(|_| SkipReason::Unreadable)?;
    let wamid = wire.id.as_ref().and_then(Written::text);
    Ok(StatusReport {
        phone_number_id: number.cloned(),
        wamid: Wamid::new(wamid.ok_or(SkipReason::NoId)?),
        delivery: match wire.status.as_deref() {
            Some("sent") => Delivery::Sent,
            Some("delivered") => Delivery::Delivered,
            // A voice message that was played was also seen.
            Some("read" | "played") => Delivery::Read,
            Some("failed") => Delivery::Failed(first_code(&wire.errors.unwrap_or_default())),
            _ => return Err(SkipReason::UnknownStatus),
        },
        callback: wire.biz_opaque_callback_data,
        at: instant(wire.timestamp.as_ref(), received_at),
    })
}

/// The first code in a list of errors.
pub(super) fn first_code(errors: &[Value]) -> Option<WhatsappCode> {
    errors
        .iter()
        .filter_map(|error| WireError::deserialize(error).ok()?.code?.integer())
        .map(WhatsappCode)
        .next()
}
