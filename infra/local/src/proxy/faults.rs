//! Faults that the control API switches on: the calls they hit, and how.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use local_clock::Clock;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::service::Service;
use crate::locks::lock;

/// A fault as the control API takes it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The services whose calls are hit.
    pub target: Target,
    /// The only function whose calls are hit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// A text that a call's operation must contain to be hit.
    #[serde(rename = "match", default, skip_serializing_if = "Option::is_none")]
    pub matching: Option<String>,
    /// The effect on a call.
    pub kind: Kind,
    /// The status for `status` and `status_after`; 500 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The headers of the answer for `status` and `status_after`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The body of the answer for `status` and `status_after`: text, or any JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// By how many milliseconds `slow` delays the call; 2000 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// How many matching calls pass before the first one is hit.
    #[serde(default)]
    pub after_calls: u64,
    /// How many calls are hit before the fault is over; unlimited if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// For how many seconds of the stack's clock calls are hit, counted from the first hit;
    /// unlimited if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_s: Option<u32>,
    /// The share of matching calls that are hit, from 0 to 1; all if absent. The choice depends
    /// only on the call's number and the fault's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
}

/// The services that a fault hits.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// Every service.
    Any,
    /// One service.
    #[serde(untagged)]
    One(Service),
}

/// The effect of a fault on a call. With `_after`, the call itself has taken effect.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The connection is closed without effect and without an answer.
    Refuse,
    /// The answer is an error, and the call has no effect.
    Status,
    /// The answer is an error, but the call has taken effect.
    StatusAfter,
    /// The connection is closed after the effect, before the answer.
    CutAfter,
    /// No answer ever comes, and the call has no effect.
    Hang,
    /// The call has its effect and its answer, but late.
    Slow,
    /// The call has its effect, but its answer breaks off in the middle.
    Truncate,
    /// The function's process is killed after the effect, before it gets the answer.
    KillAfter,
}

/// The answer that a `status` or `status_after` fault gives.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultAnswer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Fault {
    /// Returns the answer that this fault gives in place of the service's.
    ///
    /// # Errors
    /// A sentence that names the unusable member.
    pub fn answer(&self) -> Result<FaultAnswer, String> {
        let status = self.status.unwrap_or(500);
        let status = StatusCode::from_u16(status)
            .map_err(|_| format!("status {status} is no HTTP status"))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let parsed = name
                .parse::<HeaderName>()
                .ok()
                .zip(value.parse::<HeaderValue>().ok());
            let (name, value) =
                parsed.ok_or_else(|| format!("headers: {name:?} cannot be sent"))?;
            headers.insert(name, value);
        }
        let body = match &self.body {
            None => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(json) => {
                headers
                    .entry("content-type")
                    .or_insert(HeaderValue::from_static("application/json"));
                json.to_string()
            }
        };
        Ok(FaultAnswer {
            status,
            headers,
            body,
        })
    }

    /// Returns how long `slow` delays a call.
    #[must_use]
    pub fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms.unwrap_or(2_000))
    }

    fn matches(&self, function: &str, service: Service, operation: &str) -> bool {
        let named = self
            .matching
            .as_deref()
            .is_none_or(|part| operation.contains(part));
        let called = self.function.as_deref().is_none_or(|name| name == function);
        let targeted = match self.target {
            Target::Any => true,
            Target::One(target) => target == service,
        };
        targeted && called && named
    }

    /// Decides whether the matching call with number `matched` belongs to the share.
    fn draws(&self, id: u64, matched: u64) -> bool {
        self.rate.is_none_or(|rate| {
            // SplitMix64, which spreads neighbouring numbers evenly.
            let mut drawn = (id << 40)
                .wrapping_add(matched)
                .wrapping_mul(0x9E37_79B9_7F4A_7C15);
            drawn = (drawn ^ (drawn >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            drawn = (drawn ^ (drawn >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            #[expect(clippy::cast_precision_loss, reason = "a chance")]
            let chance = (drawn ^ (drawn >> 31)) as f64 / u64::MAX as f64;
            chance < rate
        })
    }
}

/// An active fault with its counts.
#[derive(Clone, Debug, Serialize)]
pub struct Armed {
    /// The id, for switching the fault off.
    pub id: u64,
    #[serde(flatten)]
    pub fault: Fault,
    /// How many calls matched.
    pub matched: u64,
    /// How many of the matching calls were hit.
    pub hit: u64,
    /// When the fault first hit a call.
    #[serde(skip)]
    since: Option<DateTime<Utc>>,
}

impl Armed {
    /// Returns whether the fault hits the call that it has just matched.
    fn is_due(&self, now: DateTime<Utc>) -> bool {
        let fault = &self.fault;
        let lasts = |seconds: u32| {
            let end = |since| since + TimeDelta::seconds(i64::from(seconds));
            self.since.is_none_or(|since| now < end(since))
        };
        self.matched > fault.after_calls
            && fault.count.is_none_or(|count| self.hit < count)
            && fault.for_s.is_none_or(lasts)
            && fault.draws(self.id, self.matched)
    }
}

/// All active faults.
#[derive(Debug, Default)]
pub struct Faults {
    clock: Clock,
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    added: u64,
    armed: Vec<Armed>,
}

impl Faults {
    /// Creates an empty list of faults that follows this clock.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            table: Mutex::default(),
        }
    }

    /// Switches a fault on and returns its id.
    pub fn add(&self, fault: Fault) -> u64 {
        let mut table = lock(&self.table);
        table.added += 1;
        let id = table.added;
        table.armed.push(Armed {
            id,
            fault,
            matched: 0,
            hit: 0,
            since: None,
        });
        id
    }

    /// Returns the active faults, oldest first.
    #[must_use]
    pub fn list(&self) -> Vec<Armed> {
        lock(&self.table).armed.clone()
    }

    /// Switches a fault off. Returns false if there is none with this id.
    pub fn remove(&self, id: u64) -> bool {
        let armed = &mut lock(&self.table).armed;
        let before = armed.len();
        armed.retain(|fault| fault.id != id);
        armed.len() < before
    }

    /// Switches all faults off.
    pub fn clear(&self) {
        lock(&self.table).armed.clear();
    }

    /// Returns the fault that hits this call, if any: the oldest that is due. Every call counts for
    /// every fault that it matches. A fault that has hit its last call stays listed, with its
    /// counts, until it is switched off.
    pub fn strike(
        &self,
        function: &str,
        service: Service,
        operation: &str,
    ) -> Option<(u64, Fault)> {
        let mut struck = None;
        let now = self.clock.now();
        for armed in &mut lock(&self.table).armed {
            if !armed.fault.matches(function, service, operation) {
                continue;
            }
            armed.matched += 1;
            if armed.is_due(now) && struck.is_none() {
                armed.hit += 1;
                armed.since.get_or_insert(now);
                struck = Some((armed.id, armed.fault.clone()));
            }
        }
        struck
    }
}
