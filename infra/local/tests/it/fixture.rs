//! A Lambda service around the fake function of `examples/fake_function.rs`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use local::events::Events;
use local::lambda::{FunctionConfig, InvokeError, Lambda, Output, Surroundings};
use local_clock::Clock;
use serde_json::Value;
use tokio::net::TcpListener;

/// The fake function's executable, which `cargo test` builds with the examples.
pub(crate) fn fake_function() -> PathBuf {
    let binary = Path::new(env!("CARGO_BIN_EXE_casement-local"))
        .with_file_name("examples")
        .join("fake_function");
    assert!(
        binary.exists(),
        "{} is missing: run `cargo test -p local` without `--test`, or `cargo build -p local --examples` first",
        binary.display()
    );
    binary
}

/// A function called `name` that obeys its events.
pub(crate) fn config(name: &str) -> FunctionConfig {
    FunctionConfig {
        name: name.to_owned(),
        binary: fake_function(),
        memory_mb: 128,
        timeout: Duration::from_secs(20),
        reserved_concurrency: None,
        environment: BTreeMap::new(),
    }
}

/// A Lambda service with its runtime API on a free port.
pub(crate) async fn lambda_with(functions: Vec<FunctionConfig>) -> (Lambda, Output) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let surroundings = Surroundings {
        base_url: format!("http://{}", listener.local_addr().unwrap()),
        clock_file: PathBuf::from("/nonexistent"),
        region: "eu-central-1".to_owned(),
    };
    let events = Events::default();
    let clock = Clock::default();
    let output = Output::new(clock.clone(), events.clone(), true);
    let lambda = Lambda::new(functions, surroundings, clock, events, output.clone());
    let router = Router::new().nest("/_runtime", lambda.runtime_api());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (lambda, output)
}

/// Invokes `function` with an event and reads the result as JSON.
pub(crate) async fn invoke(
    lambda: &Lambda,
    function: &str,
    event: Value,
) -> Result<Value, InvokeError> {
    let result = lambda
        .invoke(function, Bytes::from(event.to_string()))
        .await?;
    Ok(serde_json::from_slice(&result).unwrap())
}
