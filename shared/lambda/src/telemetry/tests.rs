use std::io::Write;
use std::sync::{Arc, Mutex};

use tracing::Level;

use super::*;

fn filter_of(variables: &[(&str, &str)]) -> Targets {
    filter("inbound_message", |name| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn our_own_lines_follow_the_level_and_others_warn() {
    for (variables, own, others) in [
        (vec![], Level::INFO, Level::WARN),
        (
            vec![("AWS_LAMBDA_LOG_LEVEL", "DEBUG")],
            Level::DEBUG,
            Level::WARN,
        ),
        (
            vec![("AWS_LAMBDA_LOG_LEVEL", "FATAL")],
            Level::ERROR,
            Level::ERROR,
        ),
        (
            vec![("AWS_LAMBDA_LOG_LEVEL", "WARN"), ("RUST_LOG", "trace")],
            Level::WARN,
            Level::WARN,
        ),
        (vec![("RUST_LOG", "trace")], Level::TRACE, Level::WARN),
        (vec![("RUST_LOG", "loud")], Level::INFO, Level::WARN),
        (vec![("RUST_LOG", "a=b=c")], Level::INFO, Level::WARN),
        (
            vec![(
                "RUST_LOG",
                "warn,casement=debug,inbound_message=debug,hyper=warn",
            )],
            Level::DEBUG,
            Level::WARN,
        ),
    ] {
        let filter = filter_of(&variables);
        for (target, most) in [
            ("casement_aws::store", own),
            ("inbound_message", own),
            ("hyper::client", others),
        ] {
            for level in [
                Level::ERROR,
                Level::WARN,
                Level::INFO,
                Level::DEBUG,
                Level::TRACE,
            ] {
                let expected = level <= most;
                let enabled = filter.would_enable(target, &level);
                assert_eq!(enabled, expected, "{variables:?} {target} {level}");
            }
        }
    }
}

#[test]
fn the_request_is_named_and_the_text_of_a_panic_is_not() {
    assert!(filter_of(&[]).would_enable(REQUEST_SPAN, &Level::INFO));
    for variables in [
        &[][..],
        &[("RUST_LOG", "trace")],
        &[("RUST_LOG", "lambda_runtime=trace")],
    ] {
        let enabled = filter_of(variables).would_enable(PANIC_TEXTS, &Level::ERROR);
        assert!(!enabled, "{variables:?}");
    }
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_line_is_flat_json_with_timestamp_and_level() {
    let lines = Lines::default();
    let written = lines.clone();
    let layer = layer().with_writer(move || lines.clone());
    let subscriber = tracing_subscriber::registry().with(layer);
    tracing::subscriber::with_default(subscriber, || {
        let span = tracing::info_span!("invoke", requestId = "r-1");
        span.in_scope(|| tracing::warn!(code = 131_047, "not sent"));
    });
    let written = written.0.lock().unwrap().clone();
    let line: serde_json::Value = serde_json::from_slice(&written).unwrap();
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["message"], "not sent");
    assert_eq!(line["code"], 131_047);
    assert_eq!(line["span"]["requestId"], "r-1");
    let timestamp = line["timestamp"].as_str().unwrap();
    assert!(chrono::DateTime::parse_from_rfc3339(timestamp).is_ok());
}
