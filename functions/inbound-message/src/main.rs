//! Wires the function: see the library.

use casement_lambda::Function;
use casement_service::Inbound;
use inbound_message::InboundMessages;
use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = Function::start(env!("CARGO_CRATE_NAME"))?;
    let worker = InboundMessages(Inbound {
        app: function.app()?,
        whatsapp: function.whatsapp()?,
        outbound: function.outbound_queue()?,
        delays: function.delay_queue()?,
    });
    let queue = function.environment.inbound_queue()?;
    let runner = function.runner_for_files()?;
    function.work(queue, runner, worker).await
}
