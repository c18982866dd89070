//! Wires the function: see the library.

use aws_lambda_events::sqs::SqsEvent;
use casement_aws::client::{AwsClients, AwsEnvironment};
use casement_aws::queues::SqsOutbound;
use casement_aws::{DynamoStore, SqsVisibility, fingerprint_key};
use casement_lambda::clock::{CLOCK_FILE, LambdaClock};
use casement_lambda::{BatchRunner, Environment, telemetry};
use casement_service::DueTimers;
use delay_notice::DelayNotices;
use lambda_runtime::{Error, LambdaEvent};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    let clock = LambdaClock::new(environment.optional(CLOCK_FILE));
    let telemetry = telemetry::init(env!("CARGO_CRATE_NAME"), &environment, &clock);
    let aws = AwsClients::new(AwsEnvironment::read(|name| environment.optional(name))?);
    let function = DelayNotices {
        use_case: DueTimers {
            store: DynamoStore::new(aws.dynamodb(), environment.table()?, clock.clone()),
            queue: SqsOutbound::new(aws.sqs(), environment.outbound_queue()?),
            clock: clock.clone(),
        },
        runner: BatchRunner::new(environment.max_receive_count()?, clock),
        visibility: SqsVisibility::new(aws.sqs(), environment.delay_queue()?),
    };
    let handler = async |event: LambdaEvent<SqsEvent>| function.handle(event).await;
    fingerprint_key::install(aws.secrets_manager(), &environment.fingerprint_key()?).await?;
    telemetry.run(handler).await
}
