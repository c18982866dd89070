//! One of `statuses[]`.

use casement_core::fate::WhatsappCode;
use casement_core::identity::PhoneNumberId;
use casement_core::ledger::{OutboundKey, OutboundSource};
use casement_core::status::{Delivery, StatusReport};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::SkipReason;
use super::id::wamid;
use super::lenient::{Written, instant, lenient};

/// Longer than any that we give, in bytes: the parts of a key are numbers and fingerprints.
const LONGEST_CALLBACK: usize = 128;

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
    Ok(StatusReport {
        phone_number_id: number.cloned(),
        wamid: wamid(wire.id.as_ref()).ok_or(SkipReason::NoId)?,
        delivery: match wire.status.as_deref() {
            Some("sent") => Delivery::Sent,
            Some("delivered") => Delivery::Delivered,
            // A voice message that was played was also seen.
            Some("read" | "played") => Delivery::Read,
            Some("failed") => Delivery::Failed(first_code(&wire.errors.unwrap_or_default())),
            _ => return Err(SkipReason::UnknownStatus),
        },
        callback: wire.biz_opaque_callback_data.filter(|data| is_ours(data)),
        at: instant(wire.timestamp.as_ref(), received_at),
    })
}

/// Whether it is what Casement gives with its messages. Others may send from the same number, and
/// what they give with theirs may be anything: it gets into no queue and no log.
fn is_ours(data: &str) -> bool {
    let Ok(OutboundKey { source, .. }) = data.parse() else {
        return false;
    };
    data.len() <= LONGEST_CALLBACK
        && match source {
            OutboundSource::Comment(id) => id.as_str().bytes().all(|byte| byte.is_ascii_digit()),
            OutboundSource::Notice(_) | OutboundSource::LostFile(_) | OutboundSource::Wish(_) => {
                true
            }
        }
}

/// The first code in a list of errors.
pub(super) fn first_code(errors: &[Value]) -> Option<WhatsappCode> {
    errors
        .iter()
        .filter_map(|error| WireError::deserialize(error).ok()?.code?.integer())
        .map(WhatsappCode)
        .next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_data_is_kept() {
        let endless = format!("comment:{}/0", "1".repeat(LONGEST_CALLBACK));
        for (data, expected) in [
            ("comment:10501/0", true),
            ("notice:0123456789abcdef0123:7/0", true),
            ("comment:10501", false),
            ("comment:Ana Beispiel/0", false),
            ("notice:Ana:7/0", false),
            ("order 4711", false),
            ("", false),
            (&endless, false),
        ] {
            assert_eq!(is_ours(data), expected, "{data}");
        }
    }
}
