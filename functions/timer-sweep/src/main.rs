//! Wires the function: see the library.

use casement_aws::DynamoStore;
use casement_aws::client::{AwsClients, AwsEnvironment};
use casement_aws::queues::SqsDelay;
use casement_lambda::clock::{CLOCK_FILE, LambdaClock};
use casement_lambda::{Environment, telemetry};
use casement_service::Sweep;
use lambda_runtime::{Error, LambdaEvent};
use serde::de::IgnoredAny;
use timer_sweep::TimerSweep;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    let telemetry = telemetry::init(env!("CARGO_CRATE_NAME"), |name| environment.optional(name));
    let clock = LambdaClock::new(environment.optional(CLOCK_FILE));
    let aws = AwsClients::new(AwsEnvironment::read(|name| environment.optional(name))?);
    let function = TimerSweep {
        use_case: Sweep {
            timers: DynamoStore::new(aws.dynamodb(), environment.table()?, clock.clone()),
            queue: SqsDelay::new(aws.sqs(), environment.delay_queue()?),
            clock,
        },
    };
    let handler = async |_tick: LambdaEvent<IgnoredAny>| function.run().await;
    telemetry.run(handler).await
}
