//! Wires the function: see the library.

use aws_lambda_events::sqs::SqsEvent;
use casement_aws::client::{AwsClients, AwsEnvironment};
use casement_aws::queues::SqsOutbound;
use casement_aws::{DynamoStore, Secrets, SqsVisibility, StoredSettings, fingerprint_key};
use casement_jira::client::JiraCloud;
use casement_lambda::clock::{CLOCK_FILE, LambdaClock};
use casement_lambda::{BatchRunner, Environment, outbound_http, telemetry};
use casement_service::Statuses;
use lambda_runtime::{Error, LambdaEvent};
use message_status::MessageStatuses;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    let clock = LambdaClock::new(environment.optional(CLOCK_FILE));
    let telemetry = telemetry::init(env!("CARGO_CRATE_NAME"), &environment, &clock);
    let aws = AwsClients::new(AwsEnvironment::read(|name| environment.optional(name))?);
    let secrets = Secrets::new(aws.secrets_manager(), environment.secret()?, clock.clone());
    let jira_url = environment.jira_base_url()?;
    let function = MessageStatuses {
        use_case: Statuses {
            store: DynamoStore::new(aws.dynamodb(), environment.table()?, clock.clone()),
            jira: JiraCloud::new(outbound_http::client()?, &jira_url, secrets)?,
            queue: SqsOutbound::new(aws.sqs(), environment.outbound_queue()?),
            settings: StoredSettings::new(aws.dynamodb(), environment.table()?, clock.clone()),
            clock: clock.clone(),
        },
        runner: BatchRunner::new(environment.max_receive_count()?, clock),
        visibility: SqsVisibility::new(aws.sqs(), environment.status_queue()?),
    };
    let handler = async |event: LambdaEvent<SqsEvent>| function.handle(event).await;
    fingerprint_key::install(aws.secrets_manager(), &environment.fingerprint_key()?).await?;
    telemetry.run(handler).await
}
