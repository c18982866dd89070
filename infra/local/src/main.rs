//! `casement-local`: the whole of Casement on this machine.

use std::io::Write;
use std::pin::pin;
use std::process::ExitCode;

use clap::Parser;
use local::command::{Options, StartError};
use local::start::{Running, Setup};
use tracing_subscriber::EnvFilter;

// DynamoDB's engine warns of every failed condition, which is routine here.
const LOGGED: &str = "warn,dynoxide=error";
// The same code as clap's for a wrong option.
const CANNOT_START: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(LOGGED));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    let mut interrupted = pin!(interrupted());
    let started = tokio::select! {
        started = start(options) => started,
        () = &mut interrupted => return ExitCode::SUCCESS,
    };
    match started {
        Ok(running) => {
            interrupted.await;
            running.stop().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("casement-local: {error}");
            ExitCode::from(CANNOT_START)
        }
    }
}

async fn start(options: Options) -> Result<Running, StartError> {
    let running = Setup::of_this_program(options)?.start().await?;
    // Nobody may be reading stdout, which is no reason to stop.
    writeln!(
        std::io::stdout(),
        "casement-local listening on http://{}",
        running.address()
    )
    .ok();
    Ok(running)
}

/// Waits for Ctrl-C or a request of the system to terminate.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            },
            Err(error) => {
                tracing::warn!(%error, "SIGTERM is not listened to");
                tokio::signal::ctrl_c().await.ok();
            }
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.ok();
}
