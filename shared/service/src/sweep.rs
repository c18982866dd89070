//! The minute sweep: the scheduler of all timers, and the net under lost queue messages.

use casement_core::queue::DelayQueueMessage;
use casement_core::timer;

use crate::event::Event;
use crate::failure::Later;
use crate::ports::{Clock, DelayQueue, Timers};

/// The most pages that one run reads of a shard. What is left is found by the next run.
const PAGES_PER_SHARD: usize = 20;

/// The use case of `timer-sweep`.
#[derive(Debug)]
pub struct Sweep<S, D, C> {
    /// The index of timers.
    pub timers: S,
    /// The delay queue.
    pub queue: D,
    /// The clock.
    pub clock: C,
}

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Timers handed to the delay queue.
    pub queued: usize,
}

impl<S: Timers, D: DelayQueue, C: Clock> Sweep<S, D, C> {
    /// Hands every timer that is due, or will be before the next run, to the delay queue.
    ///
    /// # Errors
    /// The table or the queue failed; the next run begins again.
    pub async fn run(&self) -> Result<Swept, Later> {
        let mut swept = Swept::default();
        for shard in timer::shards() {
            swept.queued += self.sweep_shard(&shard).await?;
        }
        Ok(swept)
    }

    async fn sweep_shard(&self, shard: &str) -> Result<usize, Later> {
        let now = self.clock.now();
        let mut queued = 0;
        let mut last = None;
        for _ in 0..PAGES_PER_SHARD {
            let until = now + timer::SWEEP_AHEAD;
            let page = self.timers.due(shard, until, last.as_ref()).await?;
            let messages: Vec<_> = page
                .iter()
                .filter_map(|due| {
                    let message = DelayQueueMessage::NoticeDue {
                        conversation: due.conversation.clone(),
                        generation: due.generation,
                    };
                    Some((message, timer::delay_until(due.due_at, now)?))
                })
                .collect();
            if messages.is_empty() {
                break;
            }
            self.queue.enqueue_later(&messages).await?;
            messages.iter().for_each(|_| Event::TimerQueued.count());
            queued += messages.len();
            last = page.last().cloned();
        }
        Ok(queued)
    }
}
