//! Access to the queues for the rest of the local stack, without HTTP.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::change::Settings;
use super::digest;
use super::engine::Sqs;
use super::error::SqsError;
use super::message::{Message, ReceivedMessage};
use super::queue::{Queue, QueueStats};
use crate::template;

/// A message in a dead-letter queue, for display.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    pub message_id: String,
    pub body: String,
    /// How often the message was received, in its source queue and here.
    pub receive_count: u32,
    pub message_group_id: Option<String>,
    /// The name of the queue that the message came from.
    pub source: Option<String>,
    /// When it was sent, in milliseconds since the epoch.
    pub sent_at: i64,
}

/// A message in the hands of a consumer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InFlight {
    pub message_id: String,
    /// How often the message was received, including this time.
    pub receive_count: u32,
    /// When the message becomes visible again, in milliseconds since the epoch of the stack's
    /// clock.
    pub visible_at: i64,
}

impl Sqs {
    /// Creates the queues of a template. An existing queue gets the template's attributes and keeps
    /// its messages.
    ///
    /// # Errors
    /// An attribute is refused, or the queues cannot be stored.
    pub fn create(&self, queues: &[template::Queue]) -> Result<(), SqsError> {
        self.transact(|state, now| {
            for queue in queues {
                if let Some(existing) = state.queues.get_mut(&queue.name) {
                    // An empty value removes an attribute that the template no longer sets.
                    let set = existing.attributes().as_set().keys();
                    let mut attributes: BTreeMap<_, _> =
                        set.map(|name| (name.clone(), String::new())).collect();
                    attributes.extend(queue.attributes.clone());
                    existing.set_attributes(attributes, now)?;
                    continue;
                }
                let settings = Settings {
                    attributes: queue.attributes.clone(),
                    created_at: now,
                    modified_at: now,
                };
                let created = Queue::new(&queue.name, settings)?;
                state.queues.insert(queue.name.clone(), created);
            }
            Ok(())
        })
    }

    /// Receives up to `maximum` messages, as an event source mapping does, and waits up to `wait`
    /// for the first one. If the future is dropped, nothing is received.
    ///
    /// # Errors
    /// There is no such queue, or the receive cannot be stored.
    pub async fn receive(
        &self,
        queue: &str,
        maximum: usize,
        wait: Duration,
    ) -> Result<Vec<ReceivedMessage>, SqsError> {
        self.receive_waiting(queue, maximum, None, wait).await
    }

    /// Deletes a received message.
    ///
    /// # Errors
    /// There is no such queue, the handle is not from this queue, or the queue is FIFO and the
    /// visibility timeout has run out. The message is then delivered again.
    pub fn delete(&self, queue: &str, receipt_handle: &str) -> Result<(), SqsError> {
        self.transact(|state, now| state.queue_mut(queue)?.delete(receipt_handle, now))
    }

    /// Sets how long, from now, a received message stays invisible.
    ///
    /// # Errors
    /// There is no such queue, or the message is not in flight.
    pub fn change_visibility(
        &self,
        queue: &str,
        receipt_handle: &str,
        seconds: u32,
    ) -> Result<(), SqsError> {
        self.transact(|state, now| {
            state
                .queue_mut(queue)?
                .change_visibility(receipt_handle, seconds.into(), now)
        })
    }

    #[must_use]
    pub fn queue_names(&self) -> Vec<String> {
        self.transact(|state, _| Ok(state.queues.keys().cloned().collect()))
            .unwrap_or_default()
    }

    /// Counts the messages of a queue by state.
    ///
    /// # Errors
    /// There is no such queue.
    pub fn stats(&self, queue: &str) -> Result<QueueStats, SqsError> {
        self.transact(|state, now| Ok(state.queue_mut(queue)?.stats(now)))
    }

    /// Returns all messages of a queue, including those in the hands of consumers.
    ///
    /// # Errors
    /// There is no such queue.
    pub fn messages(&self, queue: &str) -> Result<Vec<Message>, SqsError> {
        self.transact(|state, _| Ok(state.queue(queue)?.messages().cloned().collect()))
    }

    /// Returns the messages of a dead-letter queue, oldest first.
    ///
    /// # Errors
    /// There is no such queue.
    pub fn dead_letters(&self, queue: &str) -> Result<Vec<DeadLetter>, SqsError> {
        self.transact(|state, _| {
            let letters = state.queue(queue)?.messages().map(|message| DeadLetter {
                message_id: message.message_id.clone(),
                body: message.body.clone(),
                receive_count: message.delivery.receive_count,
                message_group_id: message.message_group_id.clone(),
                source: message
                    .dead_letter_source
                    .as_deref()
                    .and_then(|arn| arn.rsplit(':').next())
                    .map(str::to_owned),
                sent_at: message.sent_at,
            });
            Ok(letters.collect())
        })
    }

    /// Moves the visible messages of a dead-letter queue back to their source queues. Returns how
    /// many.
    ///
    /// # Errors
    /// There is no such queue, or the move cannot be stored.
    pub fn move_back(&self, dead_letter_queue: &str) -> Result<usize, SqsError> {
        self.transact(|state, now| {
            state.queue(dead_letter_queue)?;
            Ok(state.move_messages(dead_letter_queue, None, now))
        })
    }

    /// Returns the messages that consumers hold, in order.
    ///
    /// # Errors
    /// There is no such queue.
    pub fn in_flight(&self, queue: &str) -> Result<Vec<InFlight>, SqsError> {
        self.transact(|state, now| {
            let in_flight = state.queue(queue)?.in_flight(now);
            Ok(in_flight
                .into_iter()
                .map(|message| InFlight {
                    message_id: message.message_id.clone(),
                    receive_count: message.delivery.receive_count,
                    visible_at: message.delivery.visible_at,
                })
                .collect())
        })
    }

    /// Makes all queues as good as new: no messages and no remembered de-duplication ids, so that
    /// the same messages may be sent again.
    ///
    /// # Errors
    /// The change cannot be stored.
    pub fn reset(&self) -> Result<(), SqsError> {
        self.transact(|state, _| {
            state.queues.values_mut().for_each(Queue::reset);
            Ok(())
        })
    }

    /// Returns the record that Lambda's event source mapping makes of a message (Lambda developer
    /// guide, "Using Lambda with Amazon SQS", example event).
    #[must_use]
    pub fn to_lambda_record(&self, queue: &str, received: &ReceivedMessage) -> Value {
        let message = &received.message;
        let attributes: Map<String, Value> = message
            .attributes
            .iter()
            .map(|(name, attribute)| {
                let mut value = json!({
                    "dataType": attribute.data_type,
                    "stringListValues": [],
                    "binaryListValues": [],
                });
                if let Some(text) = &attribute.string_value {
                    value["stringValue"] = json!(text);
                }
                if let Some(binary) = &attribute.binary_value {
                    value["binaryValue"] = json!(binary);
                }
                (name.clone(), value)
            })
            .collect();
        let mut record = json!({
            "messageId": message.message_id,
            "receiptHandle": received.receipt_handle,
            "body": message.body,
            "attributes": received.system_attributes(),
            "messageAttributes": attributes,
            "md5OfBody": digest::md5_of_body(&message.body),
            "eventSource": "aws:sqs",
            "eventSourceARN": self.queue_arn(queue),
            "awsRegion": self.region(),
        });
        if let Some(digest) = digest::md5_of_attributes(&message.attributes) {
            record["md5OfMessageAttributes"] = json!(digest);
        }
        record
    }
}
