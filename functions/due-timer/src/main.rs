//! Wires the function: see the library.

use casement_lambda::Function;
use due_timer::DueTimers;
use lambda_runtime::Error;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = Function::start(env!("CARGO_CRATE_NAME"))?;
    let worker = DueTimers {
        store: function.store()?,
        outbound: function.outbound_queue()?,
        clock: function.clock(),
    };
    let queue = function.environment.delay_queue()?;
    let runner = function.runner()?;
    function.work(queue, runner, worker).await
}
