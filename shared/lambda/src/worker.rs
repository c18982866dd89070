//! Serves a queue: handles the records of a batch independently.

use std::convert::Infallible;

use aws_lambda_events::sqs::SqsEvent;
use casement_aws::SqsVisibility;
use casement_aws::queues::follow;
use lambda_runtime::{Error, LambdaEvent};

use crate::batch::{BatchRunner, Record, Returned};
use crate::config::ConfigError;
use crate::function::Function;

/// Handles the records of one queue.
#[expect(
    async_fn_in_trait,
    reason = "one task per Lambda environment: the futures need not be Send"
)]
pub trait Worker {
    /// Handles one record.
    ///
    /// # Errors
    /// The record goes back to the queue.
    async fn handle(&self, record: &Record) -> Result<(), Returned>;
}

impl Function {
    /// Makes a runner for records of a few calls each.
    ///
    /// # Errors
    /// The queue's `maxReceiveCount` is not configured.
    pub fn runner(&self) -> Result<BatchRunner, ConfigError> {
        let receives = self.environment.max_receive_count()?;
        Ok(BatchRunner::new(receives, self.clock()))
    }

    /// Makes a runner for records that may transfer files.
    ///
    /// # Errors
    /// The queue's `maxReceiveCount` is not configured.
    pub fn runner_for_files(&self) -> Result<BatchRunner, ConfigError> {
        let receives = self.environment.max_receive_count()?;
        Ok(BatchRunner::for_files(receives, self.clock()))
    }

    /// Hands the records of the queue at `queue_url` to `worker`, each independently and those of
    /// one group in order. Messages that a record sends continue its trace context.
    ///
    /// # Errors
    /// As [`Function::serve`].
    pub async fn work(
        self,
        queue_url: String,
        runner: BatchRunner,
        worker: impl Worker,
    ) -> Result<(), Error> {
        let visibility = SqsVisibility::new(self.aws.sqs(), queue_url);
        let come_back = async |handle: &str, wait| visibility.set(handle, wait).await;
        let record = async |record: &Record| {
            follow(record.trace_context.clone(), worker.handle(record)).await
        };
        self.serve(async |event: LambdaEvent<SqsEvent>| {
            let invocation = runner.invocation(&event.context);
            let ran = runner.run(event.payload, invocation, &record, &come_back);
            Ok::<_, Infallible>(ran.await)
        })
        .await
    }
}
