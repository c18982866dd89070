//! The queues between the functions.

use casement_core::model::queue::{DelayQueueMessage, OutboundQueueMessage};
use casement_service::QueueFailure;
use casement_service::ports::{DelayQueue, OutboundQueue};
use chrono::Duration;

use crate::World;

#[derive(Default)]
pub(crate) struct Queues {
    /// The messages, each with its deduplication id.
    pub(crate) outbound: Vec<(OutboundQueueMessage, String)>,
    pub(crate) delayed: Vec<(DelayQueueMessage, Duration)>,
}

impl World {
    /// Returns what is on the outbound queue.
    #[must_use]
    pub fn outbound_queue(&self) -> Vec<OutboundQueueMessage> {
        let queues = self.inner.queues.borrow();
        let messages = queues.outbound.iter();
        messages.map(|(message, _)| message.clone()).collect()
    }

    /// Returns what is on the delay queue.
    #[must_use]
    pub fn delay_queue(&self) -> Vec<(DelayQueueMessage, Duration)> {
        self.inner.queues.borrow().delayed.clone()
    }

    /// Empties the delay queue.
    pub fn lose_delayed(&self) {
        self.inner.queues.borrow_mut().delayed.clear();
    }
}

impl OutboundQueue for World {
    async fn enqueue(&self, message: &OutboundQueueMessage, id: &str) -> Result<(), QueueFailure> {
        let queue = &mut self.inner.queues.borrow_mut().outbound;
        if queue.iter().all(|(_, earlier)| earlier != id) {
            queue.push((message.clone(), id.to_owned()));
        }
        Ok(())
    }
}

impl DelayQueue for World {
    async fn enqueue_later(
        &self,
        messages: &[(DelayQueueMessage, Duration)],
    ) -> Result<(), QueueFailure> {
        let delayed = &mut self.inner.queues.borrow_mut().delayed;
        delayed.extend_from_slice(messages);
        Ok(())
    }
}
