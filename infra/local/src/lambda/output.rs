//! The functions' output: log lines, and metrics in CloudWatch's embedded format.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use local_clock::Clock;
use serde::Serialize;

use super::metrics::{MetricSum, Metrics};
use crate::{events::Events, locks::lock, ring::Ring};

const KEPT_LINES: usize = 5_000;

/// One line that a function printed.
#[derive(Clone, Debug, Serialize)]
pub struct LogLine {
    /// When the line was read, on the stack's clock.
    pub at: DateTime<Utc>,
    pub function: String,
    pub text: String,
}

/// Collects the functions' output. Clones share it.
#[derive(Clone, Debug)]
pub struct Output {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    clock: Clock,
    events: Events,
    quiet: bool,
    lines: Mutex<Ring<LogLine>>,
    causes: Mutex<HashMap<String, String>>,
    metrics: Mutex<Metrics>,
}

impl Output {
    /// Creates a collector that also repeats the output on the stack's stderr unless `quiet`.
    #[must_use]
    pub fn new(clock: Clock, events: Events, quiet: bool) -> Self {
        Self {
            shared: Arc::new(Shared {
                clock,
                events,
                quiet,
                lines: Mutex::new(Ring::new(KEPT_LINES)),
                causes: Mutex::default(),
                metrics: Mutex::default(),
            }),
        }
    }

    pub fn line(&self, function: &str, text: &str) {
        let has_metrics = lock(&self.shared.metrics).add_line(text);
        // Metrics are for /api/metrics and would crowd out the lines that people read.
        if !self.shared.quiet && !has_metrics {
            eprintln!("[{function}] {text}");
        }
        if let Some((message_id, cause)) = cause(text) {
            let mut causes = lock(&self.shared.causes);
            // Forgets all causes rather than keeping every one ever seen.
            if causes.len() >= KEPT_LINES {
                causes.clear();
            }
            causes.insert(message_id, cause);
        }
        let line = LogLine {
            at: self.shared.clock.now(),
            function: function.to_owned(),
            text: text.to_owned(),
        };
        self.shared
            .events
            .publish("log", || serde_json::json!(line));
        lock(&self.shared.lines).push(line);
    }

    /// Returns the latest lines with a number above `number`, oldest first.
    #[must_use]
    pub fn lines_since(&self, number: u64) -> Vec<(u64, LogLine)> {
        lock(&self.shared.lines)
            .since(number)
            .map(|(n, line)| (n, line.clone()))
            .collect()
    }

    /// Returns a function's last stated cause for failing to process a queue's message.
    #[must_use]
    pub fn cause(&self, message_id: &str) -> Option<String> {
        lock(&self.shared.causes).get(message_id).cloned()
    }

    /// Returns the metrics seen so far, summed.
    #[must_use]
    pub fn metrics(&self) -> Vec<MetricSum> {
        lock(&self.shared.metrics).sums()
    }

    /// Forgets lines, causes and metrics.
    pub fn clear(&self) {
        lock(&self.shared.lines).clear();
        lock(&self.shared.causes).clear();
        *lock(&self.shared.metrics) = Metrics::default();
    }
}

/// Returns the message and the cause in a line of the functions' format.
fn cause(text: &str) -> Option<(String, String)> {
    if !text.contains("\"cause\"") {
        return None;
    }
    let line: serde_json::Value = serde_json::from_str(text).ok()?;
    let part = |pointer: &str| line.pointer(pointer)?.as_str().map(str::to_owned);
    Some((part("/span/message_id")?, part("/cause")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_cause_of_a_message_is_kept() {
        let output = Output::new(Clock::default(), Events::default(), true);
        for text in [
            r#"{"cause": "first", "span": {"message_id": "a"}}"#,
            r#"{"cause": "second", "span": {"message_id": "a"}}"#,
            r#"{"cause": "of nothing", "span": {}}"#,
            r#"{"message": "done", "span": {"message_id": "b"}}"#,
            "\"cause\" in words",
        ] {
            output.line("worker", text);
        }
        assert_eq!(output.cause("a").as_deref(), Some("second"));
        assert_eq!(output.cause("b"), None);
        output.clear();
        assert_eq!(output.cause("a"), None);
    }
}
