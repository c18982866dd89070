//! All queues as plain data: what they hold, and how they are kept across restarts.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::change::Change;
use super::error::SqsError;
use super::journal::{self, Entry, Journal};
use super::message::{Delivery, Message, ReceivedMessage};
use super::queue::Queue;

/// The queues and the finished move tasks.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) queues: BTreeMap<String, Queue>,
    pub(super) move_tasks: Vec<MoveTask>,
    last_sequence_number: u64,
    journal: Option<Journal>,
}

/// A finished move task, as `ListMessageMoveTasks` shows it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MoveTask {
    pub(super) status: &'static str,
    pub(super) source_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) destination_arn: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_number_of_messages_per_second: Option<i64>,
    pub(super) approximate_number_of_messages_moved: usize,
    pub(super) approximate_number_of_messages_to_move: usize,
    pub(super) started_timestamp: i64,
}

impl State {
    pub(super) fn queue(&self, name: &str) -> Result<&Queue, SqsError> {
        self.queues.get(name).ok_or(SqsError::QueueDoesNotExist)
    }

    pub(super) fn queue_mut(&mut self, name: &str) -> Result<&mut Queue, SqsError> {
        self.queues.get_mut(name).ok_or(SqsError::QueueDoesNotExist)
    }

    /// Returns the next place in the order of arrival.
    pub(super) fn next_sequence_number(&mut self) -> u64 {
        self.last_sequence_number += 1;
        self.last_sequence_number
    }

    /// Receives up to `maximum` messages of a queue, whose ARN is `arn`. Messages that were received
    /// too often go to its dead-letter queue.
    pub(super) fn receive(
        &mut self,
        name: &str,
        arn: &str,
        maximum: usize,
        visibility_timeout_ms: Option<i64>,
        now: i64,
    ) -> Result<Vec<ReceivedMessage>, SqsError> {
        // If its dead-letter queue is missing, a message stays where it is.
        let redrive = self
            .queue(name)?
            .attributes()
            .redrive
            .clone()
            .filter(|redrive| self.queues.contains_key(&redrive.dead_letter_queue));
        let limit = redrive.as_ref().map(|redrive| redrive.max_receive_count);
        let received = self
            .queue_mut(name)?
            .receive(maximum, visibility_timeout_ms, limit, now);
        if let Some(redrive) = redrive {
            for message in received.dead {
                let dead = dead_letter(message, arn.to_owned(), self.next_sequence_number(), now);
                self.queue_mut(&redrive.dead_letter_queue)?.accept(dead);
            }
        }
        Ok(received.messages)
    }

    /// Moves the visible messages of `source` to `destination`, or each back to where it came from.
    /// Returns how many. A message whose queue is gone stays.
    ///
    /// A moved message is a new message: new id, new enqueue time, receive count zero (SQS developer
    /// guide, "Learn how to configure a dead-letter queue redrive").
    pub(super) fn move_messages(
        &mut self,
        source: &str,
        destination: Option<&str>,
        now: i64,
    ) -> usize {
        let messages = match self.queue_mut(source) {
            Ok(queue) => queue.take_visible(now),
            Err(_) => return 0,
        };
        let mut moved = 0;
        for mut message in messages {
            let target = destination
                .map(str::to_owned)
                .or_else(|| message.dead_letter_source.as_deref().map(name_of_arn))
                .filter(|target| self.queues.contains_key(target));
            message.sequence_number = self.next_sequence_number();
            if target.is_some() {
                moved += 1;
                message.message_id = uuid::Uuid::new_v4().to_string();
                message.sent_at = now;
                message.dead_letter_source = None;
                message.delivery = Delivery {
                    visible_at: now,
                    ..Delivery::default()
                };
            }
            if let Ok(queue) = self.queue_mut(target.as_deref().unwrap_or(source)) {
                queue.accept(message);
            }
        }
        moved
    }

    /// Loads the queues that an earlier run left in `directory`, and keeps them there from now on.
    pub(super) fn keep_in(&mut self, directory: &Path) -> std::io::Result<()> {
        for entry in journal::read(directory)? {
            self.replay(entry)?;
        }
        self.journal = Some(Journal::create(directory, &self.snapshot())?);
        Ok(())
    }

    /// Returns the changes since the last call, for the journal.
    pub(super) fn take_entries(&mut self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (name, queue) in &mut self.queues {
            entries.extend(queue.take_changes().into_iter().map(|change| Entry {
                queue: name.clone(),
                change,
            }));
        }
        entries
    }

    pub(super) fn store(&mut self, entries: &[Entry]) -> std::io::Result<()> {
        let snapshot = match &self.journal {
            Some(journal) if journal.wants_rewrite() => Some(self.snapshot()),
            _ => None,
        };
        match (&mut self.journal, snapshot) {
            (None, _) => Ok(()),
            (Some(journal), None) => journal.append(entries),
            (Some(journal), Some(snapshot)) => journal.rewrite(&snapshot),
        }
    }

    fn replay(&mut self, entry: Entry) -> std::io::Result<()> {
        let Entry {
            queue: name,
            change,
        } = entry;
        if let Change::Arrived(message) = &change {
            self.last_sequence_number = self.last_sequence_number.max(message.sequence_number);
        }
        if let Change::Seen { seen, .. } = &change {
            self.last_sequence_number = self.last_sequence_number.max(seen.sequence_number);
        }
        match (change, self.queues.get_mut(&name)) {
            (change, Some(queue)) => queue.apply(change),
            (Change::Settings(settings), None) => {
                let mut queue = Queue::new(&name, settings).map_err(std::io::Error::other)?;
                // These settings come from the journal and need not be written to it again.
                drop(queue.take_changes());
                self.queues.insert(name, queue);
            }
            (_, None) => {
                return Err(std::io::Error::other(format!(
                    "the journal has messages of {name}, but no settings"
                )));
            }
        }
        Ok(())
    }

    fn snapshot(&self) -> Vec<Entry> {
        self.queues
            .iter()
            .flat_map(|(name, queue)| {
                queue.snapshot().into_iter().map(|change| Entry {
                    queue: name.clone(),
                    change,
                })
            })
            .collect()
    }
}

/// Returns the name in an ARN, its last part.
pub(super) fn name_of_arn(arn: &str) -> String {
    arn.rsplit(':').next().unwrap_or(arn).to_owned()
}

// SQS developer guide, "Setting-up dead-letter queue retention": a standard queue's
// message keeps its enqueue time, a FIFO queue's gets a new one. "Learn how to configure
// a dead-letter queue redrive": a FIFO message's de-duplication id becomes its id.
fn dead_letter(message: Message, source: String, sequence_number: u64, now: i64) -> Message {
    let fifo = message.message_deduplication_id.is_some();
    let mut dead = message;
    dead.sequence_number = sequence_number;
    dead.dead_letter_source = Some(source);
    dead.delivery.visible_at = now;
    dead.delivery.received_at = None;
    if fifo {
        dead.sent_at = now;
        dead.message_deduplication_id = Some(dead.message_id.clone());
    }
    dead
}
