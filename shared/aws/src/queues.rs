//! The queues that functions write to.

mod batch;
mod trace_context;
mod wire;

#[cfg(test)]
mod tests;

use aws_sdk_sqs::Client;
use casement_core::model::queue::{DelayQueueMessage, OutboundQueueMessage, encode};
use casement_service::ports::{BatchQueue, DelayQueue, OutboundQueue, QueueEntry};
use casement_service::{BackendFailure, QueueFailure};
use chrono::Duration;
use serde::Serialize;

use crate::error_code::backend_failure;
pub use batch::BatchSender;
pub use trace_context::follow;

/// The queue to the only function that sends: FIFO, one group per Jira issue.
#[derive(Clone, Debug)]
pub struct SqsOutbound {
    client: Client,
    queue_url: String,
}

impl SqsOutbound {
    /// The queue at this URL.
    pub fn new(client: Client, queue_url: impl Into<String>) -> Self {
        Self {
            client,
            queue_url: queue_url.into(),
        }
    }
}

impl OutboundQueue for SqsOutbound {
    async fn enqueue(&self, message: &OutboundQueueMessage, id: &str) -> Result<(), QueueFailure> {
        let trace_context = trace_context::current();
        let correlation = trace_context::correlation(&trace_context)?;
        let trace = trace_context::trace(&trace_context)?;
        self.client
            .send_message()
            .queue_url(&self.queue_url)
            .message_body(body_of(message)?)
            .message_group_id(wire::group_id(message.group().as_str()))
            .message_deduplication_id(wire::fifo_id(id))
            .set_message_attributes(correlation.map(|one| [one].into()))
            .set_message_system_attributes(trace.map(|one| [one].into()))
            .send()
            .await
            .map_err(|error| QueueFailure(backend_failure(&error)))?;
        Ok(())
    }
}

/// The queue whose messages arrive later: a standard queue, because FIFO queues have no delay per
/// message.
#[derive(Clone, Debug)]
pub struct SqsDelay(BatchSender);

impl SqsDelay {
    /// The queue at this URL.
    pub fn new(client: Client, queue_url: impl Into<String>) -> Self {
        Self(BatchSender::new(client, queue_url))
    }
}

impl DelayQueue for SqsDelay {
    async fn enqueue_later(
        &self,
        messages: &[(DelayQueueMessage, Duration)],
    ) -> Result<(), QueueFailure> {
        let entries = messages
            .iter()
            .map(|(message, delay)| {
                Ok(QueueEntry {
                    delay: *delay,
                    ..QueueEntry::new(body_of(message)?)
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        self.0.send_all(entries).await
    }
}

fn body_of(message: &impl Serialize) -> Result<String, QueueFailure> {
    encode(message).map_err(|_| {
        QueueFailure(BackendFailure::Unreadable(
            "the message cannot be written down",
        ))
    })
}
