//! A message: what was sent, and how its delivery stands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::content::MessageAttribute;

/// A message in a queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The id that the sender was given.
    pub message_id: String,
    /// The body.
    pub body: String,
    /// The message attributes, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, MessageAttribute>,
    /// The message group: on FIFO queues the unit of order, on standard ones of fairness.
    pub message_group_id: Option<String>,
    /// On FIFO queues: the de-duplication id, given or computed from the body.
    pub message_deduplication_id: Option<String>,
    /// Its place in the order of arrival.
    pub sequence_number: u64,
    /// When it was sent, in milliseconds since the epoch.
    pub sent_at: i64,
    /// The X-Ray trace that the sender passed on.
    pub trace_header: Option<String>,
    /// In a dead-letter queue: ARN of the queue it came from.
    pub dead_letter_source: Option<String>,
    /// How its delivery stands.
    pub delivery: Delivery,
}

/// What changes about a message while it is in a queue. Times are in milliseconds
/// since the epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// From when on it may be received.
    pub visible_at: i64,
    /// How often it was received.
    pub receive_count: u32,
    /// When it was received first.
    pub first_received_at: Option<i64>,
    /// When it was received last; none while it waits for its first receive here.
    pub received_at: Option<i64>,
}

impl Delivery {
    /// Whether a receive may return it, other rules aside.
    pub(super) fn is_visible(&self, now: i64) -> bool {
        self.visible_at <= now
    }

    /// Whether a consumer has it.
    pub(super) fn is_in_flight(&self, now: i64) -> bool {
        self.received_at.is_some() && !self.is_visible(now)
    }

    /// Whether it waits for its delay to end.
    pub(super) fn is_delayed(&self, now: i64) -> bool {
        self.received_at.is_none() && !self.is_visible(now)
    }
}

/// A message as a consumer gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedMessage {
    /// What the consumer deletes it with.
    pub receipt_handle: String,
    /// The message.
    pub message: Message,
    /// Whether it came from a FIFO queue.
    pub fifo: bool,
}

impl ReceivedMessage {
    /// The message system attributes, as `ReceiveMessage` names them.
    #[must_use]
    pub fn system_attributes(&self) -> BTreeMap<&'static str, String> {
        let message = &self.message;
        let delivery = &message.delivery;
        let sequence_number = self.fifo.then(|| sequence_text(message.sequence_number));
        let always = [
            ("SenderId", Some("AROALOCALSTACK:casement-local".to_owned())),
            ("SentTimestamp", Some(message.sent_at.to_string())),
            (
                "ApproximateReceiveCount",
                Some(delivery.receive_count.to_string()),
            ),
            (
                "ApproximateFirstReceiveTimestamp",
                delivery.first_received_at.map(|at| at.to_string()),
            ),
            ("MessageGroupId", message.message_group_id.clone()),
            (
                "MessageDeduplicationId",
                message.message_deduplication_id.clone(),
            ),
            ("SequenceNumber", sequence_number),
            ("AWSTraceHeader", message.trace_header.clone()),
            (
                "DeadLetterQueueSourceArn",
                message.dead_letter_source.clone(),
            ),
        ];
        always
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }
}

/// A sequence number as SQS writes it: twenty digits, so that texts sort like numbers.
pub(super) fn sequence_text(sequence_number: u64) -> String {
    format!("{sequence_number:020}")
}
