//! The sweep of each minute, and the timers that fire.

use casement_core::decide::due::{Ring, decide_ring, rung};
use casement_core::model::queue::{OutboundQueueMessage, WaitTask, WindowTask};
use casement_core::model::timer::{self, SHARDS, SWEEP_AHEAD, Timer};

use crate::calendar::Millis;
use crate::customer::{Seconds, time};
use crate::world::{Function, Happening, Task, World};

/// The entries that one query of the index reads, and the most queries of a shard in one run
/// (`casement-aws` and `casement-service`).
const PAGE: usize = 100;
const PAGES: usize = 20;

/// The messages in one call to SQS.
const ENTRIES: usize = 10;

/// How far back a sweep looks for overdue timers.
const MINUTES_BACK: usize = 15;

impl World {
    /// Sends timers that are due before the next run to the delay queue.
    pub(crate) fn sweep(&mut self, now: Millis) {
        let until = time(now) + SWEEP_AHEAD;
        let last = (now as usize / 1000 + SWEEP_AHEAD.num_seconds() as usize) / 60;
        let mut shards: [Vec<(u32, Seconds)>; SHARDS as usize] = Default::default();
        for minute in last.saturating_sub(MINUTES_BACK)..=last {
            let Some(listed) = self.due.get_mut(minute) else {
                continue;
            };
            let mut entries = std::mem::take(listed);
            entries.sort_unstable();
            entries.dedup();
            // Entries whose timers have fired or moved are no longer in the index.
            entries.retain(|customer| {
                let due_at = self.customers()[*customer as usize].next_timer();
                let seconds = due_at.and_then(Seconds::since_beginning);
                seconds.is_some_and(|seconds| seconds as usize / 60 == minute)
            });
            for customer in &entries {
                let state = &self.customers()[*customer as usize];
                if let Some(due_at) = state.next_timer().filter(|at| at.time() <= Some(until)) {
                    shards[usize::from(state.shard)].push((*customer, due_at));
                }
            }
            self.due[minute] = entries;
        }
        self.counts.sweeps += 1;
        let mut swept = 0;
        let mut is_left = false;
        for mut entries in shards {
            entries.sort_unstable_by_key(|(customer, due_at)| (*due_at, *customer));
            is_left |= entries.len() > PAGE * PAGES;
            entries.truncate(PAGE * PAGES);
            swept += entries.len() as u32;
            self.sweep_shard(&entries, now);
        }
        self.counts.swept += u64::from(swept);
        self.counts.most_swept = self.counts.most_swept.max(swept);
        self.counts.sweeps_left += u64::from(is_left);
    }

    fn sweep_shard(&mut self, entries: &[(u32, Seconds)], now: Millis) {
        // A page of entries is about 15 KB. An eventually consistent read costs half a unit for
        // each 4 KB. The last page is empty, and the query for unsettled messages counts too.
        let pages = (entries.len() / PAGE + 1).min(PAGES) as u32;
        self.counts.half_reads.add(now, 4 * (pages - 1) + 2);
        for page in entries.chunks(PAGE) {
            let mut messages = 0;
            for (customer, _) in page {
                let conversation = self.loaded(*customer);
                for (timer, due_at) in conversation.timers.due_until(time(now) + SWEEP_AHEAD) {
                    if let Some(delay) = timer::delay_until(due_at, time(now)) {
                        messages += 1;
                        let at = now + delay.num_milliseconds() as Millis;
                        let due_at = Seconds::of(due_at);
                        self.calendar
                            .plan(at, Happening::Rings(*customer, timer, due_at));
                    }
                }
            }
            self.swept_batches(messages);
        }
    }

    /// Counts the sends that batching saves: a call takes ten messages, each counted as a send.
    fn swept_batches(&mut self, messages: usize) {
        let saved = messages - messages.div_ceil(ENTRIES);
        self.counts.saved_sends += saved as u64;
    }

    /// Handles a timer at its due moment: reads the conversation, decides, and passes the task on.
    pub(crate) fn ring(&mut self, customer: u32, timer: Timer, due_at: Seconds, now: Millis) {
        self.table_reads(1, now);
        let conversation = self.loaded(customer);
        let Some(due_at) = due_at.time() else {
            return;
        };
        let ring = decide_ring(&conversation, timer, due_at, time(now));
        if let Ring::Due(message) = &ring {
            let task = match message {
                OutboundQueueMessage::DelayNotice(WaitTask { generation, .. }) => {
                    Some(Task::Notice {
                        generation: *generation,
                    })
                }
                OutboundQueueMessage::KeepOpen(WindowTask { window_ends, .. }) => {
                    Some(Task::KeepOpen {
                        ends: Seconds::of(*window_ends),
                    })
                }
                OutboundQueueMessage::AgentAlert(WindowTask { window_ends, .. }) => {
                    Some(Task::Alert {
                        ends: Seconds::of(*window_ends),
                    })
                }
                // No held reply expires within the simulated time.
                _ => None,
            };
            if let Some(task) = task {
                self.aws_call();
                self.send(Function::Outbound, customer, task, now, now);
            }
        }
        self.counts.timers_rung += 1;
        self.counts.timers_void += u64::from(matches!(ring, Ring::Void));
        let after = rung(conversation.clone(), timer, due_at, &ring);
        self.save_changed(customer, &conversation, &after, now);
    }
}
