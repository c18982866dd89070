//! Messages in: from senders, from other queues.

use super::super::change::Change;
use super::super::content::Outgoing;
use super::super::deduplication::{self, Seen};
use super::super::digest;
use super::super::error::SqsError;
use super::super::message::{Delivery, Message};
use super::Queue;

/// The sender's answer for an accepted message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Accepted {
    pub(in super::super) message_id: String,
    /// Present on FIFO queues.
    pub(in super::super) sequence_number: Option<u64>,
}

impl Queue {
    /// Accepts a message, or recognises it as one that was accepted before.
    pub(in super::super) fn send(
        &mut self,
        outgoing: &Outgoing,
        message_id: String,
        sequence_number: u64,
        now: i64,
    ) -> Result<Accepted, SqsError> {
        outgoing.check(self.attributes.maximum_message_size)?;
        let deduplication_id = self.deduplication_id(outgoing)?;
        let group = outgoing.message_group_id.clone();
        if let Some(id) = &deduplication_id {
            let group = group.as_deref().unwrap_or_default();
            let key = deduplication::key(id, group, self.attributes.deduplication_per_group);
            if let Some(seen) = self.seen.find(&key, now) {
                return Ok(Accepted {
                    message_id: seen.message_id.clone(),
                    sequence_number: Some(seen.sequence_number),
                });
            }
            let seen = Seen::new(message_id.clone(), sequence_number, now);
            self.commit(Change::Seen { key, seen });
        }
        let delay_ms = outgoing
            .delay_seconds
            .filter(|_| !self.attributes.fifo)
            .map_or(self.attributes.delay_ms, |seconds| seconds * 1_000);
        self.commit(Change::Arrived(Box::new(Message {
            message_id: message_id.clone(),
            body: outgoing.message_body.clone(),
            attributes: outgoing.message_attributes.clone(),
            message_group_id: group,
            message_deduplication_id: deduplication_id,
            sequence_number,
            sent_at: now,
            trace_header: outgoing.trace_header(),
            dead_letter_source: None,
            delivery: Delivery {
                visible_at: now + delay_ms,
                ..Delivery::default()
            },
        })));
        Ok(Accepted {
            message_id,
            sequence_number: self.attributes.fifo.then_some(sequence_number),
        })
    }

    // SQS API reference, SendMessage: a FIFO queue requires a group, allows a delay for the whole
    // queue only, and needs a de-duplication id or content-based de-duplication.
    fn deduplication_id(&self, outgoing: &Outgoing) -> Result<Option<String>, SqsError> {
        if !self.attributes.fifo {
            return match &outgoing.message_deduplication_id {
                Some(id) => Err(SqsError::parameter(
                    "MessageDeduplicationId",
                    id,
                    "The request includes a parameter that is not valid for this queue type.",
                )),
                None => Ok(None),
            };
        }
        if let Some(delay) = outgoing.delay_seconds.filter(|delay| *delay > 0) {
            return Err(SqsError::parameter(
                "DelaySeconds",
                delay,
                "The request includes a parameter that is not valid for this queue type.",
            ));
        }
        if outgoing.message_group_id.is_none() {
            return Err(SqsError::MissingParameter("MessageGroupId"));
        }
        match &outgoing.message_deduplication_id {
            Some(id) => Ok(Some(id.clone())),
            None if self.attributes.content_based_deduplication => {
                Ok(Some(digest::content_deduplication_id(&outgoing.message_body)))
            }
            None => Err(SqsError::InvalidParameterValue(
                "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly".to_owned(),
            )),
        }
    }

    /// Takes a message from another queue: a dead letter, or one that is moved back.
    pub(in super::super) fn accept(&mut self, message: Message) {
        self.commit(Change::Arrived(Box::new(message)));
    }
}
