//! Log lines as Lambda wants them: one JSON object each, with `timestamp` in RFC 3339 and
//! `level` (Lambda developer guide, "Log level filtering").
//!
//! Lines carry ids, codes and counts. No phone number, name, text or token.

use std::panic::PanicHookInfo;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::Layer;
use tracing_subscriber::fmt::format::{Format, Json, JsonFields};
use tracing_subscriber::prelude::*;

/// What our own crates' targets begin with.
const OWN_CRATES: &str = "casement";

/// The span in which `lambda_runtime` runs a handler. It brings the request's id.
const REQUEST_SPAN: &str = "lambda_runtime::layers::trace";

/// Where `lambda_runtime` writes down the text of a panic.
const PANIC_TEXTS: &str = "lambda_runtime::layers::panic";

/// Begins to write log lines to standard output, and makes panics say where they happened and
/// nothing of the data. Call it once, first of all.
///
/// `function` is the target of the function's own crate (`env!("CARGO_CRATE_NAME")`). The level
/// of our own lines is `AWS_LAMBDA_LOG_LEVEL`, else `RUST_LOG`, else `info`; other crates may
/// warn. A `RUST_LOG` with targets in it is taken as it is.
pub fn init(function: &str, lookup: impl Fn(&str) -> Option<String>) {
    let lines = layer().with_filter(filter(function, lookup));
    // An error says that somebody else writes the lines already, for example a test.
    if tracing_subscriber::registry()
        .with(lines)
        .try_init()
        .is_ok()
    {
        std::panic::set_hook(Box::new(log_panic));
    }
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
        && let Ok(targets) = directives.parse()
    {
        return targets;
    }
    let own = lambda
        .or_else(|| rust.as_deref().and_then(level))
        .unwrap_or(LevelFilter::INFO);
    Targets::new()
        .with_default(LevelFilter::WARN.min(own))
        .with_target(REQUEST_SPAN, LevelFilter::INFO)
        .with_target(PANIC_TEXTS, LevelFilter::OFF)
        .with_target(OWN_CRATES, own)
        .with_target(function, own)
}

/// Lambda has one level more than Rust.
fn level(name: &str) -> Option<LevelFilter> {
    match name.trim().to_ascii_lowercase().as_str() {
        "fatal" => Some(LevelFilter::ERROR),
        name => name.parse().ok(),
    }
}

/// The text of a panic may quote what the code was at work on, so it is left out.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let (file, line) = panic.location().map_or(("unknown", 0), |location| {
        (location.file(), location.line())
    });
    tracing::error!(file, line, "panic");
}

#[cfg(test)]
mod tests;
