//! Wires the function: see the library.

use casement_lambda::Function;
use casement_service::Outbound;
use lambda_runtime::Error;
use outbound_message::OutboundMessages;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = Function::start(env!("CARGO_CRATE_NAME"))?;
    let worker = OutboundMessages(Outbound {
        app: function.app()?,
        whatsapp: function.whatsapp()?,
    });
    let queue = function.environment.outbound_queue()?;
    let runner = function.runner_for_files()?;
    function.work(queue, runner, worker).await
}
