//! Wires the function: see the library.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use casement_lambda::Function;
use jira_webhook::JiraWebhook;
use lambda_runtime::{Error, LambdaEvent};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = Function::start(env!("CARGO_CRATE_NAME"))?;
    let webhook = JiraWebhook {
        secrets: function.webhook_secrets()?,
        outbound: function.outbound_queue()?,
    };
    let handler = async |event: LambdaEvent<ApiGatewayV2httpRequest>| webhook.handle(event).await;
    function.serve(handler).await
}
