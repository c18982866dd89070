//! The outcome of a run.

use crate::limits::Endpoint;
use crate::scenario::Scenario;
use crate::work::replied;
use crate::world::{Function, Task, World};

/// The resources that one customer's message needs, including the answer, its reports and the
/// timers.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    pub(crate) api_requests: f64,
    pub(crate) invocations: f64,
    /// Records from queues.
    pub(crate) records: f64,
    /// Seconds in which functions wait for other services.
    pub(crate) waiting: f64,
    pub(crate) fifo_calls: f64,
    pub(crate) standard_calls: f64,
    pub(crate) table_writes: f64,
    pub(crate) index_writes: f64,
    /// Read units.
    pub(crate) reads: f64,
    pub(crate) jira_calls: f64,
    pub(crate) whatsapp_calls: f64,
    /// Calls of all kinds made by functions.
    pub(crate) calls: f64,
    pub(crate) replies: f64,
    pub(crate) sent: f64,
}

/// Seconds that a webhook waits for SQS.
const WEBHOOK_WAITS: f64 = 0.005;

/// A finished run.
pub struct Outcome {
    pub(crate) world: World,
}

impl Outcome {
    /// Returns the simulated scenario.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.world.scenario
    }

    /// Returns the number of messages that customers wrote.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.world.counts.written.total()
    }

    /// Returns the number of customers' messages in Jira, counting each time one was put there.
    #[must_use]
    pub fn in_jira(&self) -> u64 {
        self.world.counts.in_jira.total()
    }

    /// Returns the number of replies that agents wrote.
    #[must_use]
    pub fn replies(&self) -> u64 {
        self.world.counts.replies
    }

    /// Returns the number of replies sent or held, counting each time.
    #[must_use]
    pub fn replied(&self) -> u64 {
        self.world.counts.replied
    }

    /// Returns the number of delay notices sent.
    #[must_use]
    pub fn notices(&self) -> u64 {
        self.world.counts.notices
    }

    /// Returns the number of replies held because the window had closed.
    #[must_use]
    pub fn held(&self) -> u64 {
        self.world.counts.held
    }

    /// Returns the number of webhooks that were repeated although accepted, without effect.
    #[must_use]
    pub fn duplicates(&self) -> u64 {
        self.world.counts.duplicates
    }

    /// Returns the number of messages and of replies given up after all attempts.
    #[must_use]
    pub fn dead_letters(&self) -> [u64; 2] {
        self.world.counts.dead
    }

    /// Returns the number of messages and replies still queued or still to be posted at the end.
    #[must_use]
    pub fn left(&self) -> u64 {
        let inbound = self.world.worker(Function::Inbound).left_of(|task| {
            matches!(
                task,
                Task::Message {
                    is_repeated: false,
                    ..
                }
            )
        });
        let outbound = self.world.worker(Function::Outbound);
        let is_reply =
            |task: &Task| matches!(task, Task::Outbound(message) if replied(message).is_some());
        let outbound = outbound.left_of(is_reply);
        inbound + outbound + self.world.counts.posting
    }

    /// Returns the number of calls that Jira's limits refused.
    #[must_use]
    pub fn refused_by_jira(&self) -> u64 {
        let jira = self.world.services.jira.borrow();
        let refused = Endpoint::ALL.map(|endpoint| jira.bucket(endpoint).refused.total());
        refused.iter().sum()
    }

    /// Returns the number of messages and replies that overtook another one of the same customer,
    /// or came twice.
    #[must_use]
    pub fn out_of_order(&self) -> u64 {
        self.world.counts.out_of_order
    }

    /// Returns the number of waits with two notices.
    #[must_use]
    pub fn second_notices(&self) -> u64 {
        self.world.counts.second_notices
    }

    pub(crate) fn usage(&self) -> Usage {
        let world = &self.world;
        let counts = &world.counts;
        let messages = self.written().max(1) as f64;
        let per_message = |count: u64| count as f64 / messages;
        let webhooks = counts.whatsapp_webhooks + counts.jira_webhooks;
        let workers = Function::ALL.map(|function| world.worker(function));
        let sum = |of: fn(&crate::worker::Worker<Task>) -> u64| {
            workers.iter().map(|worker| of(worker)).sum::<u64>()
        };
        let busy = sum(|worker| worker.busy) + counts.search.busy;
        let requests = world.services.requests();
        let sqs_calls = requests.fifo_calls + requests.standard_calls;
        Usage {
            api_requests: per_message(webhooks),
            invocations: per_message(webhooks + sum(|worker| worker.invocations)),
            records: per_message(sum(|worker| worker.records)),
            waiting: (busy as f64 / 1000.0 + webhooks as f64 * WEBHOOK_WAITS) / messages,
            fifo_calls: per_message(requests.fifo_calls),
            standard_calls: per_message(requests.standard_calls),
            table_writes: per_message(requests.table_writes.total()),
            index_writes: per_message(requests.index_writes.total()),
            reads: per_message(requests.half_reads.total()) / 2.0,
            jira_calls: per_message(requests.jira_calls),
            whatsapp_calls: per_message(requests.whatsapp_calls),
            calls: per_message(
                webhooks
                    + sqs_calls
                    + requests.table_calls
                    + requests.jira_calls
                    + requests.whatsapp_calls,
            ),
            replies: per_message(counts.replies),
            sent: per_message(requests.sent.total()),
        }
    }
}
