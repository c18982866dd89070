//! The `pricing` object of statuses.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Utc};
use serde_json::{Value, json};

/// How many delivered free-form messages are free each month, per business number.
const FREE_PER_MONTH: u32 = 1_000;

/// The time from which free-form messages are billed: 2026-10-01, 00:00 UTC.
const SERVICE_BILLED_FROM: i64 = 1_790_812_800;

/// Counts free-form messages per business number and month.
#[derive(Debug, Default)]
pub(crate) struct Pricing {
    service: BTreeMap<(String, i32, u32), u32>,
}

impl Pricing {
    /// Returns the price of a message that was delivered now.
    ///
    /// Source: Meta, "Pricing": per-message pricing; since 2026-10-01 free-form messages are
    /// billed, except for the first 1,000 in a month.
    pub(crate) fn of_delivery(
        &mut self,
        phone_number_id: &str,
        template: bool,
        now: DateTime<Utc>,
    ) -> Value {
        if template {
            return mark(true, "regular", "utility");
        }
        let month = (phone_number_id.to_owned(), now.year(), now.month());
        let count = self.service.entry(month).or_default();
        *count += 1;
        let billed = now.timestamp() >= SERVICE_BILLED_FROM && *count > FREE_PER_MONTH;
        let kind = if billed {
            "regular"
        } else {
            "free_customer_service"
        };
        mark(billed, kind, "service")
    }
}

fn mark(billable: bool, kind: &str, category: &str) -> Value {
    json!({"billable": billable, "pricing_model": "PMP", "type": kind, "category": category})
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    #[test]
    fn free_text_is_billed_from_october_2026_above_the_free_tier() {
        let september = Utc.with_ymd_and_hms(2026, 9, 30, 23, 59, 59).unwrap();
        let october = Utc.with_ymd_and_hms(2026, 10, 1, 0, 0, 0).unwrap();
        let mut pricing = Pricing::default();
        for (now, message, billable) in [(september, 1001, false), (october, 1000, false)] {
            for _ in 1..message {
                pricing.of_delivery("1", false, now);
            }
            let mark = pricing.of_delivery("1", false, now);
            assert_eq!(mark["billable"], billable);
        }
        assert_eq!(pricing.of_delivery("1", false, october)["billable"], true);
        assert_eq!(pricing.of_delivery("2", false, october)["billable"], false);
        assert_eq!(
            pricing.of_delivery("2", true, september)["category"],
            "utility"
        );
    }
}
