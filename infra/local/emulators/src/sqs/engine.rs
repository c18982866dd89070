//! The queues behind one lock, with one notification for every change.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use local_clock::Clock;
use tokio::sync::watch;
use tokio::time::Instant;

use super::error::SqsError;
use super::message::ReceivedMessage;
use super::state::State;

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
        self.lock().keep_in(directory)
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
        let arn = self.queue_arn(queue);
        let mut changes = self.changes();
        let patience = Instant::now() + wait;
        let deadline = self.clock().now() + wait;
        loop {
            changes.mark_unchanged();
            let (messages, next_change_at) = self.transact(|state, now| {
                let messages = state.receive(queue, &arn, maximum, visibility_timeout_ms, now)?;
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
}
