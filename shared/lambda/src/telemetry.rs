//! Log lines in Lambda's format: one JSON object each, with `timestamp` in RFC 3339 and `level`
//! (Lambda developer guide, "Log level filtering").
//!
//! Lines carry ids, codes and counts. No phone number, name, text or token.

use std::fmt::Debug;
use std::panic::PanicHookInfo;

use casement_service::event::TARGET;
use futures_util::future::LocalBoxFuture;
use lambda_runtime::{Diagnostic, LambdaEvent, service_fn};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::Layer;
use tracing_subscriber::fmt::format::{Format, Json, JsonFields};
use tracing_subscriber::prelude::*;

use crate::clock::LambdaClock;
use crate::config::Environment;
use crate::metrics::Metrics;
use crate::self_test::{Incoming, Readables, Reply, SelfTest};

/// The beginning of our own crates' targets.
const OWN_CRATES: &str = "casement";

/// The span in which `lambda_runtime` runs a handler. It has the request's id.
const REQUEST_SPAN: &str = "lambda_runtime::layers::trace";

/// The target to which `lambda_runtime` logs the text of a panic.
const PANIC_TEXTS: &str = "lambda_runtime::layers::panic";

/// A function's log lines and the metrics of its invocations.
#[derive(Clone, Debug)]
pub struct Telemetry {
    metrics: Metrics,
}

/// Begins to write log lines to standard output. Makes panics log their place and no data. Call
/// this once, before anything else.
///
/// `function` is the target of the function's own crate (`env!("CARGO_CRATE_NAME")`). The level of
/// our own lines is `AWS_LAMBDA_LOG_LEVEL`, else `RUST_LOG`, else `info`; other crates may only
/// warn. A `RUST_LOG` with targets is used as it is. Texts of panics are written at no level, and
/// metrics at every level. `STACK_NAME` names the deployment in them, and `clock` says when it was.
pub fn init<L: Fn(&str) -> Option<String>>(
    function: &str,
    environment: &Environment<L>,
    clock: &LambdaClock,
) -> Telemetry {
    let lookup = |name: &str| environment.optional(name);
    let stack = lookup("STACK_NAME").unwrap_or_else(|| "unknown".to_owned());
    let metrics = Metrics::new(stack, function.replace('_', "-"), clock.clone());
    let lines = layer().with_filter(filter(function, lookup));
    let counted = metrics.clone().with_filter(only_events());
    // An error means that another subscriber exists already, for example a test's.
    if tracing_subscriber::registry()
        .with(lines)
        .with(counted)
        .try_init()
        .is_ok()
    {
        std::panic::set_hook(Box::new(log_panic));
    }
    Telemetry { metrics }
}

impl Telemetry {
    /// Hands the function's invocations to `handler` one by one. Writes the metrics of each at its
    /// end, even if it fails or panics. A self-test reads `readables` and counts nothing.
    ///
    /// # Errors
    /// The runtime API does not answer.
    pub(crate) async fn run<A, R, E>(
        &self,
        readables: Readables,
        handler: impl AsyncFn(LambdaEvent<A>) -> Result<R, E>,
    ) -> Result<(), lambda_runtime::Error>
    where
        A: DeserializeOwned,
        R: Serialize,
        E: Into<Diagnostic> + Debug,
    {
        let self_test = SelfTest::new(self.metrics.function(), readables);
        let counted = async |LambdaEvent { payload, context }: LambdaEvent<Incoming<A>>| {
            let Incoming::Work(payload) = payload else {
                return Ok(Reply::SelfTest(self_test.run().await));
            };
            let _written = self.metrics.of_invocation(&context.request_id);
            // As in the batch runner: otherwise too deep for the compiler.
            let handling: LocalBoxFuture<'_, _> =
                Box::pin(handler(LambdaEvent { payload, context }));
            handling.await.map(Reply::Work)
        };
        lambda_runtime::run(service_fn(counted)).await
    }
}

fn only_events() -> Targets {
    Targets::new().with_target(TARGET, LevelFilter::INFO)
}

/// One flat JSON object per line, with the innermost span.
fn layer<S>() -> Layer<S, JsonFields, Format<Json>> {
    tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_span_list(false)
}

fn filter(function: &str, lookup: impl Fn(&str) -> Option<String>) -> Targets {
    let lambda = lookup("AWS_LAMBDA_LOG_LEVEL").and_then(|name| level(&name));
    let rust = lookup("RUST_LOG");
    if lambda.is_none()
        && let Some(directives) = rust.as_deref().filter(|rust| rust.contains('='))
        && let Ok(targets) = directives.parse::<Targets>()
    {
        return targets
            .with_target(PANIC_TEXTS, LevelFilter::OFF)
            .with_target(TARGET, LevelFilter::OFF);
    }
    let own = lambda
        .or_else(|| rust.as_deref().and_then(level))
        .unwrap_or(LevelFilter::INFO);
    Targets::new()
        .with_default(LevelFilter::WARN.min(own))
        .with_target(REQUEST_SPAN, LevelFilter::INFO)
        .with_target(PANIC_TEXTS, LevelFilter::OFF)
        .with_target(TARGET, LevelFilter::OFF)
        .with_target(OWN_CRATES, own)
        .with_target(function, own)
}

/// Reads a level. Lambda has one more than Rust.
fn level(name: &str) -> Option<LevelFilter> {
    match name.trim().to_ascii_lowercase().as_str() {
        "fatal" => Some(LevelFilter::ERROR),
        name => name.parse().ok(),
    }
}

/// Logs a panic without its text, which may quote data.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let (file, line) = panic.location().map_or(("unknown", 0), |location| {
        (location.file(), location.line())
    });
    tracing::error!(file, line, "panic");
}

#[cfg(test)]
mod tests;
