//! The current work of a simulator, for idle detection.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use local_clock::Clock;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::lock;

/// Counts the pieces of work under way and owns the tasks that do them.
#[derive(Debug)]
pub(crate) struct Activity {
    clock: Clock,
    tickets: Mutex<Tickets>,
    changed: watch::Sender<u64>,
    tasks: Mutex<JoinSet<()>>,
}

#[derive(Debug, Default)]
struct Tickets {
    next: u64,
    /// The pieces of work under way. One with a time waits for that time.
    open: BTreeMap<u64, Option<DateTime<Utc>>>,
}

impl Activity {
    pub(crate) fn new(clock: Clock) -> Arc<Self> {
        Arc::new(Self {
            clock,
            tickets: Mutex::default(),
            changed: watch::channel(0).0,
            tasks: Mutex::default(),
        })
    }

    /// Returns a receiver that is notified of every start and end of work.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Counts the pieces of work that are under way or due. Those that wait for a later time do not
    /// count.
    pub(crate) fn busy(&self) -> usize {
        let now = self.clock.now();
        let tickets = lock(&self.tickets);
        let due = |until: &&Option<DateTime<Utc>>| until.is_none_or(|time| time <= now);
        tickets.open.values().filter(due).count()
    }

    /// Starts a piece of work, which ends when the ticket is dropped.
    pub(crate) fn begin(self: &Arc<Self>) -> Ticket {
        let id = {
            let mut tickets = lock(&self.tickets);
            tickets.next += 1;
            let id = tickets.next;
            tickets.open.insert(id, None);
            id
        };
        self.tell();
        Ticket {
            id,
            activity: Arc::clone(self),
        }
    }

    /// Runs `work` until it ends or the simulator is reset.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = lock(&self.tasks);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(work);
    }

    /// Ends all tasks at their next await point.
    pub(crate) fn stop(&self) {
        lock(&self.tasks).abort_all();
    }

    fn set(&self, id: u64, until: Option<DateTime<Utc>>) {
        lock(&self.tickets).open.insert(id, until);
        self.tell();
    }

    fn tell(&self) {
        self.changed.send_modify(|count| *count += 1);
    }
}

/// A piece of work under way.
#[derive(Debug)]
pub(crate) struct Ticket {
    id: u64,
    activity: Arc<Activity>,
}

impl Ticket {
    /// Waits for `time` on the stack's clock. Until then the work does not count as under way.
    pub(crate) async fn wait_until(&self, time: DateTime<Utc>) {
        self.activity.set(self.id, Some(time));
        self.activity.clock.sleep_until(time).await;
        self.activity.set(self.id, None);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        lock(&self.activity.tickets).open.remove(&self.id);
        self.activity.tell();
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    #[tokio::test]
    async fn waiting_work_counts_from_the_moment_it_is_due() {
        let clock = Clock::default();
        let activity = Activity::new(clock.clone());
        let ticket = activity.begin();
        assert_eq!(activity.busy(), 1);

        let mut changes = activity.changes();
        let due = clock.now() + Duration::hours(1);
        let waiting = tokio::spawn(async move {
            ticket.wait_until(due).await;
            ticket
        });
        changes.changed().await.unwrap();
        assert_eq!(activity.busy(), 0);

        clock.set_offset_ms(3_600_001).unwrap();
        assert_eq!(activity.busy(), 1, "due, even before the task has woken");
        drop(waiting.await.unwrap());
        assert_eq!(activity.busy(), 0);
    }
}
