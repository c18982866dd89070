//! A message: its content and the state of its delivery.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::content::MessageAttribute;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The id that the sender was given.
    pub message_id: String,
    pub body: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, MessageAttribute>,
    /// The message group: the unit of order on FIFO queues, of fairness on standard ones.
    pub message_group_id: Option<String>,
    /// On FIFO queues: the de-duplication id, given or computed from the body.
    pub message_deduplication_id: Option<String>,
    /// The message's place in the order of arrival.
    pub sequence_number: u64,
    /// When it was sent, in milliseconds since the epoch.
    pub sent_at: i64,
    /// The X-Ray trace that the sender passed on.
    pub trace_header: Option<String>,
    /// In a dead-letter queue: the ARN of the queue the message came from.
    pub dead_letter_source: Option<String>,
    pub delivery: Delivery,
}

/// The part of a message that changes while it is in a queue. Times are in milliseconds since the
/// epoch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// When the message may first be received.
    pub visible_at: i64,
    /// How often the message was received.
    pub receive_count: u32,
    /// When the message was first received.
    pub first_received_at: Option<i64>,
    /// When the message was last received; `None` until its first receive in this queue.
    pub received_at: Option<i64>,
}

impl Delivery {
    /// Returns whether the message may be received, other rules aside.
    pub(super) fn is_visible(&self, now: i64) -> bool {
        self.visible_at <= now
    }

    /// Returns whether a consumer holds the message.
    pub(super) fn is_in_flight(&self, now: i64) -> bool {
        self.received_at.is_some() && !self.is_visible(now)
    }

    /// Returns whether the message waits for its delay to end.
    pub(super) fn is_delayed(&self, now: i64) -> bool {
        self.received_at.is_none() && !self.is_visible(now)
    }
}

/// A message as a consumer gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedMessage {
    /// The handle with which the consumer deletes the message.
    pub receipt_handle: String,
    pub message: Message,
    /// Whether it came from a FIFO queue.
    pub fifo: bool,
}

impl ReceivedMessage {
    /// Returns the message system attributes, as `ReceiveMessage` names them.
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

/// Formats a sequence number as SQS does: twenty digits, so that texts sort like numbers.
pub(super) fn sequence_text(sequence_number: u64) -> String {
    format!("{sequence_number:020}")
}
