use casement_core::model::fate::WhatsappCode;
use casement_service::Event;
use tracing_subscriber::prelude::*;

use super::*;

/// What the function writes when an invocation has counted these.
fn written(events: &[Event]) -> Vec<Value> {
    let metrics = Metrics::new("casement-dev", "outbound-message", LambdaClock::default());
    let subscriber = tracing_subscriber::registry().with(metrics.clone());
    tracing::subscriber::with_default(subscriber, || {
        events.iter().for_each(|event| event.count());
        // Ordinary lines are no events.
        tracing::info!(name = "Sent", unit = "Count", value = 9, "done");
    });
    let lines = metrics.take_lines("r-1");
    assert!(metrics.take_lines("r-1").is_empty(), "they are taken once");
    let lines = lines.iter().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

/// A line without the times, which are those of the test.
fn timeless(mut line: Value) -> Value {
    let timestamp = line["timestamp"].take();
    let in_words = chrono::DateTime::parse_from_rfc3339(timestamp.as_str().unwrap()).unwrap();
    let in_ms = line["_aws"]["Timestamp"].take();
    assert_eq!(in_ms, in_words.timestamp_millis());
    line
}

#[test]
fn an_invocation_is_one_line_for_each_value_of_a_dimension() {
    let age = chrono::Duration::milliseconds;
    let lines = written(&[
        Event::Sent(age(1_500)),
        Event::Released,
        Event::SendFailed(Some(WhatsappCode(131_026))),
        Event::Sent(age(20)),
        Event::Ignored("own"),
        Event::Ignored("duplicate"),
        Event::Ignored("own"),
    ]);
    let line = |dimension: Option<(&str, &str)>, metrics: &[(&str, &str, Value)]| {
        let definitions: Vec<_> = metrics
            .iter()
            .map(|(name, unit, _)| json!({"Name": name, "Unit": unit}))
            .collect();
        let sets = match dimension {
            None => json!([["Stack"]]),
            Some((name, _)) => json!([["Stack"], ["Stack", name]]),
        };
        let mut line = json!({
            "_aws": {"Timestamp": null, "CloudWatchMetrics":
                [{"Namespace": "Casement", "Dimensions": sets, "Metrics": definitions}]},
            "timestamp": null, "level": "INFO",
            "Stack": "casement-dev", "Function": "outbound-message", "requestId": "r-1",
        });
        if let Some((name, word)) = dimension {
            line[name] = json!(word);
        }
        for (name, _, value) in metrics {
            line[*name] = value.clone();
        }
        line
    };
    let expected = [
        line(
            None,
            &[("Released", "Count", json!(1)), ("Sent", "Count", json!(2))],
        ),
        line(
            Some(("Code", "131026")),
            &[("SendFailed", "Count", json!(1))],
        ),
        line(
            Some(("Reason", "duplicate")),
            &[("Ignored", "Count", json!(1))],
        ),
        line(Some(("Reason", "own")), &[("Ignored", "Count", json!(2))]),
        line(
            Some(("Way", "to_whatsapp")),
            &[("AgeAtDelivery", "Milliseconds", json!([1_500, 20]))],
        ),
    ];
    let lines: Vec<_> = lines.into_iter().map(timeless).collect();
    assert_eq!(lines, expected);
}

#[test]
fn nothing_counted_is_nothing_written() {
    assert!(written(&[]).is_empty());
}

#[test]
fn a_line_has_no_more_values_than_cloudwatch_takes() {
    let events = vec![Event::Rendered(chrono::Duration::zero()); 230];
    let lines = written(&events);
    let ages = lines
        .iter()
        .filter_map(|line| line["AgeAtDelivery"].as_array());
    assert_eq!(ages.map(Vec::len).collect::<Vec<_>>(), [100, 100, 30]);
    assert_eq!(lines[0]["Rendered"], 230);
}

#[test]
fn a_panic_loses_no_metrics() {
    let metrics = Metrics::new("casement-dev", "outbound-message", LambdaClock::default());
    let subscriber = tracing_subscriber::registry().with(metrics.clone());
    let invocation = || {
        tracing::subscriber::with_default(subscriber, || {
            let _written = metrics.of_invocation("r-1");
            Event::Held.count();
            panic!("for the test");
        });
    };
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(invocation));
    assert!(panicked.is_err());
    assert!(metrics.take_lines("r-2").is_empty(), "they were written");
}

#[test]
fn metrics_are_of_the_time_of_the_clock() {
    let file = std::env::temp_dir().join(format!("casement-metrics-{}", std::process::id()));
    std::fs::write(&file, "90000000").unwrap();
    let clock = LambdaClock::new(Some(file.display().to_string()));
    let metrics = Metrics::new("casement-dev", "worker", clock);
    let subscriber = tracing_subscriber::registry().with(metrics.clone());
    let before = chrono::Utc::now().timestamp_millis() + 90_000_000;
    tracing::subscriber::with_default(subscriber, || Event::Released.count());
    let lines = metrics.take_lines("r-1");
    let line: Value = serde_json::from_str(&lines[0]).unwrap();
    assert!(line["_aws"]["Timestamp"].as_i64().unwrap() >= before);
    std::fs::remove_file(&file).unwrap();
}
