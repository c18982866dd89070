//! Content on a queue.
//!
//! During a deployment an older function may read what a newer one wrote. Older ones know `text`
//! and `other`. So every other kind travels as `other`, with the name of its kind, which they show
//! as a placeholder, and with `details`, which they ignore. In the same way this code falls back to
//! the placeholder if it does not understand the details.

use chrono::serde::ts_seconds;
use chrono::{DateTime, Datelike, Utc};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::InboundContent;

/// Reads a time in seconds. Refuses a year outside the calendar, since Casement calculates with
/// times.
pub(super) fn told<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let time = ts_seconds::deserialize(deserializer)?;
    if (1970..10_000).contains(&time.year()) {
        Ok(time)
    } else {
        Err(D::Error::custom("a time in no year"))
    }
}

#[derive(Serialize)]
struct WithDetails<'a> {
    r#type: &'static str,
    kind: &'a str,
    details: Details<'a>,
}

struct Details<'a>(&'a InboundContent);

impl Serialize for Details<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        InboundContent::serialize(self.0, serializer)
    }
}

impl Serialize for InboundContent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            // Calls the function from the derive, not this one.
            Self::Text { .. } | Self::Other { .. } => Self::serialize(self, serializer),
            known => WithDetails {
                r#type: "other",
                kind: known.kind(),
                details: Details(known),
            }
            .serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for InboundContent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        let details = value.get("details").map(Self::deserialize);
        match details {
            Some(Ok(content)) => Ok(content),
            _ => Self::deserialize(&value).map_err(D::Error::custom),
        }
    }
}
