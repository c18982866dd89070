//! Decides whether the stack is at rest, and waits for that without polling.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::stack::{QueuePair, Stack};

/// The work that is still going on.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Busy {
    /// The queues with messages that are due now.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    queues: BTreeMap<String, BusyQueue>,
    /// The number of running invocations.
    #[serde(skip_serializing_if = "is_zero")]
    functions: usize,
    /// The number of the simulated WhatsApp's webhooks that are being sent.
    #[serde(skip_serializing_if = "is_zero")]
    whatsapp: usize,
    /// The number of the simulated Jira's webhooks that are being sent.
    #[serde(skip_serializing_if = "is_zero")]
    jira: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct BusyQueue {
    visible: usize,
    in_flight: usize,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Stack {
    /// Waits until nothing is going on. With `ignore_backoff`, a failed message that waits for its
    /// next delivery does not count.
    ///
    /// # Errors
    /// The work that is still going on after `patience`.
    pub(crate) async fn rest(&self, patience: Duration, ignore_backoff: bool) -> Result<(), Busy> {
        let rest = async {
            loop {
                let mut changes = Changes::of(self);
                let idle = self.busy(ignore_backoff) == Busy::default();
                // The parts are checked one after the other. If one has changed in the meantime,
                // work may have moved from it to a part that was already checked.
                if idle && !changes.any_yet() {
                    return;
                }
                if !idle {
                    changes.next().await;
                }
            }
        };
        timeout(patience, rest)
            .await
            .map_err(|_| self.busy(ignore_backoff))
    }

    fn busy(&self, ignore_backoff: bool) -> Busy {
        let queues = self
            .queues
            .iter()
            .filter_map(|pair| Some((pair.name.clone(), self.busy_queue(pair, ignore_backoff)?)));
        Busy {
            queues: queues.collect(),
            functions: self.lambda.activity().running(),
            whatsapp: self.whatsapp.busy(),
            jira: self.jira.busy(),
        }
    }

    fn busy_queue(&self, pair: &QueuePair, ignore_backoff: bool) -> Option<BusyQueue> {
        // Cannot fail: the queues are those of the template.
        let stats = self.sqs.stats(&pair.queue).ok()?;
        let in_flight = if ignore_backoff {
            let messages = self.sqs.in_flight(&pair.queue).ok()?;
            messages
                .iter()
                .filter(|message| {
                    !self
                        .returned
                        .has_failed(&message.message_id, message.receive_count)
                })
                .count()
        } else {
            stats.in_flight
        };
        // Messages behind a failed one of their group wait for its backoff too.
        let visible = if ignore_backoff {
            stats.receivable
        } else {
            stats.visible
        };
        (visible + in_flight > 0).then_some(BusyQueue { visible, in_flight })
    }
}

// One subscription to everything that "at rest" depends on.
struct Changes {
    queues: watch::Receiver<u64>,
    returned: watch::Receiver<()>,
    functions: watch::Receiver<usize>,
    whatsapp: watch::Receiver<u64>,
    jira: watch::Receiver<u64>,
    clock: watch::Receiver<i64>,
}

impl Changes {
    fn of(stack: &Stack) -> Self {
        Self {
            queues: stack.sqs.changes(),
            returned: stack.returned.changes(),
            functions: stack.lambda.activity().changes(),
            whatsapp: stack.whatsapp.changes(),
            jira: stack.jira.changes(),
            clock: stack.clock.changes(),
        }
    }

    // A dropped sender, which does not occur, would count as a change.
    fn any_yet(&self) -> bool {
        self.queues.has_changed().unwrap_or(true)
            || self.returned.has_changed().unwrap_or(true)
            || self.functions.has_changed().unwrap_or(true)
            || self.whatsapp.has_changed().unwrap_or(true)
            || self.jira.has_changed().unwrap_or(true)
            || self.clock.has_changed().unwrap_or(true)
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.queues.changed() => {}
            _ = self.returned.changed() => {}
            _ = self.functions.changed() => {}
            _ = self.whatsapp.changed() => {}
            _ = self.jira.changed() => {}
            _ = self.clock.changed() => {}
        }
    }
}
