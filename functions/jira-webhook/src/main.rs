//! Wires the function: see the library.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use casement_aws::client::{AwsClients, AwsEnvironment};
use casement_aws::queues::SqsOutbound;
use casement_aws::secrets::Secrets;
use casement_lambda::clock::{CLOCK_FILE, LambdaClock};
use casement_lambda::config::Environment;
use casement_lambda::telemetry;
use jira_webhook::JiraWebhook;
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    telemetry::init(&environment);
    let clock = LambdaClock::new(environment.optional(CLOCK_FILE));
    let secret = environment.required("SECRET_ID", "the name or ARN of the secret")?;
    let outbound = environment.required("OUTBOUND_QUEUE_URL", "the URL of the outbound queue")?;
    let aws = AwsClients::new(AwsEnvironment::read(|name| environment.optional(name))?);
    let webhook = JiraWebhook {
        secrets: Secrets::new(aws.secrets_manager(), secret, clock),
        outbound: SqsOutbound::new(aws.sqs(), outbound),
    };
    let handler = async |event: LambdaEvent<ApiGatewayV2httpRequest>| webhook.handle(event).await;
    lambda_runtime::run(service_fn(handler)).await
}
