//! What a run counts.

use crate::calendar::Millis;
use crate::meter::Rate;

/// Index partitions of timers, and as many of messages that are not settled.
pub(crate) const PARTITIONS: usize = 2 * casement_core::model::timer::SHARDS as usize;

/// What was asked of the services, and what came of the messages.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// Customers' messages as they were written.
    pub(crate) written: Rate,
    /// Customers' messages that are in Jira.
    pub(crate) in_jira: Rate,
    /// Messages that WhatsApp took: replies, notices, questions.
    pub(crate) sent: Rate,
    /// Replies as agents wrote them, and those that are sent or held.
    pub(crate) replies: u64,
    pub(crate) replied: u64,
    pub(crate) held: u64,
    /// Messages and replies among the dead letters.
    pub(crate) dead: [u64; 2],
    pub(crate) notices: u64,
    pub(crate) questions: u64,
    pub(crate) alerts: u64,
    pub(crate) opened: u64,
    pub(crate) reopened: u64,
    /// Repeated webhooks that the ledger knew.
    pub(crate) duplicates: u64,
    /// Delivery states that Jira's limit kept off the comment.
    pub(crate) not_shown: u64,

    /// Webhooks that were refused and are still to be repeated.
    pub(crate) posting: u64,
    /// Webhooks of Jira that it dropped after its repetitions, found by the search.
    pub(crate) found_by_search: u64,

    /// Write units of the table itself, and of its index.
    pub(crate) table_writes: Rate,
    pub(crate) index_writes: Rate,
    /// Half a unit each: a read that may be a moment old.
    pub(crate) half_reads: Rate,
    /// Write units by partition of the index.
    pub(crate) partitions: [Rate; PARTITIONS],

    pub(crate) fifo_calls: u64,
    pub(crate) standard_calls: u64,
    /// Sends to a standard queue that went together with others in one call.
    pub(crate) saved_sends: u64,
    pub(crate) jira_calls: u64,
    pub(crate) whatsapp_calls: u64,
    pub(crate) whatsapp_webhooks: u64,
    pub(crate) jira_webhooks: u64,

    pub(crate) sweeps: u64,
    pub(crate) swept: u64,
    /// Timers in the busiest sweep, and sweeps that left some to the next.
    pub(crate) most_swept: u32,
    pub(crate) sweeps_left: u64,
    pub(crate) timers_rung: u64,
    pub(crate) timers_void: u64,

    /// What must never be: a message out of order or twice, a silence with two notices.
    pub(crate) out_of_order: u64,
    pub(crate) second_notices: u64,
}

impl Counts {
    /// A write of an item of so many units.
    pub(crate) fn write(&mut self, now: Millis, units: u32) {
        self.table_writes.add(now, units);
    }

    /// A write of an index entry in this partition.
    pub(crate) fn index(&mut self, now: Millis, partition: usize, units: u32) {
        if units > 0 {
            self.index_writes.add(now, units);
            self.partitions[partition].add(now, units);
        }
    }

    /// A read that is up to date.
    pub(crate) fn read(&mut self, now: Millis) {
        self.half_reads.add(now, 2);
    }
}
