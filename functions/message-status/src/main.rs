//! Wires the function: see the library.

use casement_lambda::Function;
use casement_service::Statuses;
use lambda_runtime::Error;
use message_status::MessageStatuses;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = Function::start(env!("CARGO_CRATE_NAME"))?;
    let worker = MessageStatuses(Statuses {
        app: function.app()?,
        outbound: function.outbound_queue()?,
    });
    let queue = function.environment.status_queue()?;
    let runner = function.runner()?;
    function.work(queue, runner, worker).await
}
