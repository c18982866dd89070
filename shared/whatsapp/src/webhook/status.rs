//! One of `statuses[]`.

use casement_core::model::fate::WhatsappCode;
use casement_core::model::identity::PhoneNumberId;
use casement_core::model::ledger::{OutboundKey, OutboundSource, callback};
use casement_core::model::price::{Price, PriceCategory};
use casement_core::model::status::{Delivery, StatusReport};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::id::wamid;
use super::lenient::{Written, instant, lenient, wire};
use super::sender::Identifiers;
use super::{Parsed, SkipReason};

/// Longer than any callback data of ours, in bytes: the parts of a key are numbers and
/// fingerprints.
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
    recipient_id: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    recipient_user_id: Option<Written>,
    #[serde(deserialize_with = "lenient")]
    biz_opaque_callback_data: Option<String>,
    #[serde(deserialize_with = "lenient")]
    errors: Option<Vec<Value>>,
    #[serde(deserialize_with = "lenient")]
    pricing: Option<WirePricing>,
}

wire! {
    /// `pricing` (Cloud API, "status messages webhook reference").
    struct WirePricing { billable: bool, category: String, r#type: String }
}

impl WirePricing {
    /// Meta is going to leave out `billable`: then the type says whether the message is free.
    fn price(&self) -> Option<Price> {
        let kind = self.r#type.as_deref();
        let by_kind = kind.map(|kind| !kind.to_ascii_lowercase().starts_with("free"));
        let billable = self.billable.or(by_kind);
        if billable.is_none() && self.category.is_none() {
            return None;
        }
        Some(Price {
            category: PriceCategory::of(self.category.as_deref().unwrap_or_default()),
            billable: billable.unwrap_or(true),
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireError {
    #[serde(deserialize_with = "lenient")]
    code: Option<Written>,
}

impl Parsed {
    /// Removes callback data that this deployment did not seal under its fingerprint key, and
    /// reduces the rest to the ledger key. A report without callback data is found by WhatsApp's
    /// id.
    pub fn believe_own_callbacks(&mut self) {
        for report in &mut self.statuses {
            let data = report.callback.take().unwrap_or_default();
            report.callback = callback::opened(&data).map(str::to_owned);
        }
    }
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
    let recipient = [wire.recipient_user_id.as_ref(), wire.recipient_id.as_ref()];
    Ok(StatusReport {
        phone_number_id: number.cloned(),
        wamid: wamid(wire.id.as_ref()).ok_or(SkipReason::NoId)?,
        price: wire.pricing.as_ref().and_then(WirePricing::price),
        delivery: match wire.status.as_deref() {
            Some("sent") => Delivery::Sent,
            Some("delivered") => Delivery::Delivered,
            // A voice message that was played was also seen.
            Some("read" | "played") => Delivery::Read,
            Some("failed") => Delivery::Failed(first_code(&wire.errors.unwrap_or_default())),
            _ => return Err(SkipReason::UnknownStatus),
        },
        recipient: Identifiers::of(recipient).into_identity(),
        callback: wire.biz_opaque_callback_data.filter(|data| is_ours(data)),
        at: instant(wire.timestamp.as_ref(), received_at),
    })
}

/// Whether `data` has the form that Casement gives to its messages. Others may send from the same
/// number with any data, which must reach no queue and no log.
fn is_ours(data: &str) -> bool {
    let Ok(OutboundKey { source, .. }) = callback::key_in(data).parse() else {
        return false;
    };
    data.len() <= LONGEST_CALLBACK
        && match source {
            OutboundSource::Comment(id)
            | OutboundSource::Template(id)
            | OutboundSource::Phone(id) => id.as_str().bytes().all(|byte| byte.is_ascii_digit()),
            OutboundSource::Notice(_)
            | OutboundSource::KeepOpen(_)
            | OutboundSource::LostFile(_)
            | OutboundSource::Reopening(_)
            | OutboundSource::OptOut(_) => true,
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
    use casement_core::model::fingerprint::FingerprintKey;
    use casement_core::model::identity::{CustomerIdentity, PhoneNumber};

    use super::*;

    #[test]
    fn a_status_may_say_how_whatsapp_writes_the_number() {
        for (recipient, expected) in [
            (serde_json::json!("551112345678"), Some("551112345678")),
            (serde_json::json!(551_112_345_678_u64), Some("551112345678")),
            (serde_json::json!("BR.1"), None),
            (serde_json::json!(null), None),
        ] {
            let item = serde_json::json!({"id": "wamid.1", "status": "sent",
                "timestamp": "1790000000", "recipient_id": recipient});
            let report = read(&item, None, DateTime::UNIX_EPOCH).unwrap();
            let said = report.recipient.as_ref().and_then(CustomerIdentity::phone);
            let said = said.map(PhoneNumber::as_str);
            assert_eq!(said, expected, "{recipient}");
        }
    }

    #[test]
    fn a_status_may_say_what_the_message_costs() {
        use PriceCategory::{Marketing, Other, Service, Utility};
        let price = |category, billable| Some(Price { category, billable });
        for (pricing, expected) in [
            (
                serde_json::json!({"billable": true, "pricing_model": "PMP", "type": "regular",
                    "category": "service"}),
                price(Service, true),
            ),
            (
                serde_json::json!({"billable": false, "type": "free_customer_service",
                    "category": "utility"}),
                price(Utility, false),
            ),
            (
                serde_json::json!({"type": "free_entry_point", "category": "marketing"}),
                price(Marketing, false),
            ),
            (
                serde_json::json!({"type": "regular", "category": "marketing"}),
                price(Marketing, true),
            ),
            (
                serde_json::json!({"category": "service"}),
                price(Service, true),
            ),
            (
                serde_json::json!({"billable": true, "category": 5}),
                price(Other, true),
            ),
            (serde_json::json!({"billable": "yes", "category": {}}), None),
            (serde_json::json!({}), None),
            (serde_json::json!(null), None),
            (serde_json::json!("service"), None),
            (serde_json::json!([]), None),
        ] {
            let item = serde_json::json!({"id": "wamid.1", "status": "sent",
                "timestamp": "1790000000", "pricing": pricing});
            let report = read(&item, None, DateTime::UNIX_EPOCH).unwrap();
            assert_eq!(report.price, expected, "{pricing}");
        }
    }

    #[test]
    fn only_our_own_data_is_kept() {
        let endless = format!("comment:{}/0", "1".repeat(LONGEST_CALLBACK));
        for (data, expected) in [
            ("comment:10501/0", true),
            ("comment:10501/0~1f0c5a9be2d4470a", true),
            ("comment:Ana Beispiel/0~1f0c5a9be2d4470a", false),
            ("~1f0c5a9be2d4470a", false),
            ("notice:0123456789abcdef0123:7/0", true),
            ("template:10501/0", true),
            ("reopening:0123456789abcdef0123:1790000000/0", true),
            ("comment:10501", false),
            ("template:Ana Beispiel/0", false),
            ("comment:Ana Beispiel/0", false),
            ("notice:Ana:7/0", false),
            ("order 4711", false),
            ("", false),
            (&endless, false),
        ] {
            assert_eq!(is_ours(data), expected, "{data}");
        }
    }

    #[test]
    fn only_what_this_deployment_has_sealed_is_believed() {
        let another = FingerprintKey::new(&"b".repeat(32)).unwrap();
        let theirs = callback::sealed_under(&another, "comment:10501/0");
        for (data, expected) in [
            (Some(callback::sealed("comment:10501/0")), true),
            (Some(theirs), false),
            (Some("comment:10501/0".to_owned()), false),
            (None, false),
        ] {
            let status = serde_json::json!({"id": "wamid.1", "status": "sent",
                "recipient_id": "4915112345678", "biz_opaque_callback_data": data});
            let report = read(&status, None, DateTime::UNIX_EPOCH).unwrap();
            assert!(report.recipient.is_some());
            let mut parsed = Parsed {
                statuses: vec![report],
                ..Parsed::default()
            };
            parsed.believe_own_callbacks();
            let believed = parsed.statuses[0].callback.as_deref();
            assert_eq!(believed, expected.then_some("comment:10501/0"), "{data:?}");
        }
    }
}
