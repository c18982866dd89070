//! The record of invocations.

use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, Utc};
use local_clock::Clock;
use serde::Serialize;

use super::environment::Report;
use crate::{events::Events, locks::lock, ring::Ring};

const KEPT_INVOCATIONS: usize = 5_000;

/// A finished invocation.
#[derive(Clone, Debug, Serialize)]
pub struct Invocation {
    /// When the invocation ended, on the stack's clock.
    pub at: DateTime<Utc>,
    pub function: String,
    /// The environment that ran it.
    pub environment: u64,
    /// The request id, as the function saw it.
    pub request_id: String,
    /// How long the environment took to start, if it started for this invocation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init_ms: Option<f64>,
    /// How long the function ran.
    pub duration_ms: f64,
    /// The environment's peak memory so far, in bytes, if the system reports it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_memory_bytes: Option<u64>,
    /// Why the invocation failed, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

#[derive(Debug)]
pub(super) struct Invocations {
    clock: Clock,
    events: Events,
    ring: Mutex<Ring<Invocation>>,
}

impl Invocations {
    pub(super) fn new(clock: Clock, events: Events) -> Self {
        Self {
            clock,
            events,
            ring: Mutex::new(Ring::new(KEPT_INVOCATIONS)),
        }
    }

    pub(super) fn add(&self, function: &str, environment: u64, request_id: &str, report: &Report) {
        let invocation = Invocation {
            at: self.clock.now(),
            function: function.to_owned(),
            environment,
            request_id: request_id.to_owned(),
            init_ms: report.init.map(milliseconds),
            duration_ms: milliseconds(report.duration),
            peak_memory_bytes: report.peak_memory,
            error: report.result.as_ref().err().map(ToString::to_string),
        };
        if let Some(error) = &invocation.error {
            tracing::warn!(function, request_id, %error, "an invocation failed");
        }
        self.events
            .publish("invocation", || serde_json::json!(invocation));
        lock(&self.ring).push(invocation);
    }

    pub(super) fn since(&self, number: u64) -> Vec<(u64, Invocation)> {
        lock(&self.ring)
            .since(number)
            .map(|(n, invocation)| (n, invocation.clone()))
            .collect()
    }

    pub(super) fn clear(&self) {
        lock(&self.ring).clear();
    }
}

// To two decimal places, as Lambda reports it.
fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 100_000.0).round() / 100.0
}
