//! The order of events.
//!
//! A refused webhook comes again later, and nobody can tell whether it was processed although the
//! answer was lost. So a message arrived at some time between its first attempt and the answer that
//! accepted it. Two messages are out of order only if one had certainly arrived before the other
//! was first sent.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::text;

/// The earliest and latest time of an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrival {
    earliest: DateTime<Utc>,
    latest: DateTime<Utc>,
}

/// Returns when the webhook with this subject arrived, but not before `created`. A webhook that was
/// never accepted may have been found by other means at any time since.
pub(super) fn arrival(
    deliveries: &[Value],
    subject: &str,
    created: Option<DateTime<Utc>>,
) -> Option<Arrival> {
    let delivery = deliveries.iter().find(|one| one["subject"] == subject)?;
    let began = time(&delivery["began_at"])?;
    Some(Arrival {
        earliest: created.unwrap_or(began).min(began),
        latest: time(&delivery["taken_at"]).unwrap_or(DateTime::<Utc>::MAX_UTC),
    })
}

/// Returns the pairs of tokens that were seen in the wrong order.
pub(super) fn violations(
    arrivals: &BTreeMap<String, Option<Arrival>>,
    seen: &[String],
) -> Vec<String> {
    let known: Vec<_> = seen
        .iter()
        .filter_map(|token| Some((token, arrivals.get(token).copied().flatten()?)))
        .collect();
    let mut found = Vec::new();
    for (index, (later, its)) in known.iter().enumerate() {
        let overtaken = known[..index]
            .iter()
            .find(|(_, before)| its.latest < before.earliest);
        if let Some((earlier, _)) = overtaken {
            found.push(format!("{earlier} before {later}"));
        }
    }
    found
}

pub(super) fn time(value: &Value) -> Option<DateTime<Utc>> {
    // Jira writes +0000 without a colon.
    let written = text(value);
    let parsed = DateTime::parse_from_rfc3339(written)
        .or_else(|_| DateTime::parse_from_str(written, "%Y-%m-%dT%H:%M:%S%.3f%z"));
    parsed.ok().map(|time| time.with_timezone(&Utc))
}
