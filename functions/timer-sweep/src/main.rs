//! Wires the function: see the library.

use casement_lambda::Function;
use casement_service::Reconciliation;
use lambda_runtime::{Error, LambdaEvent};
use serde::de::IgnoredAny;
use timer_sweep::TimerSweep;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let function = Function::start(env!("CARGO_CRATE_NAME"))?;
    let sweep = TimerSweep {
        delays: function.delay_queue()?,
        reconciliation: Reconciliation {
            app: function.app()?,
            outbound: function.outbound_queue()?,
        },
    };
    let handler = async |_tick: LambdaEvent<IgnoredAny>| sweep.run().await;
    function.serve(handler).await
}
