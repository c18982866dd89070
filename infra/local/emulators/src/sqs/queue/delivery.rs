//! Messages out: received, released, deleted.

use super::super::change::Change;
use super::super::error::SqsError;
use super::super::message::{Delivery, Message, ReceivedMessage};
use super::super::receipt::Receipt;
use super::Queue;

/// The longest that a message may stay in flight, extensions included, in seconds.
const MAXIMUM_VISIBILITY_S: i64 = 43_200;

/// The outcome of a receive.
#[derive(Debug, Default)]
pub(in super::super) struct Received {
    /// The messages for the consumer.
    pub(in super::super) messages: Vec<ReceivedMessage>,
    /// Messages that were received too often, taken out for the dead-letter queue.
    pub(in super::super) dead: Vec<Message>,
}

impl Queue {
    /// Hands out up to `maximum` messages and hides them for the visibility timeout. Messages that
    /// were received `max_receive_count` times become dead letters instead.
    pub(in super::super) fn receive(
        &mut self,
        maximum: usize,
        visibility_timeout_ms: Option<i64>,
        max_receive_count: Option<u32>,
        now: i64,
    ) -> Received {
        self.expire(now);
        let timeout = visibility_timeout_ms.unwrap_or(self.attributes.visibility_timeout_ms);
        let mut received = Received::default();
        let mut dead = Vec::new();
        let mut handed_out = Vec::new();
        for message in self.deliverable(now) {
            if handed_out.len() == maximum {
                break;
            }
            let receive_count = message.delivery.receive_count + 1;
            if max_receive_count.is_some_and(|limit| receive_count > limit) {
                dead.push(message.sequence_number);
                continue;
            }
            let delivery = Delivery {
                visible_at: now + timeout,
                receive_count,
                first_received_at: message.delivery.first_received_at.or(Some(now)),
                received_at: Some(now),
            };
            handed_out.push(Message {
                delivery,
                ..message.clone()
            });
        }
        for sequence_number in dead {
            received.dead.extend(self.remove(sequence_number));
        }
        for message in handed_out {
            let receipt = Receipt {
                sequence_number: message.sequence_number,
                receive_count: message.delivery.receive_count,
            };
            self.commit(Change::Delivered {
                sequence_number: message.sequence_number,
                delivery: message.delivery.clone(),
            });
            received.messages.push(ReceivedMessage {
                receipt_handle: receipt.to_handle(&self.name),
                message,
                fifo: self.attributes.fifo,
            });
        }
        received
    }

    /// Returns the messages that may be received now, in order. On a FIFO queue, a group with a
    /// message in flight gives nothing, and a delayed message holds back those behind it. Several
    /// messages of one group may go out together.
    fn deliverable(&self, now: i64) -> Box<dyn Iterator<Item = &Message> + '_> {
        if self.attributes.fifo {
            return Box::new(self.messages.unheld(now));
        }
        let messages = self.messages.iter();
        Box::new(messages.filter(move |message| message.delivery.is_visible(now)))
    }

    /// Deletes the message of a receipt handle. On a standard queue any handle of the
    /// message does; on a FIFO queue only the newest one, while the message is in flight.
    pub(in super::super) fn delete(&mut self, handle: &str, now: i64) -> Result<(), SqsError> {
        let receipt = Receipt::from_handle(handle, &self.name)?;
        let Some(message) = self.messages.get(receipt.sequence_number) else {
            return Ok(());
        };
        let is_current = message.delivery.receive_count == receipt.receive_count
            && message.delivery.is_in_flight(now);
        if self.attributes.fifo && !is_current {
            return Err(SqsError::parameter(
                "ReceiptHandle",
                handle,
                "The receipt handle has expired.",
            ));
        }
        self.remove(receipt.sequence_number);
        Ok(())
    }

    /// Sets for how long from now the message of a receipt handle stays invisible.
    pub(in super::super) fn change_visibility(
        &mut self,
        handle: &str,
        seconds: i64,
        now: i64,
    ) -> Result<(), SqsError> {
        if !(0..=MAXIMUM_VISIBILITY_S).contains(&seconds) {
            return Err(SqsError::parameter(
                "VisibilityTimeout",
                seconds,
                "VisibilityTimeout must be between 0 and 43200.",
            ));
        }
        let receipt = Receipt::from_handle(handle, &self.name)?;
        let message = self
            .messages
            .get(receipt.sequence_number)
            .filter(|message| message.delivery.receive_count == receipt.receive_count)
            .ok_or_else(|| {
                SqsError::parameter(
                    "ReceiptHandle",
                    handle,
                    "Message does not exist or is not available for visibility timeout change.",
                )
            })?;
        let Some(received_at) = message
            .delivery
            .received_at
            .filter(|_| message.delivery.is_in_flight(now))
        else {
            return Err(SqsError::MessageNotInflight);
        };
        let visible_at = now + seconds * 1_000;
        if visible_at > received_at + MAXIMUM_VISIBILITY_S * 1_000 {
            return Err(SqsError::parameter(
                "VisibilityTimeout",
                seconds,
                "Total VisibilityTimeout for the message is beyond the limit [43200 seconds].",
            ));
        }
        let delivery = Delivery {
            visible_at,
            ..message.delivery.clone()
        };
        self.commit(Change::Delivered {
            sequence_number: receipt.sequence_number,
            delivery,
        });
        Ok(())
    }
}
