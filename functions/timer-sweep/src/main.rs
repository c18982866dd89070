//! Wires the function: see the library.

use casement_aws::client::{AwsClients, AwsEnvironment};
use casement_aws::queues::{SqsDelay, SqsOutbound};
use casement_aws::{DynamoStore, Secrets, StoredSettings, fingerprint_key};
use casement_jira::client::JiraCloud;
use casement_lambda::clock::{CLOCK_FILE, LambdaClock};
use casement_lambda::{Environment, outbound_http, telemetry};
use casement_service::{Reconciliation, Sweep};
use lambda_runtime::{Error, LambdaEvent};
use serde::de::IgnoredAny;
use timer_sweep::TimerSweep;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    let clock = LambdaClock::new(environment.optional(CLOCK_FILE));
    let telemetry = telemetry::init(env!("CARGO_CRATE_NAME"), &environment, &clock);
    let aws = AwsClients::new(AwsEnvironment::read(|name| environment.optional(name))?);
    let secrets = Secrets::new(aws.secrets_manager(), environment.secret()?, clock.clone());
    let http = outbound_http::client()?;
    let store = DynamoStore::new(aws.dynamodb(), environment.table()?, clock.clone());
    let function = TimerSweep {
        timers: Sweep {
            timers: store.clone(),
            queue: SqsDelay::new(aws.sqs(), environment.delay_queue()?),
            clock: clock.clone(),
        },
        reconciliation: Reconciliation {
            store,
            jira: JiraCloud::new(http, &environment.jira_base_url()?, secrets)?,
            queue: SqsOutbound::new(aws.sqs(), environment.outbound_queue()?),
            settings: StoredSettings::new(aws.dynamodb(), environment.table()?, clock.clone()),
            clock,
        },
    };
    let handler = async |_tick: LambdaEvent<IgnoredAny>| function.run().await;
    fingerprint_key::install(aws.secrets_manager(), &environment.fingerprint_key()?).await?;
    telemetry.run(handler).await
}
