//! The queues between the functions.

use casement_core::model::queue::{DelayQueueMessage, OutboundQueueMessage};
use casement_service::QueueFailure;
use casement_service::ports::{Clock, DelayQueue, OutboundQueue};
use chrono::{DateTime, Duration, Utc};

use crate::{Queue, World};

/// The most messages in one call to SQS.
const ENTRIES_PER_CALL: usize = 10;

#[derive(Default)]
pub(crate) struct Queues {
    /// The messages, each with its deduplication id.
    pub(crate) outbound: Vec<(OutboundQueueMessage, String)>,
    delayed: Vec<Delayed>,
}

struct Delayed {
    message: DelayQueueMessage,
    delay: Duration,
    arrives_at: DateTime<Utc>,
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
        let queues = self.inner.queues.borrow();
        let delayed = queues.delayed.iter();
        delayed
            .map(|one| (one.message.clone(), one.delay))
            .collect()
    }

    /// Takes all messages from the outbound queue.
    #[must_use]
    pub fn take_outbound(&self) -> Vec<OutboundQueueMessage> {
        let queue = std::mem::take(&mut self.inner.queues.borrow_mut().outbound);
        queue.into_iter().map(|(message, _)| message).collect()
    }

    /// Takes all messages from the delay queue, each with the time at which it arrives.
    #[must_use]
    pub fn take_delayed(&self) -> Vec<(DelayQueueMessage, DateTime<Utc>)> {
        let delayed = std::mem::take(&mut self.inner.queues.borrow_mut().delayed);
        let taken = delayed.into_iter();
        taken.map(|one| (one.message, one.arrives_at)).collect()
    }

    /// Empties the delay queue.
    pub fn lose_delayed(&self) {
        self.inner.queues.borrow_mut().delayed.clear();
    }

    /// Takes the message from the delay queue that arrives first, if it does so by `until`.
    pub(crate) fn next_delayed(
        &self,
        until: DateTime<Utc>,
    ) -> Option<(DateTime<Utc>, DelayQueueMessage)> {
        let delayed = &mut self.inner.queues.borrow_mut().delayed;
        let arrivals = delayed.iter().map(|one| one.arrives_at).enumerate();
        let (first, arrives_at) = arrivals.min_by_key(|(_, at)| *at)?;
        (arrives_at <= until).then(|| (arrives_at, delayed.remove(first).message))
    }
}

impl OutboundQueue for World {
    async fn enqueue(&self, message: &OutboundQueueMessage, id: &str) -> Result<(), QueueFailure> {
        if let Some(meter) = self.meter() {
            meter.enqueue(Queue::Outbound);
        }
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
        if let Some(meter) = self.meter() {
            let calls = messages.chunks(ENTRIES_PER_CALL);
            calls.for_each(|_| meter.enqueue(Queue::Delays));
        }
        let delayed = &mut self.inner.queues.borrow_mut().delayed;
        let now = self.now();
        delayed.extend(messages.iter().map(|(message, delay)| Delayed {
            message: message.clone(),
            delay: *delay,
            arrives_at: now + *delay,
        }));
        Ok(())
    }
}
