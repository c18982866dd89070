//! The counts of a run.

use crate::meter::Rate;

/// The index partitions of timers, and as many of unsettled messages.
pub(crate) const PARTITIONS: usize = 2 * casement_core::model::timer::SHARDS as usize;

/// Outcomes of messages.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    /// Messages that customers wrote.
    pub(crate) written: Rate,
    /// Customers' messages that have reached Jira.
    pub(crate) in_jira: Rate,
    /// Replies that agents wrote, and replies that were sent or held.
    pub(crate) replies: u64,
    pub(crate) replied: u64,
    pub(crate) held: u64,
    /// Dead letters: customers' messages and replies.
    pub(crate) dead: [u64; 2],
    pub(crate) notices: u64,
    pub(crate) questions: u64,
    pub(crate) alerts: u64,
    /// Repeated webhooks that the ledger recognised.
    pub(crate) duplicates: u64,
    /// Webhooks that were refused and will be repeated.
    pub(crate) posting: u64,
    pub(crate) whatsapp_webhooks: u64,
    pub(crate) jira_webhooks: u64,
    /// Jira's webhooks that were dropped after the last repetition.
    pub(crate) webhooks_lost: u64,

    pub(crate) sweeps: u64,
    pub(crate) swept: u64,
    /// The timers in the busiest sweep, and the sweeps that left some timers to the next.
    pub(crate) most_swept: usize,
    pub(crate) sweeps_left: u64,
    pub(crate) timers_rung: u64,
    pub(crate) timers_void: u64,

    pub(crate) search: Search,

    /// Violations: messages out of order or twice, and waits with two notices.
    pub(crate) out_of_order: u64,
    pub(crate) second_notices: u64,
}

/// The search for lost webhooks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Search {
    /// Runs, those that left some issues to the next, and those that Jira's limits ended.
    pub(crate) runs: u64,
    pub(crate) unfinished: u64,
    pub(crate) failed: u64,
    /// Comments that were put on the queue.
    pub(crate) found: u64,
    /// Milliseconds that runs took, together.
    pub(crate) busy: u64,
    /// The most milliseconds that it was behind.
    pub(crate) most_behind: u32,
}

/// Requests to the services.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requests {
    /// Messages that WhatsApp accepted: replies, notices, questions.
    pub(crate) sent: Rate,
    pub(crate) opened: u64,
    pub(crate) reopened: u64,
    /// Delivery states that comments do not show because of Jira's limit.
    pub(crate) not_shown: u64,
    /// Write units of the table itself, and of its index.
    pub(crate) table_writes: Rate,
    pub(crate) index_writes: Rate,
    /// Half read units. An eventually consistent read takes one.
    pub(crate) half_reads: Rate,
    /// Write units by partition of the index.
    pub(crate) partitions: [Rate; PARTITIONS],
    pub(crate) table_calls: u64,
    pub(crate) fifo_calls: u64,
    pub(crate) standard_calls: u64,
    pub(crate) jira_calls: u64,
    pub(crate) whatsapp_calls: u64,
}
