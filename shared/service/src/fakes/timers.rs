//! The passage of time, and the timers that ring in it.

use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{AccountId, Assignee};
use casement_core::model::ledger::LedgerKey;
use casement_core::model::queue::{DelayQueueMessage, OutboundQueueMessage};
use chrono::{DateTime, Duration, Utc};

use super::World;
use crate::failure::StoreFailure;
use crate::outcome::Attempt;
use crate::ports::{Clock, DueConversation, Timers};
use crate::{Later, Outcome, Swept, ring, sweep};

impl World {
    /// Rings a timer.
    pub(crate) async fn ring(&self, message: &DelayQueueMessage) -> Result<Outcome, Later> {
        ring(self, self, self, message).await
    }

    /// Runs the minute sweep.
    pub(crate) async fn sweep(&self) -> Result<Swept, Later> {
        sweep(self, self, self).await
    }

    /// Lets the minutes pass until `now`: each has its sweep, the delay queue hands over due
    /// timers, and the resulting outbound messages are carried out. Returns the outcomes of the
    /// timers and the outbound messages.
    pub(crate) async fn pass(&self, now: DateTime<Utc>) -> Vec<&'static str> {
        let mut outcomes = Vec::new();
        let mut delayed: Vec<(DateTime<Utc>, DelayQueueMessage)> = Vec::new();
        while self.now() < now {
            self.skip_idle_time(now, &delayed);
            let minute = (self.now() + Duration::minutes(1)).min(now);
            self.sweep().await.unwrap();
            let queued = self.inner.delayed.borrow_mut().split_off(0);
            let arrivals = queued.into_iter();
            delayed.extend(arrivals.map(|(message, delay)| (self.now() + delay, message)));
            delayed.sort_by_key(|(at, _)| *at);
            let later = delayed.partition_point(|(at, _)| *at <= minute);
            for (at, message) in delayed.drain(..later).collect::<Vec<_>>() {
                self.set_now(at);
                let outcome = self.ring(&message).await.unwrap();
                outcomes.push(outcome.as_str());
                outcomes.extend(self.carry_out_all().await);
            }
            self.set_now(minute);
        }
        outcomes
    }

    /// Skips to the minute before the next timer is due, but not beyond `until`.
    fn skip_idle_time(&self, until: DateTime<Utc>, delayed: &[(DateTime<Utc>, DelayQueueMessage)]) {
        if !delayed.is_empty() || !self.inner.delayed.borrow().is_empty() {
            return;
        }
        let conversations = self.inner.conversations.borrow();
        let next = conversations
            .values()
            .filter_map(|known| known.timers.next());
        let next = next
            .min()
            .map_or(until, |due_at| due_at - Duration::minutes(1));
        self.set_now(next.clamp(self.now(), until));
    }

    /// Carries out all messages on the outbound queue.
    pub(crate) async fn carry_out_all(&self) -> Vec<&'static str> {
        let mut outcomes = Vec::new();
        let queue = self.inner.outbound.borrow_mut().split_off(0);
        for (message, _) in queue {
            outcomes.push(self.carry_out(&message).await);
        }
        outcomes
    }

    async fn carry_out(&self, message: &OutboundQueueMessage) -> &'static str {
        let outcome = self.outbound().carry_out(message, Attempt::Another).await;
        outcome.unwrap().as_str()
    }

    /// Empties the delay queue.
    pub(crate) fn lose_delayed(&self) {
        self.inner.delayed.borrow_mut().clear();
    }

    pub(crate) fn assign(&self, name: &str) {
        let assignee = Assignee {
            account: AccountId::new("712020:1"),
            name: name.to_owned().into(),
        };
        self.inner.assignee.replace(Some(assignee));
    }

    /// Makes Jira fail so, if at all, when a field is written from now on.
    pub(crate) fn fail_times(&self, failure: Option<CallFailure>) {
        self.inner.time_failure.replace(failure);
    }

    /// Returns the written times: the request, the field, the time.
    pub(crate) fn times(&self) -> Vec<(String, String, DateTime<Utc>)> {
        self.inner.times.borrow().clone()
    }
}

impl Timers for World {
    async fn due(
        &self,
        shard: &str,
        until: DateTime<Utc>,
        after: Option<&DueConversation>,
    ) -> Result<Vec<DueConversation>, StoreFailure> {
        let mut due: Vec<DueConversation> = self
            .inner
            .conversations
            .borrow()
            .values()
            .filter(|conversation| casement_core::model::timer::shard(&conversation.key) == shard)
            .filter_map(|conversation| {
                let next = conversation.timers.next();
                Some(DueConversation {
                    conversation: conversation.key.clone(),
                    due_at: next.filter(|due_at| *due_at <= until)?,
                    timers: conversation.timers,
                })
            })
            .collect();
        due.sort_by_key(|timer| (timer.due_at, timer.conversation.clone()));
        let seen = after.map(|last| (last.due_at, last.conversation.clone()));
        due.retain(|timer| Some((timer.due_at, timer.conversation.clone())) > seen);
        due.truncate(2);
        Ok(due)
    }

    async fn unsettled(&self, shard: &str, now: DateTime<Utc>) -> Result<usize, StoreFailure> {
        let ledger = self.inner.ledger.borrow();
        let entries = ledger.iter().filter(|(key, entry)| match key {
            LedgerKey::Message(wamid) => {
                casement_core::model::timer::unsettled_shard(wamid) == shard
                    && entry.settles_until().is_some_and(|until| until <= now)
            }
            LedgerKey::Outbound(_) | LedgerKey::Note(_) => false,
        });
        Ok(entries.count())
    }
}
