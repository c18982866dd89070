//! One queue as a pure state machine: `now` is a parameter, nothing waits, nothing is written.
//! Every mutation goes through a [`Change`], which the engine collects with
//! [`Queue::take_changes`].

use std::collections::BTreeMap;

use super::attributes::Attributes;
use super::change::{Change, Settings};
use super::deduplication::Window;
use super::error::SqsError;
use super::message::Message;
use messages::Messages;

mod delivery;
mod messages;
mod sending;
#[cfg(test)]
mod tests;

#[derive(Debug)]
pub(super) struct Queue {
    name: String,
    settings: Settings,
    attributes: Attributes,
    messages: Messages,
    seen: Window,
    changes: Vec<Change>,
}

/// The number of messages in a queue, by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueStats {
    /// Messages that may be received, or that wait behind an earlier message of their group.
    pub visible: usize,
    /// The visible messages that may be received now.
    pub receivable: usize,
    /// Messages that a consumer holds.
    pub in_flight: usize,
    /// Messages that wait for their delay to end.
    pub delayed: usize,
    /// When the next message becomes visible without a change, in milliseconds since the epoch of
    /// the stack's clock.
    pub next_change_at: Option<i64>,
}

impl Queue {
    /// Creates an empty queue.
    pub(super) fn new(name: &str, settings: Settings) -> Result<Self, SqsError> {
        let mut queue = Self {
            name: name.to_owned(),
            attributes: Attributes::parse(settings.attributes.clone())?,
            settings: settings.clone(),
            messages: Messages::default(),
            seen: Window::default(),
            changes: Vec::new(),
        };
        queue.changes.push(Change::Settings(settings));
        Ok(queue)
    }

    pub(super) fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Changes attributes. An empty value removes an attribute.
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

    /// Takes out every message that is visible now.
    pub(super) fn take_visible(&mut self, now: i64) -> Vec<Message> {
        self.expire(now);
        let visible: Vec<_> = self
            .messages
            .iter()
            .filter(|message| message.delivery.is_visible(now))
            .map(|message| message.sequence_number)
            .collect();
        visible
            .into_iter()
            .filter_map(|sequence_number| self.remove(sequence_number))
            .collect()
    }

    /// Deletes all messages and forgets all de-duplication ids, as if the queue were new.
    pub(super) fn reset(&mut self) {
        if !self.messages.is_empty() {
            self.commit(Change::Purged);
        }
        if self.seen.iter().next().is_some() {
            self.commit(Change::Forgotten);
        }
    }

    /// Returns the messages in order.
    pub(super) fn messages(&self) -> impl Iterator<Item = &Message> {
        self.messages.iter()
    }

    /// Returns the messages that consumers hold, in order.
    pub(super) fn in_flight(&self, now: i64) -> Vec<&Message> {
        let hidden = self.messages.hidden(now);
        let mut in_flight: Vec<_> = hidden
            .filter(|message| message.delivery.is_in_flight(now))
            .collect();
        in_flight.sort_by_key(|message| message.sequence_number);
        in_flight
    }

    /// Counts the messages by state.
    pub(super) fn stats(&mut self, now: i64) -> QueueStats {
        self.expire(now);
        let mut stats = QueueStats::default();
        for message in self.messages.hidden(now) {
            if message.delivery.is_delayed(now) {
                stats.delayed += 1;
            } else {
                stats.in_flight += 1;
            }
        }
        stats.visible = self.messages.len() - stats.delayed - stats.in_flight;
        stats.receivable = if self.attributes.fifo {
            self.messages.count_unheld(now)
        } else {
            stats.visible
        };
        stats.next_change_at = self.next_change_at(now);
        stats
    }

    /// Returns when the next message becomes visible without a change, in milliseconds since the
    /// epoch.
    pub(super) fn next_change_at(&self, now: i64) -> Option<i64> {
        let next = self.messages.hidden(now).next()?;
        Some(next.delivery.visible_at)
    }

    /// Drops the messages whose retention period has ended.
    fn expire(&mut self, now: i64) {
        let expired: Vec<_> = self
            .messages
            .sent_until(now - self.attributes.retention_ms)
            .map(|message| message.sequence_number)
            .collect();
        for sequence_number in expired {
            self.remove(sequence_number);
        }
    }

    fn remove(&mut self, sequence_number: u64) -> Option<Message> {
        let message = self.messages.get(sequence_number).cloned()?;
        self.commit(Change::Removed { sequence_number });
        Some(message)
    }

    fn commit(&mut self, change: Change) {
        self.apply(change.clone());
        self.changes.push(change);
    }

    /// Applies a change that was decided before, without recording it again.
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
                self.messages.insert(*message);
            }
            Change::Delivered {
                sequence_number,
                delivery,
            } => {
                self.messages.set_delivery(sequence_number, delivery);
            }
            Change::Removed { sequence_number } => {
                self.messages.remove(sequence_number);
            }
            Change::Seen { key, seen } => self.seen.remember(key, seen),
            Change::Purged => self.messages = Messages::default(),
            Change::Forgotten => self.seen = Window::default(),
        }
    }

    /// Returns the changes since the last call.
    pub(super) fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// Returns the changes that turn an empty queue into this one.
    pub(super) fn snapshot(&self) -> Vec<Change> {
        let settings = Change::Settings(self.settings.clone());
        let messages = self
            .messages
            .iter()
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
