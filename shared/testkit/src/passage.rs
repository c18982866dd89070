//! The passage of time, and the work that comes with it.

use casement_core::model::queue::{DelayQueueMessage, OutboundQueueMessage};
use casement_service::ports::Clock;
use casement_service::{Attempt, Later, Outcome, Swept, ring, sweep};
use chrono::{DateTime, Duration, Utc};

use crate::World;

impl World {
    /// Rings a timer.
    pub async fn ring(&self, message: &DelayQueueMessage) -> Result<Outcome, Later> {
        ring(self, self, self, message).await
    }

    /// Runs the minute sweep.
    pub async fn sweep(&self) -> Result<Swept, Later> {
        sweep(self, self, self).await
    }

    /// Carries out a message of the outbound queue.
    pub async fn carry_out(&self, message: &OutboundQueueMessage) -> Result<Outcome, Later> {
        self.outbound().carry_out(message, Attempt::Another).await
    }

    /// Carries out all messages on the outbound queue, and returns the outcomes.
    pub async fn carry_out_all(&self) -> Vec<&'static str> {
        let mut outcomes = Vec::new();
        for message in self.take_outbound() {
            outcomes.push(self.carry_out(&message).await.unwrap().as_str());
        }
        outcomes
    }

    /// Lets the minutes pass until `now`: each has its sweep, the delay queue hands over due
    /// timers, and the resulting outbound messages are carried out. Returns the outcomes of the
    /// timers and the outbound messages.
    pub async fn pass(&self, now: DateTime<Utc>) -> Vec<&'static str> {
        let mut outcomes = Vec::new();
        while self.now() < now {
            self.skip_idle_time(now);
            let minute = (self.now() + Duration::minutes(1)).min(now);
            self.sweep().await.unwrap();
            while let Some((arrives_at, message)) = self.next_delayed(minute) {
                self.set_now(arrives_at.max(self.now()));
                let outcome = self.ring(&message).await.unwrap();
                outcomes.push(outcome.as_str());
                outcomes.extend(self.carry_out_all().await);
            }
            self.set_now(minute);
        }
        outcomes
    }

    /// Skips to the minute before the next timer is due, but not beyond `until`.
    fn skip_idle_time(&self, until: DateTime<Utc>) {
        if self.delay_queue().is_empty() {
            let due_at = self.next_timer().unwrap_or(until);
            let next = due_at - Duration::minutes(1);
            self.set_now(next.clamp(self.now(), until));
        }
    }
}
