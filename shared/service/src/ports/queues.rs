//! The queues between the functions.

use std::fmt;

use casement_core::model::queue::{DelayQueueMessage, OutboundQueueMessage};
use chrono::Duration;

use crate::failure::QueueFailure;

/// The queue to the only sender.
pub trait OutboundQueue {
    /// Puts a message on the queue. Two messages with the same `id` within five minutes count as
    /// one.
    ///
    /// # Errors
    /// The queue did not confirm; it may or may not have the message.
    async fn enqueue(&self, message: &OutboundQueueMessage, id: &str) -> Result<(), QueueFailure>;
}

/// The queue whose messages arrive later.
pub trait DelayQueue {
    /// Puts messages on the queue, each to arrive after its delay of at most
    /// [`casement_core::model::timer::LONGEST_DELAY`].
    ///
    /// # Errors
    /// The queue did not confirm all; some may be on it.
    async fn enqueue_later(
        &self,
        messages: &[(DelayQueueMessage, Duration)],
    ) -> Result<(), QueueFailure>;
}

/// A queue that takes many messages at once.
pub trait BatchQueue {
    /// The most bytes of JSON in one message.
    const LONGEST_BODY: usize;

    /// Sends all entries in order. `Ok` means that the queue has every one of them. An entry that
    /// the queue refuses does not stop the others; a failed call does.
    ///
    /// # Errors
    /// At least one entry is not confirmed; others may be sent. The caller must not acknowledge the
    /// source of the entries. Sending all of them again is safe.
    async fn send_all(&self, entries: Vec<QueueEntry>) -> Result<(), QueueFailure>;
}

/// A message to be sent with others.
#[derive(Clone, PartialEq, Eq)]
pub struct QueueEntry {
    /// The message as JSON.
    pub body: String,
    /// FIFO queues: the messages of a group stay in order. Standard queues: the group whose share
    /// of the consumers the message uses.
    pub group: Option<String>,
    /// FIFO queues: two messages of a group with the same id within five minutes count as one.
    pub deduplication_id: Option<String>,
    /// Standard queues: the delay before the message arrives, at most
    /// [`casement_core::model::timer::LONGEST_DELAY`].
    pub delay: Duration,
    /// The correlation id for tracing the message. `None`: that of the current work.
    pub correlation_id: Option<String>,
}

impl QueueEntry {
    /// Makes a message without group or delay that continues the current work.
    #[must_use]
    pub fn new(body: String) -> Self {
        Self {
            body,
            group: None,
            deduplication_id: None,
            delay: Duration::zero(),
            correlation_id: None,
        }
    }
}

// The body may hold names and texts.
impl fmt::Debug for QueueEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QueueEntry({} bytes)", self.body.len())
    }
}
