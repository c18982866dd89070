//! The `casement` command. See the library.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    casement_cli::run().await
}
