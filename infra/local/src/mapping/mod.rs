//! Event source mappings: they deliver messages of a queue to a function in batches, and delete
//! them as the function says.

mod delivered;
mod response;
mod returned;

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use local_emulators::sqs::{ReceivedMessage, Sqs, SqsError};
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;

pub use self::delivered::Delivered;
use self::response::{Verdict, verdict};
pub use self::returned::Returned;
use crate::lambda::{Lambda, MAX_PAYLOAD};

// ReceiveMessage returns at most ten messages and waits at most twenty seconds.
const RECEIVED_AT_ONCE: usize = 10;
const LONG_POLL: Duration = Duration::from_secs(20);
// Lambda starts with five pollers if nothing limits the mapping.
const DEFAULT_CONCURRENCY: usize = 5;

/// The template's settings for an event source mapping.
#[derive(Clone, Debug)]
pub struct MappingConfig {
    /// The queue's physical name.
    pub queue: String,
    pub function: String,
    /// The most messages in one batch.
    pub batch_size: usize,
    /// The most batches at once.
    pub maximum_concurrency: Option<usize>,
    /// Whether the function names the messages that failed.
    pub report_item_failures: bool,
    /// How long to gather messages for a batch.
    pub batching_window: Duration,
}

#[derive(Clone)]
pub struct Mapping {
    /// The template's settings.
    pub config: MappingConfig,
    pub sqs: Sqs,
    pub lambda: Lambda,
    /// The record of messages that will be delivered again.
    pub returned: Returned,
    /// The record of everything that is delivered.
    pub delivered: Delivered,
}

impl Mapping {
    /// Polls and delivers until the future is dropped.
    pub async fn run(self) {
        let concurrency = self
            .config
            .maximum_concurrency
            .unwrap_or(DEFAULT_CONCURRENCY);
        let permits = Arc::new(Semaphore::new(concurrency));
        let mut batches = JoinSet::new();
        // Fails only if the semaphore is closed, which never happens.
        while let Ok(permit) = Arc::clone(&permits).acquire_owned().await {
            while batches.try_join_next().is_some() {}
            match self.next_batch().await {
                Ok(batch) if batch.is_empty() => {}
                Ok(batch) => {
                    let mapping = self.clone();
                    batches.spawn(async move {
                        mapping.deliver(batch).await;
                        drop(permit);
                    });
                }
                Err(error) => {
                    tracing::error!(queue = self.config.queue, %error, "a queue cannot be polled");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    async fn next_batch(&self) -> Result<Vec<ReceivedMessage>, SqsError> {
        let size = self.config.batch_size;
        let mut batch = self.receive(size, LONG_POLL).await?;
        if batch.is_empty() {
            return Ok(batch);
        }
        let full_at = Instant::now() + self.config.batching_window;
        while batch.len() < size {
            let left = full_at.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            batch.extend(self.receive(size - batch.len(), left).await?);
        }
        Ok(batch)
    }

    async fn receive(
        &self,
        maximum: usize,
        wait: Duration,
    ) -> Result<Vec<ReceivedMessage>, SqsError> {
        let maximum = maximum.min(RECEIVED_AT_ONCE);
        self.sqs.receive(&self.config.queue, maximum, wait).await
    }

    /// Delivers a batch to the function, in parts that fit an invocation. After a part with
    /// failures the rest waits, so that no group is processed out of order.
    async fn deliver(&self, batch: Vec<ReceivedMessage>) {
        self.delivered.add(&self.config.queue, &batch);
        let records: Vec<Value> = batch
            .iter()
            .map(|message| self.sqs.to_lambda_record(&self.config.queue, message))
            .collect();
        let mut delivered = 0;
        for part in parts(&records, MAX_PAYLOAD) {
            delivered = part.end;
            let event = json!({"Records": records[part.clone()]}).to_string();
            if !self.deliver_part(&batch[part], event).await {
                break;
            }
        }
        self.give_back(&batch[delivered..], "an earlier part of its batch failed");
    }

    /// Returns whether the whole part was processed successfully.
    async fn deliver_part(&self, part: &[ReceivedMessage], event: String) -> bool {
        let config = &self.config;
        let result = self
            .lambda
            .invoke(&config.function, Bytes::from(event))
            .await;
        let response = match result {
            Ok(response) => response,
            Err(error) => {
                self.give_back(part, &error.to_string());
                return false;
            }
        };
        let ids: Vec<&str> = part.iter().map(message_id).collect();
        match verdict(&ids, &response, config.report_item_failures) {
            Verdict::Keep(kept) => {
                let is_kept =
                    |message: &&ReceivedMessage| kept.iter().any(|id| id == message_id(message));
                let (kept, done): (Vec<_>, Vec<_>) = part.iter().partition(is_kept);
                for message in done {
                    self.delete(message);
                }
                for message in &kept {
                    self.returned.add(
                        message,
                        &format!("reported as failed by {}", config.function),
                    );
                }
                kept.is_empty()
            }
            Verdict::KeepAll(reason) => {
                tracing::warn!(
                    function = config.function,
                    reason,
                    "a whole batch comes again"
                );
                self.give_back(part, reason);
                false
            }
        }
    }

    fn delete(&self, message: &ReceivedMessage) {
        self.returned.remove(message);
        if let Err(error) = self.sqs.delete(&self.config.queue, &message.receipt_handle) {
            // The message is delivered again, as at AWS.
            tracing::warn!(queue = self.config.queue, %error, "a message cannot be deleted");
        }
    }

    fn give_back(&self, messages: &[ReceivedMessage], reason: &str) {
        for message in messages {
            self.returned.add(message, reason);
        }
    }
}

fn message_id(received: &ReceivedMessage) -> &str {
    &received.message.message_id
}

/// Splits records into ranges whose events have at most `limit` bytes. A record that is too large
/// by itself gets its own range.
fn parts(records: &[Value], limit: usize) -> Vec<Range<usize>> {
    let frame = json!({"Records": []}).to_string().len();
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut size = 0;
    for (index, record) in records.iter().enumerate() {
        let with_comma = record.to_string().len() + 1;
        size += with_comma;
        match parts.last_mut() {
            Some(part) if size <= limit => part.end = index + 1,
            _ => {
                parts.push(index..index + 1);
                size = frame + with_comma;
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_cut_to_what_an_invocation_takes() {
        // A frame of 14 bytes, then 2 + n bytes and a comma for each record.
        for (lengths, limit, expected) in [
            (&[][..], 100, &[][..]),
            (&[10, 10], 100, &[(0, 2)]),
            (&[10, 10], 40, &[(0, 2)]),
            (&[10, 10], 39, &[(0, 1), (1, 2)]),
            (&[10, 200, 10], 40, &[(0, 1), (1, 2), (2, 3)]),
            (&[1, 1, 1, 1], 22, &[(0, 2), (2, 4)]),
        ] {
            let records: Vec<Value> = lengths.iter().map(|n| json!("x".repeat(*n))).collect();
            let cut: Vec<(usize, usize)> = parts(&records, limit)
                .into_iter()
                .map(|part| (part.start, part.end))
                .collect();
            assert_eq!(cut, expected, "{lengths:?} in {limit}");
        }
    }
}
