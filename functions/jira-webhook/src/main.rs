//! Wires the function: see the library.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use casement_aws::client::{AwsClients, AwsEnvironment};
use casement_aws::queues::SqsOutbound;
use casement_aws::{Secrets, fingerprint_key};
use casement_lambda::clock::{CLOCK_FILE, LambdaClock};
use casement_lambda::{Environment, telemetry};
use jira_webhook::JiraWebhook;
use lambda_runtime::{Error, LambdaEvent};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    let clock = LambdaClock::new(environment.optional(CLOCK_FILE));
    let telemetry = telemetry::init(env!("CARGO_CRATE_NAME"), &environment, &clock);
    let secret = environment.secret()?;
    let outbound = environment.outbound_queue()?;
    let aws = AwsClients::new(AwsEnvironment::read(|name| environment.optional(name))?);
    let webhook = JiraWebhook {
        secrets: Secrets::new(aws.secrets_manager(), secret, clock),
        outbound: SqsOutbound::new(aws.sqs(), outbound),
    };
    let handler = async |event: LambdaEvent<ApiGatewayV2httpRequest>| webhook.handle(event).await;
    fingerprint_key::install(aws.secrets_manager(), &environment.fingerprint_key()?).await?;
    telemetry.run(handler).await
}
