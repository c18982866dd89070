//! All queues together: one lock, one journal, one notification for every change.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use local_clock::Clock;
use tokio::sync::watch;
use tokio::time::Instant;

use super::change::Change;
use super::error::SqsError;
use super::journal::{self, Entry, Journal};
use super::message::{Message, ReceivedMessage};
use super::operations::move_tasks::MoveTask;
use super::queue::Queue;

/// The emulated SQS. Clones share the same queues.
#[derive(Clone, Debug)]
pub struct Sqs {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    clock: Clock,
    base_url: String,
    region: String,
    account: String,
    state: Mutex<State>,
    /// Counts the transactions that changed something.
    version: watch::Sender<u64>,
}

/// The queues, behind the engine's lock.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) queues: BTreeMap<String, Queue>,
    pub(super) move_tasks: Vec<MoveTask>,
    last_sequence_number: u64,
    journal: Option<Journal>,
}

impl Sqs {
    /// Creates an SQS without queues, kept in memory. Queue URLs start with `base_url`.
    #[must_use]
    pub fn new(clock: Clock, base_url: &str, region: &str, account: &str) -> Self {
        Self {
            shared: Arc::new(Shared {
                clock,
                base_url: base_url.trim_end_matches('/').to_owned(),
                region: region.to_owned(),
                account: account.to_owned(),
                state: Mutex::default(),
                version: watch::channel(0).0,
            }),
        }
    }

    /// Keeps the queues in `directory` from now on, and loads those that an earlier run left there.
    /// Every later change is on disk before it is acknowledged.
    ///
    /// # Errors
    /// The journal in the directory cannot be read or written.
    pub fn keep_in(&self, directory: &Path) -> std::io::Result<()> {
        let entries = journal::read(directory)?;
        let mut state = self.lock();
        for entry in entries {
            state.replay(entry)?;
        }
        state.journal = Some(Journal::create(directory, &state.snapshot())?);
        Ok(())
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Returns the region that ARNs name.
    pub(super) fn region(&self) -> &str {
        &self.shared.region
    }

    #[must_use]
    pub fn queue_url(&self, name: &str) -> String {
        format!("{}/{}/{name}", self.shared.base_url, self.shared.account)
    }

    #[must_use]
    pub fn queue_arn(&self, name: &str) -> String {
        format!(
            "arn:aws:sqs:{}:{}:{name}",
            self.shared.region, self.shared.account
        )
    }

    /// Returns a receiver that is notified after every change of a queue: a message sent, received,
    /// released or deleted. A message that becomes visible because time has passed is no change:
    /// ask [`Sqs::stats`] for `next_change_at` and await that time on the clock.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.version.subscribe()
    }

    /// Runs `work` on the queues at one moment, stores its changes, and notifies those who wait.
    pub(super) fn transact<T>(
        &self,
        work: impl FnOnce(&mut State, i64) -> Result<T, SqsError>,
    ) -> Result<T, SqsError> {
        let mut state = self.lock();
        let outcome = work(&mut state, self.shared.clock.now_ms());
        let entries = state.take_entries();
        if !entries.is_empty() {
            state
                .store(&entries)
                .map_err(|error| SqsError::Storage(error.to_string()))?;
            self.shared.version.send_modify(|version| *version += 1);
        }
        outcome
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        // A panic under the lock leaves at worst a change that was not acknowledged.
        self.shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Receives up to `maximum` messages and waits up to `wait` for the first one. The wait ends
    /// early when a message is sent, released or unblocked, when one becomes visible, and when the
    /// clock is moved past the end of the wait.
    pub(super) async fn receive_waiting(
        &self,
        queue: &str,
        maximum: usize,
        visibility_timeout_ms: Option<i64>,
        wait: Duration,
    ) -> Result<Vec<ReceivedMessage>, SqsError> {
        let mut changes = self.changes();
        let patience = Instant::now() + wait;
        let deadline = self.clock().now() + wait;
        loop {
            changes.mark_unchanged();
            let (messages, next_change_at) = self.transact(|state, now| {
                let messages =
                    self.receive_now(state, queue, maximum, visibility_timeout_ms, now)?;
                Ok((messages, state.queue(queue)?.next_change_at(now)))
            })?;
            let is_over = Instant::now() >= patience || self.clock().now() >= deadline;
            if !messages.is_empty() || is_over {
                return Ok(messages);
            }
            let next_change = next_change_at.and_then(DateTime::<Utc>::from_timestamp_millis);
            let wake_at = next_change.map_or(deadline, |at| at.min(deadline));
            tokio::select! {
                // The sender lives as long as `self`, so this never fails.
                _ = changes.changed() => {}
                () = self.clock().sleep_until(wake_at) => {}
                // The machine's time counts too, in case the clock is moved back.
                () = tokio::time::sleep_until(patience) => {}
            }
        }
    }

    fn receive_now(
        &self,
        state: &mut State,
        name: &str,
        maximum: usize,
        visibility_timeout_ms: Option<i64>,
        now: i64,
    ) -> Result<Vec<ReceivedMessage>, SqsError> {
        // If its dead-letter queue is missing, a message stays where it is.
        let redrive = state
            .queue(name)?
            .attributes()
            .redrive
            .clone()
            .filter(|redrive| state.queues.contains_key(&redrive.dead_letter_queue));
        let limit = redrive.as_ref().map(|redrive| redrive.max_receive_count);
        let received = state
            .queue_mut(name)?
            .receive(maximum, visibility_timeout_ms, limit, now);
        if let Some(redrive) = redrive {
            for message in received.dead {
                let dead = dead_letter(
                    message,
                    self.queue_arn(name),
                    state.next_sequence_number(),
                    now,
                );
                state.queue_mut(&redrive.dead_letter_queue)?.accept(dead);
            }
        }
        Ok(received.messages)
    }
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

    fn take_entries(&mut self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for (name, queue) in &mut self.queues {
            entries.extend(queue.take_changes().into_iter().map(|change| Entry {
                queue: name.clone(),
                change,
            }));
        }
        entries
    }

    fn store(&mut self, entries: &[Entry]) -> std::io::Result<()> {
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
