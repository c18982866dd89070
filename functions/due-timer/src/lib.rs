//! The delay queue: checks a due timer again, decides, and hands what is due to the outbound queue.

use casement_aws::DynamoStore;
use casement_aws::queues::SqsOutbound;
use casement_core::model::queue::{DelayQueueMessage, decode};
use casement_lambda::batch::{Record, Returned};
use casement_lambda::clock::LambdaClock;
use casement_lambda::{Worker, outcome};
use casement_service::ring;

/// Rings the timers that are due.
#[derive(Debug)]
pub struct DueTimers {
    /// The table.
    pub store: DynamoStore<LambdaClock>,
    /// The queue to the only sender.
    pub outbound: SqsOutbound,
    /// The clock.
    pub clock: LambdaClock,
}

impl Worker for DueTimers {
    async fn handle(&self, record: &Record) -> Result<(), Returned> {
        let message: DelayQueueMessage = decode(&record.body).map_err(outcome::not_understood)?;
        let result = ring(&self.store, &self.outbound, &self.clock, &message).await;
        let conversation = message.conversation().fingerprint();
        outcome::report("timer_due", &conversation, result)
    }
}
