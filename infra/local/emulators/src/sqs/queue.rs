//! One queue as a pure state machine: `now` is a parameter, nothing waits, nothing is
//! written. Every mutation goes through a [`Change`], which the engine collects with
//! [`Queue::take_changes`].

use std::collections::{BTreeMap, BTreeSet};

use super::attributes::Attributes;
use super::change::{Change, Settings};
use super::content::Outgoing;
use super::deduplication::{self, Seen, Window};
use super::digest;
use super::error::SqsError;
use super::message::{Delivery, Message, ReceivedMessage};
use super::receipt::Receipt;

#[cfg(test)]
mod tests;

/// The most seconds that a message may stay in flight, extensions included.
const MAXIMUM_VISIBILITY_S: i64 = 43_200;

/// A queue and its messages.
#[derive(Debug)]
pub(super) struct Queue {
    name: String,
    settings: Settings,
    attributes: Attributes,
    /// By sequence number: the order of arrival.
    messages: BTreeMap<u64, Message>,
    seen: Window,
    changes: Vec<Change>,
}

/// What a sender learns about an accepted message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Accepted {
    pub(super) message_id: String,
    /// On FIFO queues.
    pub(super) sequence_number: Option<u64>,
}

/// The outcome of a receive.
#[derive(Debug, Default)]
pub(super) struct Received {
    /// For the consumer.
    pub(super) messages: Vec<ReceivedMessage>,
    /// Taken out of the queue: received too often, bound for the dead-letter queue.
    pub(super) dead: Vec<Message>,
}

/// How many messages a queue has, by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueStats {
    /// May be received, or wait behind an earlier message of their group.
    pub visible: usize,
    /// Those of the visible ones that may be received now.
    pub receivable: usize,
    /// A consumer has them.
    pub in_flight: usize,
    /// Wait for their delay to end.
    pub delayed: usize,
    /// When the next message becomes visible by itself, in milliseconds since the epoch
    /// of the stack's clock.
    pub next_change_at: Option<i64>,
}

impl Queue {
    /// An empty queue.
    pub(super) fn new(name: &str, settings: Settings) -> Result<Self, SqsError> {
        let mut queue = Self {
            name: name.to_owned(),
            attributes: Attributes::parse(settings.attributes.clone())?,
            settings: settings.clone(),
            messages: BTreeMap::new(),
            seen: Window::default(),
            changes: Vec::new(),
        };
        queue.changes.push(Change::Settings(settings));
        Ok(queue)
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Sets attributes anew; an empty value takes one away.
    pub(super) fn set_attributes(
        &mut self,
        attributes: BTreeMap<String, String>,
        now: i64,
    ) -> Result<(), SqsError> {
        let attributes = self.attributes.with(attributes)?;
        if attributes != self.attributes {
            let mut settings = self.settings.clone();
            settings.attributes.clone_from(attributes.as_set());
            settings.modified_at = now;
            self.commit(Change::Settings(settings));
        }
        Ok(())
    }

    /// Replaces the tags.
    pub(super) fn set_tags(&mut self, tags: BTreeMap<String, String>) {
        let settings = Settings {
            tags,
            ..self.settings.clone()
        };
        self.commit(Change::Settings(settings));
    }

    /// Accepts a message, or recognises it as one that it has accepted already.
    pub(super) fn send(
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

    // SQS API reference, SendMessage: a FIFO queue wants a group, takes a delay for the
    // whole queue only, and needs a de-duplication id or content-based de-duplication.
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

    /// Takes a message from elsewhere: a dead letter, or one that is moved back.
    pub(super) fn accept(&mut self, message: Message) {
        self.commit(Change::Arrived(Box::new(message)));
    }

    /// Hands out up to `maximum` messages and hides them for the visibility timeout.
    /// `max_receive_count` sends what was received that often to the dead letters.
    pub(super) fn receive(
        &mut self,
        maximum: usize,
        visibility_timeout_ms: Option<i64>,
        max_receive_count: Option<u32>,
        now: i64,
    ) -> Received {
        self.expire(now);
        let timeout = visibility_timeout_ms.unwrap_or(self.attributes.visibility_timeout_ms);
        let mut received = Received::default();
        for sequence_number in self.deliverable(now) {
            if received.messages.len() == maximum {
                break;
            }
            let Some(message) = self.messages.get(&sequence_number) else {
                continue;
            };
            let receive_count = message.delivery.receive_count + 1;
            if max_receive_count.is_some_and(|limit| receive_count > limit) {
                received.dead.extend(self.remove(sequence_number));
                continue;
            }
            let delivery = Delivery {
                visible_at: now + timeout,
                receive_count,
                first_received_at: message.delivery.first_received_at.or(Some(now)),
                received_at: Some(now),
            };
            let message = Message {
                delivery: delivery.clone(),
                ..message.clone()
            };
            self.commit(Change::Delivered {
                sequence_number,
                delivery,
            });
            let receipt = Receipt {
                sequence_number,
                receive_count,
            };
            received.messages.push(ReceivedMessage {
                receipt_handle: receipt.to_handle(&self.name),
                message,
                fifo: self.attributes.fifo,
            });
        }
        received
    }

    /// The messages that may be received now, in order. On a FIFO queue a group whose
    /// message is in flight gives nothing, and a delayed message holds back those
    /// behind it; several messages of one group may go out together.
    fn deliverable(&self, now: i64) -> Vec<u64> {
        let mut held: BTreeSet<&str> = BTreeSet::new();
        if self.attributes.fifo {
            let in_flight = self
                .messages
                .values()
                .filter(|m| m.delivery.is_in_flight(now));
            held.extend(in_flight.map(group_of));
        }
        let mut deliverable = Vec::new();
        for (sequence_number, message) in &self.messages {
            if self.attributes.fifo && held.contains(group_of(message)) {
                continue;
            }
            if message.delivery.is_visible(now) {
                deliverable.push(*sequence_number);
            } else if self.attributes.fifo {
                held.insert(group_of(message));
            }
        }
        deliverable
    }

    /// Deletes the message of a receipt handle. On a standard queue any handle of the
    /// message does; on a FIFO queue only the newest one, while the message is in flight.
    pub(super) fn delete(&mut self, handle: &str, now: i64) -> Result<(), SqsError> {
        let receipt = Receipt::from_handle(handle, &self.name)?;
        let Some(message) = self.messages.get(&receipt.sequence_number) else {
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
    pub(super) fn change_visibility(
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
            .get(&receipt.sequence_number)
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

    /// Takes out every message that is visible now.
    pub(super) fn take_visible(&mut self, now: i64) -> Vec<Message> {
        self.expire(now);
        let visible: Vec<_> = self
            .messages
            .iter()
            .filter(|(_, message)| message.delivery.is_visible(now))
            .map(|(sequence_number, _)| *sequence_number)
            .collect();
        visible
            .into_iter()
            .filter_map(|sequence_number| self.remove(sequence_number))
            .collect()
    }

    /// Deletes all messages.
    pub(super) fn purge(&mut self) {
        if !self.messages.is_empty() {
            self.commit(Change::Purged);
        }
    }

    /// Deletes all messages and forgets all de-duplication ids: the queue is as new.
    pub(super) fn reset(&mut self) {
        self.purge();
        if self.seen.iter().next().is_some() {
            self.commit(Change::Forgotten);
        }
    }

    /// The messages in their order.
    pub(super) fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.values()
    }

    /// How many messages it has, by state.
    pub(super) fn stats(&self, now: i64) -> QueueStats {
        let mut stats = QueueStats {
            receivable: self.deliverable(now).len(),
            ..QueueStats::default()
        };
        for message in self.messages.values().filter(|m| !self.has_expired(m, now)) {
            let delivery = &message.delivery;
            if delivery.is_visible(now) {
                stats.visible += 1;
                continue;
            }
            if delivery.is_delayed(now) {
                stats.delayed += 1;
            } else {
                stats.in_flight += 1;
            }
            stats.next_change_at = Some(
                stats
                    .next_change_at
                    .map_or(delivery.visible_at, |at| at.min(delivery.visible_at)),
            );
        }
        stats
    }

    fn has_expired(&self, message: &Message, now: i64) -> bool {
        message.sent_at + self.attributes.retention_ms <= now
    }

    /// Drops what was kept for the whole retention period.
    fn expire(&mut self, now: i64) {
        let expired: Vec<_> = self
            .messages
            .values()
            .filter(|message| self.has_expired(message, now))
            .map(|message| message.sequence_number)
            .collect();
        for sequence_number in expired {
            self.remove(sequence_number);
        }
    }

    fn remove(&mut self, sequence_number: u64) -> Option<Message> {
        let message = self.messages.get(&sequence_number).cloned()?;
        self.commit(Change::Removed { sequence_number });
        Some(message)
    }

    fn commit(&mut self, change: Change) {
        self.apply(change.clone());
        self.changes.push(change);
    }

    /// Makes a change that was decided before, without recording it again.
    pub(super) fn apply(&mut self, change: Change) {
        match change {
            Change::Settings(settings) => {
                // Settings are checked before they become a change.
                if let Ok(attributes) = Attributes::parse(settings.attributes.clone()) {
                    self.attributes = attributes;
                }
                self.settings = settings;
            }
            Change::Arrived(message) => {
                self.messages.insert(message.sequence_number, *message);
            }
            Change::Delivered {
                sequence_number,
                delivery,
            } => {
                if let Some(message) = self.messages.get_mut(&sequence_number) {
                    message.delivery = delivery;
                }
            }
            Change::Removed { sequence_number } => {
                self.messages.remove(&sequence_number);
            }
            Change::Seen { key, seen } => self.seen.remember(key, seen),
            Change::Purged => self.messages.clear(),
            Change::Forgotten => self.seen = Window::default(),
            // The engine drops the queue itself.
            Change::Deleted => {}
        }
    }

    /// The changes since the last call.
    pub(super) fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// The changes that make an empty queue into this one.
    pub(super) fn snapshot(&self) -> Vec<Change> {
        let settings = Change::Settings(self.settings.clone());
        let messages = self
            .messages
            .values()
            .cloned()
            .map(Box::new)
            .map(Change::Arrived);
        let seen = self.seen.iter().map(|(key, seen)| Change::Seen {
            key: key.clone(),
            seen: seen.clone(),
        });
        std::iter::once(settings)
            .chain(messages)
            .chain(seen)
            .collect()
    }
}

fn group_of(message: &Message) -> &str {
    message.message_group_id.as_deref().unwrap_or_default()
}
