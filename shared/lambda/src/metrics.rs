//! The events of an invocation, summed and written in CloudWatch's embedded metric format
//! (CloudWatch user guide, "Specification: Embedded metric format").
//!
//! Metrics without a dimension of their own share a line; the others have a line for each value of
//! the dimension. Every metric also exists for the whole stack, so that alarms need not know the
//! values.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use casement_service::event::TARGET;
use chrono::SecondsFormat;
use serde_json::{Map, Value, json};
use tracing::Subscriber;
use tracing::field::{Field, Visit};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use crate::clock::LambdaClock;

/// The namespace of all metrics.
pub const NAMESPACE: &str = "Casement";

/// CloudWatch refuses more values than this in one metric of a line.
const VALUES_PER_LINE: usize = 100;

/// Sums events until they are written. Clones share the sums.
///
/// As a subscriber layer it receives the events of [`casement_service::Event::count`].
#[derive(Clone, Debug)]
pub struct Metrics {
    stack: String,
    function: String,
    clock: LambdaClock,
    sums: Arc<Mutex<Sums>>,
}

/// By dimension and its value, then by name and unit.
type Sums = BTreeMap<Option<(String, String)>, BTreeMap<(String, String), Values>>;

/// The values of a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Values {
    /// Counts add up.
    Sum(u64),
    /// Measurements are kept one by one, for percentiles.
    Each(Vec<u64>),
}

impl Metrics {
    /// Makes the metrics of a stack, written by `function` at the times of `clock`.
    pub fn new(stack: impl Into<String>, function: impl Into<String>, clock: LambdaClock) -> Self {
        Self {
            stack: stack.into(),
            function: function.into(),
            clock,
            sums: Arc::default(),
        }
    }

    /// The name of the function.
    pub(crate) fn function(&self) -> &str {
        &self.function
    }

    /// Begins an invocation. Dropping the guard writes the invocation's metrics to standard output,
    /// however it ends.
    #[must_use]
    pub fn of_invocation(&self, request_id: &str) -> WrittenAtEnd<'_> {
        WrittenAtEnd {
            metrics: self,
            request_id: request_id.to_owned(),
        }
    }

    /// Returns the lines for everything counted since the last call. `request_id` names the
    /// invocation.
    pub fn take_lines(&self, request_id: &str) -> Vec<String> {
        let sums = std::mem::take(&mut *self.sums());
        let lines = sums.into_iter().flat_map(|(dimension, metrics)| {
            let parts = parts(metrics).into_iter();
            parts.map(move |part| self.line(dimension.as_ref(), &part, request_id))
        });
        lines.collect()
    }

    fn line(
        &self,
        dimension: Option<&(String, String)>,
        metrics: &BTreeMap<(String, String), Value>,
        request_id: &str,
    ) -> String {
        let now = self.clock.now();
        let mut sets = vec![vec!["Stack"]];
        let mut members = Map::new();
        if let Some((name, word)) = dimension {
            sets.push(vec!["Stack", name]);
            members.insert(name.clone(), json!(word));
        }
        let definitions: Vec<_> = metrics
            .keys()
            .map(|(name, unit)| json!({"Name": name, "Unit": unit}))
            .collect();
        members.extend([
            (
                "_aws".to_owned(),
                json!({
                    "Timestamp": now.timestamp_millis(),
                    "CloudWatchMetrics": [
                        {"Namespace": NAMESPACE, "Dimensions": sets, "Metrics": definitions},
                    ],
                }),
            ),
            // Lambda filters lines by their level and needs a time beside it.
            ("level".to_owned(), json!("INFO")),
            (
                "timestamp".to_owned(),
                json!(now.to_rfc3339_opts(SecondsFormat::Millis, true)),
            ),
            ("Stack".to_owned(), json!(self.stack)),
            ("Function".to_owned(), json!(self.function)),
            ("requestId".to_owned(), json!(request_id)),
        ]);
        let values = metrics.iter();
        members.extend(values.map(|((name, _), value)| (name.clone(), value.clone())));
        Value::Object(members).to_string()
    }

    /// A panic elsewhere does not damage the sums.
    fn sums(&self) -> MutexGuard<'_, Sums> {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Splits the metrics into parts that each fit into a line.
fn parts(metrics: BTreeMap<(String, String), Values>) -> Vec<BTreeMap<(String, String), Value>> {
    let mut parts: Vec<BTreeMap<_, _>> = vec![BTreeMap::new()];
    for (key, values) in metrics {
        match values {
            Values::Sum(sum) => {
                parts[0].insert(key, json!(sum));
            }
            Values::Each(values) => {
                for (index, chunk) in values.chunks(VALUES_PER_LINE).enumerate() {
                    if index == parts.len() {
                        parts.push(BTreeMap::new());
                    }
                    parts[index].insert(key.clone(), json!(chunk));
                }
            }
        }
    }
    parts
}

impl<S: Subscriber> Layer<S> for Metrics {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != TARGET {
            return;
        }
        let mut read = Reading::default();
        event.record(&mut read);
        let dimension = read.dimension.zip(read.word);
        let mut sums = self.sums();
        let metrics = sums.entry(dimension).or_default();
        let is_counted = read.unit == "Count";
        let values = metrics
            .entry((read.name, read.unit))
            .or_insert(if is_counted {
                Values::Sum(0)
            } else {
                Values::Each(Vec::new())
            });
        match values {
            Values::Sum(sum) => *sum += read.value,
            Values::Each(values) => values.push(read.value),
        }
    }
}

/// The fields of an event.
#[derive(Default)]
struct Reading {
    name: String,
    unit: String,
    dimension: Option<String>,
    word: Option<String>,
    value: u64,
}

impl Visit for Reading {
    fn record_str(&mut self, field: &Field, value: &str) {
        let value = value.to_owned();
        match field.name() {
            "name" => self.name = value,
            "unit" => self.unit = value,
            "dimension" => self.dimension = Some(value),
            "word" => self.word = Some(value),
            _ => {}
        }
    }

    fn record_u64(&mut self, _: &Field, value: u64) {
        self.value = value;
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

/// Writes the metrics of an invocation when it ends.
#[derive(Debug)]
pub struct WrittenAtEnd<'a> {
    metrics: &'a Metrics,
    request_id: String,
}

impl Drop for WrittenAtEnd<'_> {
    fn drop(&mut self) {
        let mut stdout = std::io::stdout().lock();
        for line in self.metrics.take_lines(&self.request_id) {
            if let Err(error) = writeln!(stdout, "{line}") {
                tracing::warn!(%error, "metrics are lost");
            }
        }
    }
}

#[cfg(test)]
mod tests;
