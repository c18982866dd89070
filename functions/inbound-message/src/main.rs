//! Wires the function: see the library.

use aws_lambda_events::sqs::SqsEvent;
use casement_aws::client::{AwsClients, AwsEnvironment};
use casement_aws::queues::{SqsDelay, SqsOutbound, SqsQueues};
use casement_aws::secrets::Secrets;
use casement_aws::settings::StoredSettings;
use casement_aws::store::DynamoStore;
use casement_aws::visibility::SqsVisibility;
use casement_jira::client::JiraCloud;
use casement_lambda::batch::BatchRunner;
use casement_lambda::config::{Environment, variables};
use casement_lambda::{clock, outbound_http, telemetry};
use casement_service::Inbound;
use inbound_message::InboundMessages;
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::of_process();
    telemetry::init(&environment);
X
    let handler = async |event: LambdaEvent<SqsEvent>| function.handle(event).await;
    lambda_runtime::run(service_fn(handler)).await
}
