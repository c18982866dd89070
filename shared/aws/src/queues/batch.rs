//! Sends many messages at once.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use casement_core::model::timer::LONGEST_DELAY;
use casement_core::model::trace_context::TraceContext;
use casement_service::ports::{BatchQueue, QueueEntry};
use casement_service::{BackendFailure, QueueFailure};
use chrono::Duration;

use super::trace_context;
use super::wire::{ENTRIES_PER_CALL, LONGEST_BODY, fifo_id, group_id, sendable};
use crate::error_code::{backend_failure, of_code};

/// Sends many messages to one queue in as few calls as SQS allows.
#[derive(Clone, Debug)]
pub struct BatchSender {
    client: Client,
    queue_url: String,
}

impl BatchSender {
    /// To the queue at this URL.
    pub fn new(client: Client, queue_url: impl Into<String>) -> Self {
        Self {
            client,
            queue_url: queue_url.into(),
        }
    }

    /// Sends the entries of one call. Returns why at least one entry was refused, if so.
    async fn send_chunk(
        &self,
        chunk: Vec<QueueEntry>,
    ) -> Result<Option<BackendFailure>, QueueFailure> {
        let sent = chunk.len();
        let entries = chunk
            .into_iter()
            .enumerate()
            .map(|(index, entry)| request_entry(index, entry))
            .collect::<Result<Vec<_>, _>>()?;
        let answer = self
            .client
            .send_message_batch()
            .queue_url(&self.queue_url)
            .set_entries(Some(entries))
            .send()
            .await
            .map_err(|error| QueueFailure(backend_failure(&error)))?;
        // HTTP 200 proves nothing: refused entries are in a list of their own.
        let refused = answer.failed().first().map(|entry| {
            let code = entry.code().to_owned();
            if entry.sender_fault() {
                of_code(code, 400)
            } else {
                BackendFailure::Unreachable(code)
            }
        });
        let unaccounted =
            || BackendFailure::Unreachable("an entry is neither sent nor refused".to_owned());
        Ok(refused.or_else(|| (answer.successful().len() != sent).then(unaccounted)))
    }
}

impl BatchQueue for BatchSender {
    const LONGEST_BODY: usize = LONGEST_BODY;

    async fn send_all(&self, entries: Vec<QueueEntry>) -> Result<(), QueueFailure> {
        let mut refused = None;
        for chunk in chunks(entries) {
            let first = self.send_chunk(chunk).await?;
            refused = refused.or(first);
        }
        refused.map_or(Ok(()), |failure| Err(QueueFailure(failure)))
    }
}

/// The trace context of an entry: that of the current work, with the entry's own correlation id.
fn context_of(entry: &QueueEntry) -> TraceContext {
    let current = trace_context::current();
    TraceContext {
        correlation_id: entry.correlation_id.clone().or(current.correlation_id),
        ..current
    }
}

/// The size in bytes, as SQS counts.
fn size(entry: &QueueEntry) -> usize {
    entry.body.len() + trace_context::size(&context_of(entry))
}

fn request_entry(
    index: usize,
    entry: QueueEntry,
) -> Result<SendMessageBatchRequestEntry, QueueFailure> {
    let trace_context = context_of(&entry);
    let correlation = trace_context::correlation(&trace_context)?;
    let trace = trace_context::trace(&trace_context)?;
    let delay = whole_seconds(entry.delay);
    SendMessageBatchRequestEntry::builder()
        .id(index.to_string())
        .message_body(entry.body)
        .set_message_group_id(entry.group.map(|group| group_id(&group)))
        .set_message_deduplication_id(entry.deduplication_id.map(|id| fifo_id(&id).into_owned()))
        .set_message_attributes(correlation.map(|one| [one].into()))
        .set_message_system_attributes(trace.map(|one| [one].into()))
        .set_delay_seconds((delay > 0).then_some(delay))
        .build()
        .map_err(|_| QueueFailure(BackendFailure::Unreadable("request not built")))
}

/// Rounds up, so that a message is never early, and limits the delay to SQS's maximum.
fn whole_seconds(delay: Duration) -> i32 {
    let milliseconds = delay
        .clamp(Duration::zero(), LONGEST_DELAY)
        .num_milliseconds();
    i32::try_from(milliseconds.saturating_add(999) / 1000).unwrap_or_default()
}

/// Splits the entries into calls, each as full as SQS allows.
fn chunks(entries: Vec<QueueEntry>) -> Vec<Vec<QueueEntry>> {
    let mut chunks: Vec<Vec<QueueEntry>> = Vec::new();
    let mut bytes = 0;
    for mut entry in entries {
        entry.body = sendable(entry.body);
        let fits = bytes + size(&entry) <= LONGEST_BODY;
        match chunks.last_mut() {
            Some(chunk) if fits && chunk.len() < ENTRIES_PER_CALL => {
                bytes += size(&entry);
                chunk.push(entry);
            }
            _ => {
                bytes = size(&entry);
                chunks.push(vec![entry]);
            }
        }
    }
    chunks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_takes_ten_entries_and_a_mebibyte() {
        let third = LONGEST_BODY / 3;
        for (sizes, expected) in [
            (vec![], vec![]),
            (vec![5; 10], vec![10]),
            (vec![5; 21], vec![10, 10, 1]),
            (vec![third, third, third], vec![3]),
            (vec![third, third, third + 2], vec![2, 1]),
            (vec![1, LONGEST_BODY, 1], vec![1, 1, 1]),
            (vec![LONGEST_BODY + 1, 1], vec![1, 1]),
        ] {
            let entries = sizes.iter().map(|size| QueueEntry::new("x".repeat(*size)));
            let chunks = chunks(entries.collect());
            let counts: Vec<_> = chunks.iter().map(Vec::len).collect();
            assert_eq!(counts, expected, "{sizes:?}");
        }
    }
}
