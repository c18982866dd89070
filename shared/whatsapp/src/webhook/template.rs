//! Webhooks about the templates of a business account.

use casement_core::model::identity::BusinessAccountId;
use casement_core::model::status::TemplateChange;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::lenient::{Written, instant, wire};

/// Longer than any of Meta's names and words (a template's name has at most 512 characters).
const LONGEST: usize = 512;

wire! {
    struct WireChange {
        event: String,
        message_template_name: String,
        message_template_language: String,
    }
}

/// Reads the value of a change in `entry`. Returns `None` if it does not name the template's
/// account.
pub(super) fn read(
    entry: &Value,
    value: &Value,
    received_at: DateTime<Utc>,
) -> Option<TemplateChange> {
    let account = Written::deserialize(&entry["id"]).ok()?.text()?;
    let time = Written::deserialize(&entry["time"]).ok();
    let wire = WireChange::deserialize(value).ok()?;
    let short = |text: Option<String>| text.filter(|text| text.len() <= LONGEST);
    Some(TemplateChange {
        business_account_id: BusinessAccountId::new(account),
        name: short(wire.message_template_name).unwrap_or_default(),
        language: short(wire.message_template_language).unwrap_or_default(),
        event: short(wire.event),
        changed_at: Some(instant(time.as_ref(), received_at)),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_read_however_much_is_missing() {
        let paused = json!({
            "event": "PAUSED", "message_template_id": 1, "message_template_name": "order",
            "message_template_language": "en-US", "reason": null,
        });
        for (account, value, expected) in [
            (
                json!("1022"),
                paused.clone(),
                Some(("order", Some("PAUSED"))),
            ),
            (json!(1022), json!({"event": 5}), Some(("", None))),
            (json!(null), paused.clone(), None),
            (json!(""), paused, None),
            (json!("1022"), json!("?"), None),
        ] {
            let entry = json!({"id": account, "time": 1_794_999_000});
            let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
            let change = read(&entry, &value, now);
            let at = |change: &TemplateChange| change.changed_at.map(|at| at.timestamp());
            assert_eq!(
                change.as_ref().and_then(at),
                change.as_ref().map(|_| 1_794_999_000)
            );
            let seen = change.as_ref().map(|change| {
                assert_eq!(change.business_account_id.as_str(), "1022");
                (change.name.as_str(), change.event.as_deref())
            });
            assert_eq!(seen, expected, "{account} {value}");
        }
    }
}
