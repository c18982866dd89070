//! Webhooks about the templates of a business account.

use casement_core::model::identity::BusinessAccountId;
use casement_core::model::status::{CategoryChange, TemplateCategory, TemplateChange};
use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::lenient::{Written, instant, wire};

/// Longer than any of Meta's names and words (a template's name has at most 512 characters).
const LONGEST: usize = 512;

/// The usual time between the announcement of a new category and the change (Cloud API, "Template
/// categorization").
const USUAL_NOTICE: Duration = Duration::hours(24);

/// A change that is announced for another time than this is announced for a time that is wrong.
const ANNOUNCED_WITHIN: Duration = Duration::days(60);

wire! {
    struct WireChange {
        event: String,
        message_template_name: String,
        message_template_language: String,
        new_category: String,
        correct_category: String,
        category_update_timestamp: Written,
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
    let category = category(&wire, received_at);
    let short = |text: Option<String>| text.filter(|text| text.len() <= LONGEST);
    Some(TemplateChange {
        business_account_id: BusinessAccountId::new(account),
        name: short(wire.message_template_name).unwrap_or_default(),
        language: short(wire.message_template_language).unwrap_or_default(),
        event: short(wire.event),
        changed_at: Some(instant(time.as_ref(), received_at)),
        category,
    })
}

/// Reads a change of the category, which Meta announces a day before it happens: then
/// `correct_category` is the new one (Cloud API, "`template_category_update`").
fn category(wire: &WireChange, received_at: DateTime<Utc>) -> Option<CategoryChange> {
    let Some(correct) = &wire.correct_category else {
        return Some(CategoryChange {
            to: TemplateCategory::of(wire.new_category.as_deref()?),
            announced_for: None,
        });
    };
    let at = wire.category_update_timestamp.as_ref();
    let at = at.and_then(Written::integer);
    let at = at.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    let soon = |at: &DateTime<Utc>| (*at - received_at).abs() <= ANNOUNCED_WITHIN;
    Some(CategoryChange {
        to: TemplateCategory::of(correct),
        announced_for: Some(at.filter(soon).unwrap_or(received_at + USUAL_NOTICE)),
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

    #[test]
    fn a_category_changes_at_once_or_is_announced() {
        let now = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        let tomorrow = now + USUAL_NOTICE;
        let announced = |to, at| {
            Some(CategoryChange {
                to,
                announced_for: Some(at),
            })
        };
        let changed = |to| {
            Some(CategoryChange {
                to,
                announced_for: None,
            })
        };
        use TemplateCategory::{Marketing, Other, Utility};
        let hour = Duration::hours(1);
        for (value, expected) in [
            (json!({"event": "PAUSED"}), None),
            (
                json!({"previous_category": "UTILITY", "new_category": "MARKETING"}),
                changed(Marketing),
            ),
            (json!({"new_category": "utility"}), changed(Utility)),
            (json!({"new_category": "MADE_UP"}), changed(Other)),
            (json!({"new_category": 5}), None),
            (
                json!({"new_category": "UTILITY", "correct_category": "MARKETING",
                    "category_update_timestamp": (now + hour).timestamp()}),
                announced(Marketing, now + hour),
            ),
            (
                json!({"correct_category": "MARKETING", "category_update_timestamp": "soon"}),
                announced(Marketing, tomorrow),
            ),
            (
                json!({"correct_category": "MARKETING", "category_update_timestamp": 1}),
                announced(Marketing, tomorrow),
            ),
        ] {
            let change = read(&json!({"id": "1022"}), &value, now).unwrap();
            assert_eq!(change.category, expected, "{value}");
        }
    }
}
