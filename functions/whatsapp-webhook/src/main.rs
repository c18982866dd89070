//! Wires the function: see the library.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use casement_aws::client::{AwsClients, AwsEnvironment};
use casement_aws::queues::BatchSender;
use casement_aws::secrets::Secrets;
use casement_lambda::clock::{CLOCK_FILE, LambdaClock};
use casement_lambda::config::Environment;
use casement_lambda::telemetry;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use whatsapp_webhook::WhatsappWebhook;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    telemetry::init(&environment);
    let clock = LambdaClock::new(environment.optional(CLOCK_FILE));
    let secret = environment.required("SECRET_ID", "the name or ARN of the secret")?;
    let inbound = environment.required("INBOUND_QUEUE_URL", "the URL of the inbound queue")?;
    let status = environment.required("STATUS_QUEUE_URL", "the URL of the status queue")?;
    let aws = AwsClients::new(AwsEnvironment::read(|name| environment.optional(name))?);
    let webhook = WhatsappWebhook {
        secrets: Secrets::new(aws.secrets_manager(), secret, clock.clone()),
        inbound: BatchSender::new(aws.sqs(), inbound),
        status: BatchSender::new(aws.sqs(), status),
        clock,
    };
    let handler = async |event: LambdaEvent<ApiGatewayV2httpRequest>| webhook.handle(event).await;
    lambda_runtime::run(service_fn(handler)).await
}
