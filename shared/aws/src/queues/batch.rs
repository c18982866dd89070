//! Sends many messages at once.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use casement_core::model::trail::Trail;
use casement_service::{BackendFailure, QueueFailure};

use super::trail;
use super::wire::{ENTRIES_PER_CALL, LONGEST_BODY, fifo_id, group_id, sendable};
use crate::error_code::{backend_failure, of_code};

/// A message to be sent with others.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// JSON of at most [`LONGEST_BODY`] bytes.
    pub body: String,
    /// FIFO queues: the messages of a group stay in order. Standard queues: the share of the
    /// consumers that the message counts towards. SQS gets a fingerprint of the group.
    pub group: Option<String>,
    /// FIFO queues: two messages of a group with the same id within five minutes are one.
    pub deduplication_id: Option<String>,
    /// Standard queues: when the message arrives, 0 to 900.
    pub delay_seconds: i32,
    /// Where it comes from.
    pub trail: Trail,
}

impl Entry {
    /// Makes a message for a standard queue, without delay, on the trail of the current work.
    #[must_use]
    pub fn new(body: String) -> Self {
        Self {
            body,
            group: None,
            deduplication_id: None,
            delay_seconds: 0,
            trail: trail::current(),
        }
    }

    /// Puts the message into a group.
    #[must_use]
    pub fn in_group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// Gives the message its own correlation id, in the trace of the current work.
    #[must_use]
    pub fn followed_by(mut self, correlation_id: Option<String>) -> Self {
        self.trail.correlation_id = correlation_id;
        self
    }

    /// Returns the size in bytes, as SQS counts.
    fn size(&self) -> usize {
        self.body.len() + trail::size(&self.trail)
    }

    /// Gives the message an id that identifies its repetition.
    #[must_use]
    pub fn deduplicated_by(mut self, id: impl Into<String>) -> Self {
        self.deduplication_id = Some(id.into());
        self
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Entry({} bytes)", self.body.len())
    }
}

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

    /// Sends all entries in their order. `Ok` means that SQS has every one of them.
    ///
    /// An entry that SQS refuses does not stop the others; a failed call does.
    ///
    /// # Errors
    /// At least one entry is not confirmed, others may be sent. The caller must not acknowledge the
    /// source of the entries. Sending all again is safe.
    pub async fn send_all(&self, entries: Vec<Entry>) -> Result<(), QueueFailure> {
        let mut refused = None;
        for chunk in chunks(entries) {
            let first = self.send_chunk(chunk).await?;
            refused = refused.or(first);
        }
        refused.map_or(Ok(()), |failure| Err(QueueFailure(failure)))
    }

    /// Sends the entries of one call. Returns why at least one entry was refused, if so.
    async fn send_chunk(&self, chunk: Vec<Entry>) -> Result<Option<BackendFailure>, QueueFailure> {
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

fn request_entry(index: usize, entry: Entry) -> Result<SendMessageBatchRequestEntry, QueueFailure> {
    let correlation = trail::correlation(&entry.trail)?;
    let trace = trail::trace(&entry.trail)?;
    SendMessageBatchRequestEntry::builder()
        .id(index.to_string())
        .message_body(entry.body)
        .set_message_group_id(entry.group.map(|group| group_id(&group)))
        .set_message_deduplication_id(entry.deduplication_id.map(|id| fifo_id(&id).into_owned()))
        .set_message_attributes(correlation.map(|one| [one].into()))
        .set_message_system_attributes(trace.map(|one| [one].into()))
        .set_delay_seconds((entry.delay_seconds > 0).then_some(entry.delay_seconds))
        .build()
        .map_err(|_| QueueFailure(BackendFailure::Unreadable("request not built")))
}

/// Splits the entries into calls, each as full as SQS allows.
fn chunks(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut chunks: Vec<Vec<Entry>> = Vec::new();
    let mut bytes = 0;
    for mut entry in entries {
        entry.body = sendable(entry.body);
        let fits = bytes + entry.size() <= LONGEST_BODY;
        match chunks.last_mut() {
            Some(chunk) if fits && chunk.len() < ENTRIES_PER_CALL => {
                bytes += entry.size();
                chunk.push(entry);
            }
            _ => {
                bytes = entry.size();
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
            let entries = sizes.iter().map(|size| Entry::new("x".repeat(*size)));
            let chunks = chunks(entries.collect());
            let counts: Vec<_> = chunks.iter().map(Vec::len).collect();
            assert_eq!(counts, expected, "{sizes:?}");
        }
    }
}
