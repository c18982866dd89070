//! The `pricing` object of statuses.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Utc};
use serde_json::{Value, json};

/// The time from which free-form messages, and utility templates within the window, are billed:
/// 2026-10-01, 00:00 UTC.
const SERVICE_BILLED_FROM: i64 = 1_790_812_800;

/// Counts free-form messages per business number and month.
#[derive(Debug, Default)]
pub(crate) struct Pricing {
    service: BTreeMap<(String, i32, u32), u32>,
}

/// A message that is delivered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Delivered<'a> {
    /// The category of the message's template; `None` for a free-form message.
    pub category: Option<&'a str>,
    /// Whether the customer service window is open.
    pub in_window: bool,
    pub now: DateTime<Utc>,
}

impl Pricing {
    /// Returns the price of a message, of which `free` a month cost nothing if it is free-form.
    ///
    /// Source: Meta, "Pricing": per-message pricing; since 2026-10-01 free-form messages are
    /// billed, except for the first 1,000 in a month, and so are utility templates within the
    /// window.
    pub(crate) fn of_delivery(
        &mut self,
        phone_number_id: &str,
        free: u32,
        message: Delivered<'_>,
    ) -> Value {
        let billed_within = message.now.timestamp() >= SERVICE_BILLED_FROM;
        let (category, billed) = match message.category {
            None => {
                let (year, month) = (message.now.year(), message.now.month());
                let counted = (phone_number_id.to_owned(), year, month);
                let count = self.service.entry(counted).or_default();
                *count += 1;
                ("service".to_owned(), billed_within && *count > free)
            }
            Some("UTILITY") => ("utility".to_owned(), billed_within || !message.in_window),
            Some(other) => (other.to_ascii_lowercase(), true),
        };
        let kind = if billed {
            "regular"
        } else {
            "free_customer_service"
        };
        json!({"billable": billed, "pricing_model": "PMP", "type": kind, "category": category})
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    const FREE: u32 = 1_000;

    fn september() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 9, 30, 23, 59, 59).unwrap()
    }

    fn october() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 10, 1, 0, 0, 0).unwrap()
    }

    fn text(now: DateTime<Utc>) -> Delivered<'static> {
        Delivered {
            category: None,
            in_window: true,
            now,
        }
    }

    #[test]
    fn free_text_is_billed_from_october_2026_above_the_free_tier() {
        let mut pricing = Pricing::default();
        for (now, message, billable) in [(september(), 1001, false), (october(), 1000, false)] {
            for _ in 1..message {
                pricing.of_delivery("1", FREE, text(now));
            }
            let mark = pricing.of_delivery("1", FREE, text(now));
            assert_eq!(mark["billable"], billable);
            assert_eq!(mark["type"], "free_customer_service");
        }
        let mark = pricing.of_delivery("1", FREE, text(october()));
        assert_eq!(
            mark,
            json!({"billable": true, "pricing_model": "PMP", "type": "regular", "category": "service"})
        );
        let other = pricing.of_delivery("2", FREE, text(october()));
        assert_eq!(other["billable"], false);
        let none_free = pricing.of_delivery("3", 0, text(october()));
        assert_eq!(none_free["billable"], true);
    }

    #[test]
    fn templates_are_billed_by_their_category() {
        let table = [
            ("UTILITY", true, september(), false),
            ("UTILITY", false, september(), true),
            ("UTILITY", true, october(), true),
            ("MARKETING", true, september(), true),
            ("MARKETING", true, october(), true),
            ("AUTHENTICATION", true, october(), true),
        ];
        for (category, in_window, now, billable) in table {
            let message = Delivered {
                category: Some(category),
                in_window,
                now,
            };
            let mark = Pricing::default().of_delivery("1", FREE, message);
            assert_eq!(mark["billable"], billable, "{message:?}");
            assert_eq!(mark["category"], category.to_ascii_lowercase());
        }
    }
}
