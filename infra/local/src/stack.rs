//! All running parts, as the control API observes and moves them.

use std::sync::Arc;

use local_clock::Clock;
use local_emulators::dynamodb::DynamoDb;
use local_emulators::secrets::Secrets;
use local_emulators::sqs::Sqs;
use local_emulators::template;
use local_simulators::jira::JiraSimulator;
use local_simulators::whatsapp::WhatsappSimulator;
use serde_json::{Value, json};

use crate::deployment::StackOutput;
use crate::events::Events;
use crate::lambda::{Lambda, Output};
use crate::mapping::{Delivered, Returned};
use crate::proxy::{Calls, Faults};
use crate::schedule::Schedule;
use crate::settings;

/// The running stack. Clones share all of it.
#[derive(Clone)]
pub(crate) struct Stack {
    pub(crate) clock: Clock,
    pub(crate) events: Events,
    pub(crate) queues: Arc<[QueuePair]>,
    pub(crate) sqs: Sqs,
    pub(crate) table: Arc<DynamoDb>,
    pub(crate) lambda: Lambda,
    pub(crate) output: Output,
    pub(crate) calls: Calls,
    pub(crate) faults: Arc<Faults>,
    pub(crate) returned: Returned,
    pub(crate) delivered: Delivered,
    pub(crate) schedules: Arc<[Schedule]>,
    pub(crate) whatsapp: WhatsappSimulator,
    pub(crate) jira: JiraSimulator,
    pub(crate) settings: Arc<str>,
    pub(crate) secrets: Secrets,
    /// The initial contents of the functions' secrets, by name.
    pub(crate) initial_secrets: Arc<[(&'static str, Value)]>,
    /// The outputs of the deployment.
    pub(crate) outputs: Arc<[StackOutput]>,
}

/// A queue that functions consume, and its dead-letter queue.
#[derive(Clone, Debug)]
pub(crate) struct QueuePair {
    /// The short name: `inbound` for `inbound.fifo`.
    pub(crate) name: String,
    /// The physical name.
    pub(crate) queue: String,
    /// The physical name of the dead-letter queue.
    pub(crate) dead_letters: Option<String>,
}

impl QueuePair {
    /// Returns the queues of a template that are not themselves dead-letter queues.
    pub(crate) fn of(queues: &[template::Queue]) -> Vec<Self> {
        let is_for_dead_letters = |name: &str| {
            queues
                .iter()
                .any(|queue| queue.dead_letter_queue.as_deref() == Some(name))
        };
        queues
            .iter()
            .filter(|queue| !is_for_dead_letters(&queue.name))
            .map(|queue| Self {
                name: queue.name.trim_end_matches(".fifo").to_owned(),
                queue: queue.name.clone(),
                dead_letters: queue.dead_letter_queue.clone(),
            })
            .collect()
    }
}

impl Stack {
    /// Moves the clock and starts whatever has become due.
    ///
    /// # Errors
    /// The functions cannot be told. The clock has not moved then.
    pub(crate) fn move_clock(&self, offset_ms: i64) -> std::io::Result<()> {
        self.clock.set_offset_ms(offset_ms)?;
        // Done before anything due starts, so that it finds the table as it would be at that time.
        match self.table.expire(self.clock.now()) {
            Ok(0) => {}
            Ok(items) => tracing::info!(items, "expired items are deleted"),
            Err(error) => tracing::warn!(%error, "expired items stay"),
        }
        for schedule in self.schedules.iter() {
            schedule.start_if_due();
        }
        self.events.publish("clock", || self.clock_view());
        Ok(())
    }

    /// Returns the clock as the control API shows it.
    pub(crate) fn clock_view(&self) -> serde_json::Value {
        let offset_ms = self.clock.offset_ms();
        json!({
            "now": self.clock.now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            "offset_s": whole_if_possible(offset_ms),
        })
    }

    /// Returns the stored settings document and its version, if there is one.
    ///
    /// # Errors
    /// The table's error.
    pub(crate) fn stored_settings(&self) -> Result<Option<(String, u64)>, String> {
        let key = json!({"pk": {"S": settings::KEY}, "sk": {"S": settings::KEY}});
        let item = self.table.item(key).map_err(|error| error.to_string())?;
        Ok(item.map(|item| {
            let document = item["document"]["S"].as_str().unwrap_or_default();
            let version = item["version"]["N"].as_str();
            let version = version.and_then(|version| version.parse().ok());
            (document.to_owned(), version.unwrap_or(0))
        }))
    }

    /// Stores a checked settings document. Functions see it once their copy has expired.
    ///
    /// # Errors
    /// The table's error.
    pub(crate) fn store_settings(&self, document: &str, version: u64) -> Result<(), String> {
        self.table
            .put_item(settings::item(document, version))
            .map_err(|error| error.to_string())
    }

    /// Empties and restarts everything: simulators, functions, queues, table, secrets, clock,
    /// faults, records. The functions start cold, so that they keep nothing in memory.
    ///
    /// # Errors
    /// Names the part that could not be emptied.
    pub(crate) async fn reset(&self) -> Result<(), String> {
        // Sources first, so that nothing new arrives after something was emptied.
        self.whatsapp.reset();
        self.jira.reset();
        self.faults.clear();
        let stopped = self.lambda.stop_all().await;
        self.sqs.reset().map_err(|error| error.to_string())?;
        self.table.empty().map_err(|error| error.to_string())?;
        self.move_clock(0).map_err(|error| error.to_string())?;
        self.returned.clear();
        self.delivered.clear();
        self.calls.clear();
        self.output.clear();
        self.lambda.forget_invocations();
        self.store_settings(&self.settings, 1)?;
        for (name, value) in self.initial_secrets.iter() {
            self.secrets.set(name, &value.to_string());
        }
        drop(stopped);
        self.events.publish("reset", || json!({}));
        Ok(())
    }
}

// Returns 90000 instead of 90000.0 if the offset is a whole number of seconds.
fn whole_if_possible(offset_ms: i64) -> serde_json::Value {
    if offset_ms % 1000 == 0 {
        json!(offset_ms / 1000)
    } else {
        #[expect(clippy::cast_precision_loss, reason = "offsets are far below 2^53 ms")]
        let seconds = offset_ms as f64 / 1000.0;
        json!(seconds)
    }
}
