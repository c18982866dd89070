//! The delay queue: checks a due timer again, decides, and hands what is due to the outbound queue.

use casement_aws::DynamoStore;
use casement_aws::queues::SqsOutbound;
use casement_core::model::queue::{DelayQueueMessage, decode};
use casement_lambda::batch::{Record, Returned};
use casement_lambda::clock::LambdaClock;
use casement_lambda::{Function, Worker, outcome};
use casement_service::ring;
use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = Function::start(env!("CARGO_CRATE_NAME"))?;
    let worker = DueTimers {
        store: function.store()?,
        outbound: function.outbound_queue()?,
        clock: function.clock(),
    };
    let queue = function.environment.delay_queue()?;
    let runner = function.runner()?;
    function.work(queue, runner, worker).await
}

/// Rings the timers that are due.
struct DueTimers {
    /// The table.
    store: DynamoStore<LambdaClock>,
    /// The queue to the only sender.
    outbound: SqsOutbound,
    /// The clock.
    clock: LambdaClock,
}

impl Worker for DueTimers {
    async fn handle(&self, record: &Record) -> Result<(), Returned> {
        let message: DelayQueueMessage = decode(&record.body).map_err(outcome::not_understood)?;
        let result = ring(&self.store, &self.outbound, &self.clock, &message).await;
        let conversation = message.conversation().fingerprint();
        outcome::report("timer_due", &conversation, result)
    }
}
