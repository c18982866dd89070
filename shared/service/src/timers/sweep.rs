//! The minute sweep: the scheduler of all timers, and the safety net for lost queue messages.

use casement_core::model::queue::DelayQueueMessage;
use casement_core::model::timer;
use chrono::{DateTime, Utc};
use futures_util::future::join_all;

use crate::event::Event;
use crate::outcome::Later;
use crate::ports::{Clock, DelayQueue, DueConversation, Timers};

/// The most pages that one run reads of a shard. A timer leaves the index as soon as it has rung,
/// so the next run begins with the remaining ones.
pub const PAGES_PER_SHARD: usize = 20;

/// The result of a sweep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Timers handed to the delay queue.
    pub queued: usize,
    /// Index partitions that have timers left for the next run.
    pub shards_left: usize,
    /// Customers' messages that should be in Jira by now and are not.
    pub unsettled: usize,
}

/// The result of sweeping one shard.
struct Shard {
    queued: usize,
    is_left: bool,
}

/// Hands every timer that is due, or will be before the next run, to the delay queue, and counts
/// the stuck messages. The shards are swept side by side; a failed one stops no other.
///
/// # Errors
/// The table or the queue failed for one of the shards; the next run begins again.
pub async fn sweep(
    timers: &impl Timers,
    queue: &impl DelayQueue,
    clock: &impl Clock,
) -> Result<Swept, Later> {
    let now = clock.now();
    let shards = timer::shards().map(|shard| sweep_shard(timers, queue, shard, now));
    let (shards, unsettled) =
        futures_util::future::join(join_all(shards), count_unsettled(timers, now)).await;
    let mut swept = Swept {
        unsettled: unsettled?,
        ..Swept::default()
    };
    for shard in shards {
        let shard = shard?;
        swept.queued += shard.queued;
        swept.shards_left += usize::from(shard.is_left);
    }
    Ok(swept)
}

async fn sweep_shard(
    timers: &impl Timers,
    queue: &impl DelayQueue,
    shard: String,
    now: DateTime<Utc>,
) -> Result<Shard, Later> {
    let until = now + timer::SWEEP_AHEAD;
    let mut queued = 0;
    let mut last = None;
    for _ in 0..PAGES_PER_SHARD {
        let page = timers.due(&shard, until, last.as_ref()).await?;
        let Some(end) = page.last().cloned() else {
            return Ok(Shard {
                queued,
                is_left: false,
            });
        };
        let messages: Vec<_> = page
            .iter()
            .flat_map(|due| messages(due, until, now))
            .collect();
        queue.enqueue_later(&messages).await?;
        messages.iter().for_each(|_| Event::TimerQueued.count());
        queued += messages.len();
        last = Some(end);
    }
    Ok(Shard {
        queued,
        is_left: true,
    })
}

async fn count_unsettled(timers: &impl Timers, now: DateTime<Utc>) -> Result<usize, Later> {
    let mut count = 0;
    for shard in timer::unsettled_shards() {
        count += timers.unsettled(&shard, now).await?;
    }
    if count > 0 {
        Event::MessagesStuck(count).count();
    }
    Ok(count)
}

/// Makes the messages of a conversation, one for each due timer.
fn messages(
    due: &DueConversation,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> impl Iterator<Item = (DelayQueueMessage, chrono::Duration)> + '_ {
    due.timers
        .due_until(until)
        .filter_map(move |(timer, due_at)| {
            let message = DelayQueueMessage::TimerDue {
                conversation: due.conversation.clone(),
                timer,
                due_at,
            };
            Some((message, timer::delay_until(due_at, now)?))
        })
}
