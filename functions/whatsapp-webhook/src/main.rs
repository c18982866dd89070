//! Wires the function: see the library.

use aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use casement_lambda::Function;
use lambda_runtime::{Error, LambdaEvent};
use whatsapp_webhook::WhatsappWebhook;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = Function::start(env!("CARGO_CRATE_NAME"))?;
    let webhook = WhatsappWebhook {
        secrets: function.webhook_secrets()?,
        inbound: function.batch_sender(function.environment.inbound_queue()?),
        status: function.batch_sender(function.environment.status_queue()?),
        clock: function.clock(),
    };
    let handler = async |event: LambdaEvent<ApiGatewayV2httpRequest>| webhook.handle(event).await;
    function.serve(handler).await
}
