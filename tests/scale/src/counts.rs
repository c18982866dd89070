//! The counts of a run.

use crate::calendar::Millis;
use crate::meter::Rate;

/// The index partitions of timers, and as many of unsettled messages.
pub(crate) const PARTITIONS: usize = 2 * casement_core::model::timer::SHARDS as usize;

/// Requests to the services, and outcomes of messages.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// Messages that customers wrote.
    pub(crate) written: Rate,
    /// Customers' messages that have reached Jira.
    pub(crate) in_jira: Rate,
    /// Messages that WhatsApp accepted: replies, notices, questions.
    pub(crate) sent: Rate,
    /// Replies that agents wrote, and replies that were sent or held.
    pub(crate) replies: u64,
    pub(crate) replied: u64,
    pub(crate) held: u64,
    /// Dead letters: customers' messages and replies.
    pub(crate) dead: [u64; 2],
    pub(crate) notices: u64,
    pub(crate) questions: u64,
    pub(crate) alerts: u64,
    pub(crate) opened: u64,
    pub(crate) reopened: u64,
    /// Repeated webhooks that the ledger recognised.
    pub(crate) duplicates: u64,
    /// Delivery states that comments do not show because of Jira's limit.
    pub(crate) not_shown: u64,

    /// Webhooks that were refused and will be repeated.
    pub(crate) posting: u64,
    /// Jira's webhooks that were dropped after the last repetition and found by the search.
    pub(crate) found_by_search: u64,

    /// Write units of the table itself, and of its index.
    pub(crate) table_writes: Rate,
    pub(crate) index_writes: Rate,
    /// Half read units. An eventually consistent read takes one.
    pub(crate) half_reads: Rate,
    /// Write units by partition of the index.
    pub(crate) partitions: [Rate; PARTITIONS],

    pub(crate) fifo_calls: u64,
    pub(crate) standard_calls: u64,
    /// Sends to a standard queue that were batched into another call.
    pub(crate) saved_sends: u64,
    pub(crate) jira_calls: u64,
    pub(crate) whatsapp_calls: u64,
    pub(crate) whatsapp_webhooks: u64,
    pub(crate) jira_webhooks: u64,

    pub(crate) sweeps: u64,
    pub(crate) swept: u64,
    /// The timers in the busiest sweep, and the sweeps that left some timers to the next.
    pub(crate) most_swept: u32,
    pub(crate) sweeps_left: u64,
    pub(crate) timers_rung: u64,
    pub(crate) timers_void: u64,

    /// Violations: messages out of order or twice, and waits with two notices.
    pub(crate) out_of_order: u64,
    pub(crate) second_notices: u64,
}

impl Counts {
    /// Counts the write of an item that takes this many units.
    pub(crate) fn write(&mut self, now: Millis, units: u32) {
        self.table_writes.add(now, units);
    }

    /// Counts the write of an index entry in this partition.
    pub(crate) fn index(&mut self, now: Millis, partition: usize, units: u32) {
        if units > 0 {
            self.index_writes.add(now, units);
            self.partitions[partition].add(now, units);
        }
    }

    /// Counts a consistent read.
    pub(crate) fn read(&mut self, now: Millis) {
        self.half_reads.add(now, 2);
    }
}
