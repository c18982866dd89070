//! Faults that the control API switches on: which call they hit, and how.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::service::Service;
use crate::locks::lock;

/// A fault as the control API takes it.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The service whose calls it hits.
    pub target: Service,
    /// Only calls whose operation contains this.
    #[serde(rename = "match", default, skip_serializing_if = "Option::is_none")]
    pub matching: Option<String>,
    /// What happens to a call.
    pub kind: Kind,
    /// The status for `status` and `status_after`; 500 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Headers of the answer for `status` and `status_after`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// Body of the answer for `status` and `status_after`: text, or any JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// By how many milliseconds `slow` puts the call off; 2000 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// How many matching calls pass before the first one is hit.
    #[serde(default)]
    pub after_calls: u64,
    /// How many calls are hit before the fault is over; all if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

/// What a fault does to a call. With `_after` the call has had its effect.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The connection is closed without effect and without an answer.
    Refuse,
    /// The answer is an error; the call has no effect.
    Status,
    /// The answer is an error, but the call has had its effect.
    StatusAfter,
    /// The connection is closed after the effect, before the answer.
    CutAfter,
    /// There is never an answer, and no effect.
    Hang,
    /// The call has its effect and its answer, but late.
    Slow,
    /// The call has its effect; its answer breaks off in the middle.
    Truncate,
    /// The function's process is killed after the effect, before it has the answer.
    KillAfter,
}

/// The answer that a `status` or `status_after` fault gives.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultAnswer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: String,
}

impl Fault {
    /// The answer that this fault gives in place of the service's.
    ///
    /// # Errors
    /// A sentence naming the member that cannot be used.
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

    /// How long `slow` puts a call off.
    #[must_use]
    pub fn delay(&self) -> Duration {
        Duration::from_millis(self.delay_ms.unwrap_or(2_000))
    }

    fn matches(&self, service: Service, operation: &str) -> bool {
        let named = self
            .matching
            .as_deref()
            .is_none_or(|part| operation.contains(part));
        self.target == service && named
    }
}

/// A fault that is switched on, and what it has met.
#[derive(Clone, Debug, Serialize)]
pub struct Armed {
    /// Names it, for switching it off.
    pub id: u64,
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
    /// How many calls matched.
    pub matched: u64,
    /// How many of those it hit.
    pub hit: u64,
}

/// The faults that are switched on.
#[derive(Debug, Default)]
pub struct Faults {
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    added: u64,
    armed: Vec<Armed>,
}

impl Faults {
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
        });
        id
    }

    /// The faults that are on, oldest first.
    #[must_use]
    pub fn list(&self) -> Vec<Armed> {
        lock(&self.table).armed.clone()
    }

    /// Switches one off; false if there is none of this id.
    pub fn remove(&self, id: u64) -> bool {
        let armed = &mut lock(&self.table).armed;
        let before = armed.len();
        armed.retain(|fault| fault.id != id);
        armed.len() < before
    }

    /// Switches all off.
    pub fn clear(&self) {
        lock(&self.table).armed.clear();
    }

    /// The fault that hits this call, if any: the oldest one that is due. Every call
    /// counts for every fault that it matches. A fault that has hit its last call stays
    /// listed, with its numbers, until it is switched off.
    pub fn strike(&self, service: Service, operation: &str) -> Option<(u64, Fault)> {
        let mut struck = None;
        for armed in &mut lock(&self.table).armed {
            if !armed.fault.matches(service, operation) {
                continue;
            }
            armed.matched += 1;
            let due = armed.matched > armed.fault.after_calls
                && armed.fault.count.is_none_or(|count| armed.hit < count);
            if due && struck.is_none() {
                armed.hit += 1;
                struck = Some((armed.id, armed.fault.clone()));
            }
        }
        struck
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fault(json: Value) -> Fault {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn a_fault_hits_the_calls_it_names() {
        let comment = "POST /rest/api/3/issue/SUP-1/comment";
        for (given, service, operation, hits) in [
            (json!({}), Service::Jira, comment, [true, true, true, true]),
            (json!({}), Service::Sqs, "SendMessage", [false; 4]),
            (
                json!({"match": "/comment"}),
                Service::Jira,
                comment,
                [true; 4],
            ),
            (
                json!({"match": "/search"}),
                Service::Jira,
                comment,
                [false; 4],
            ),
            (
                json!({"after_calls": 2}),
                Service::Jira,
                comment,
                [false, false, true, true],
            ),
            (
                json!({"count": 1}),
                Service::Jira,
                comment,
                [true, false, false, false],
            ),
            (
                json!({"after_calls": 1, "count": 2}),
                Service::Jira,
                comment,
                [false, true, true, false],
            ),
        ] {
            let mut document = json!({"target": "jira", "kind": "refuse"});
            document
                .as_object_mut()
                .unwrap()
                .extend(given.as_object().unwrap().clone());
            let faults = Faults::default();
            faults.add(fault(document));
            let struck = [(); 4].map(|()| faults.strike(service, operation).is_some());
            assert_eq!(struck, hits, "{given}");
        }
    }

    #[test]
    fn the_oldest_due_fault_wins_and_others_still_count() {
        let faults = Faults::default();
        let first = faults.add(fault(json!({"target": "jira", "kind": "hang", "count": 1})));
        let second = faults.add(fault(
            json!({"target": "jira", "kind": "refuse", "after_calls": 1}),
        ));
        let struck = [(); 2].map(|()| faults.strike(Service::Jira, "GET /").unwrap().0);
        assert_eq!(struck, [first, second]);
        assert!(faults.remove(first));
        assert!(!faults.remove(first));
        assert_eq!(faults.list().len(), 1);
        faults.clear();
        assert!(faults.strike(Service::Jira, "GET /").is_none());
    }

    #[test]
    fn the_answer_is_what_was_asked_for() {
        let throttled = fault(json!({
            "target": "whatsapp", "kind": "status", "status": 429,
            "headers": {"retry-after": "7"}, "body": {"error": {"code": 4}},
        }));
        let answer = throttled.answer().unwrap();
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(answer.headers["retry-after"], "7");
        assert_eq!(answer.headers["content-type"], "application/json");
        assert_eq!(answer.body, r#"{"error":{"code":4}}"#);
        for (member, value) in [("status", json!(99)), ("headers", json!({"a b": "c"}))] {
            let mut document = json!({"target": "jira", "kind": "status"});
            document[member] = value;
            assert!(fault(document).answer().unwrap_err().starts_with(member));
        }
    }
}
