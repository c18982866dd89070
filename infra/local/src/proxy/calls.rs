//! The numbered record of every call that functions made.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use serde::Serialize;
use serde_json::Value;

use super::form::FormPart;
use super::service::Service;
use crate::{events::Events, locks::lock, ring::Ring};

const KEPT_CALLS: usize = 20_000;

/// One call of a function to an outside service.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    pub function: String,
    /// The environment that made the call.
    pub environment: u64,
    pub service: Service,
    /// The requested operation.
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// The path at the service, including the query.
    pub path: String,
    /// The media type of the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// The status that the function saw; `None` if it saw no answer, or none yet.
    pub status: Option<u16>,
    /// How long the call took, in milliseconds; `None` while it runs.
    pub ms: Option<u64>,
    /// The id of the fault that hit the call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<u64>,
    /// The IAM actions that the call needed, if it went to AWS.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<String>,
    /// The body, if it was JSON for a simulator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Value>,
    /// The parts of an upload to a simulator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<Vec<FormPart>>,
    /// Whether an upload ended before its form did.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub broke_off: bool,
}

/// The record of calls. Clones share it.
#[derive(Clone, Debug)]
pub struct Calls {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    ring: Mutex<Ring<Call>>,
    totals: Mutex<BTreeMap<Service, u64>>,
    events: Events,
}

/// A running call. If dropped without an answer, it is recorded as having none.
#[derive(Debug)]
pub struct OpenCall {
    number: u64,
    started: Instant,
    status: Option<u16>,
    form: Option<Vec<FormPart>>,
    broke_off: bool,
    calls: Calls,
}

impl Calls {
    /// Creates an empty record, which publishes every finished call to `events`.
    #[must_use]
    pub fn new(events: Events) -> Self {
        Self {
            shared: Arc::new(Shared {
                ring: Mutex::new(Ring::new(KEPT_CALLS)),
                totals: Mutex::default(),
                events,
            }),
        }
    }

    /// Records the start of a call.
    #[must_use]
    pub fn begin(&self, call: Call) -> OpenCall {
        *lock(&self.shared.totals).entry(call.service).or_default() += 1;
        OpenCall {
            number: lock(&self.shared.ring).push(call),
            started: Instant::now(),
            status: None,
            form: None,
            broke_off: false,
            calls: self.clone(),
        }
    }

    /// Returns the calls with a number above `number`, oldest first.
    #[must_use]
    pub fn since(&self, number: u64) -> Vec<(u64, Call)> {
        lock(&self.shared.ring)
            .since(number)
            .map(|(n, call)| (n, call.clone()))
            .collect()
    }

    /// Returns how many calls each service has received.
    #[must_use]
    pub fn totals(&self) -> BTreeMap<&'static str, u64> {
        let totals = lock(&self.shared.totals);
        Service::ALL
            .into_iter()
            .map(|service| (service.name(), totals.get(&service).copied().unwrap_or(0)))
            .collect()
    }

    /// Forgets everything and restarts the counts.
    pub fn clear(&self) {
        lock(&self.shared.ring).clear();
        lock(&self.shared.totals).clear();
    }
}

impl OpenCall {
    /// Records the status that the function is about to see.
    pub fn answer(&mut self, status: u16) {
        self.status = Some(status);
    }

    /// Records the parts of an upload, or that it broke off.
    pub fn uploaded(&mut self, form: Option<Vec<FormPart>>) {
        self.broke_off = form.is_none();
        self.form = form;
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        let mut ring = lock(&self.calls.shared.ring);
        let Some(call) = ring.get_mut(self.number) else {
            return;
        };
        call.status = self.status;
        call.form = self.form.take();
        call.broke_off = self.broke_off;
        call.ms = u64::try_from(self.started.elapsed().as_millis()).ok();
        let number = self.number;
        self.calls
            .shared
            .events
            .publish("call", || numbered(number, call));
    }
}

/// Returns a call with its number, as the control API shows it.
#[must_use]
pub fn numbered<T: Serialize>(number: u64, entry: &T) -> Value {
    let mut value = serde_json::json!({"n": number});
    if let (Some(shown), Value::Object(members)) = (value.as_object_mut(), serde_json::json!(entry))
    {
        shown.extend(members);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(service: Service) -> Call {
        Call {
            function: "worker".to_owned(),
            environment: 1,
            service,
            operation: "Op".to_owned(),
            method: "POST".to_owned(),
            path: "/".to_owned(),
            content_type: None,
            status: None,
            ms: None,
            fault: None,
            actions: Vec::new(),
            request: None,
            form: None,
            broke_off: false,
        }
    }

    #[test]
    fn calls_are_numbered_and_counted() {
        let calls = Calls::new(Events::default());
        let mut first = calls.begin(call(Service::Sqs));
        drop(calls.begin(call(Service::Jira)));
        first.answer(200);
        drop(first);
        let statuses: Vec<_> = calls
            .since(0)
            .into_iter()
            .map(|(n, call)| (n, call.status))
            .collect();
        assert_eq!(statuses, [(1, Some(200)), (2, None)]);
        assert_eq!(calls.totals()["sqs"], 1);
        assert_eq!(calls.totals()["secrets"], 0);
        assert_eq!(calls.since(1).len(), 1);
        calls.clear();
        assert_eq!(calls.totals()["sqs"], 0);
    }
}
