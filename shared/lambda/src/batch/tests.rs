use std::cell::RefCell;

use casement_core::model::trace_context::{CORRELATION_ID, TraceContext};
use serde_json::json;
use tracing_subscriber::prelude::*;

use super::*;
use crate::metrics::Metrics;

/// A message as the tests write it: id, group, receives.
type Message<'a> = (&'a str, &'a str, u32);

fn event(queue: &str, messages: &[Message<'_>]) -> SqsEvent {
    let records: Vec<_> = messages
        .iter()
        .map(|(id, group, receives)| {
            json!({
                "messageId": id,
                "receiptHandle": format!("receipt-{id}"),
                "body": format!("body of {id}"),
                "attributes": {
                    "ApproximateReceiveCount": receives.to_string(),
                    "MessageGroupId": group,
                },
                "eventSourceARN": format!("arn:aws:sqs:eu-central-1:1:{queue}"),
            })
        })
        .collect();
    serde_json::from_value(json!({ "Records": records })).unwrap()
}

/// The effects of a batch.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    /// In the order in which the handler got them.
    handled: Vec<String>,
    /// In the order of the answer.
    failures: Vec<String>,
    /// Receipt handles with their new visibility.
    visibility: Vec<(String, Duration)>,
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Runs a batch in which the messages in `fates` fail.
async fn run(event: SqsEvent, fates: &[(&str, Returned)]) -> Seen {
    let later = Instant::now() + Duration::from_secs(60);
    run_until(event, later, async |record: &Record| {
        // Other groups get their turn.
        tokio::task::yield_now().await;
        let fate = fates.iter().find(|(id, _)| *id == record.message_id);
        fate.map_or(Ok(()), |(_, returned)| Err(*returned))
    })
    .await
}

async fn run_until(
    event: SqsEvent,
    begin_until: Instant,
    handle: impl AsyncFn(&Record) -> Result<(), Returned>,
) -> Seen {
    let handled = RefCell::new(Vec::new());
    let visibility = RefCell::new(Vec::new());
    let response = BatchRunner::new(40, LambdaClock::default())
        .run(
            event,
            invocation(begin_until),
            async |record: &Record| {
                handled.borrow_mut().push(record.message_id.clone());
                handle(record).await
            },
            async |receipt: &str, wait| {
                visibility.borrow_mut().push((receipt.to_owned(), wait));
                Ok::<_, String>(())
            },
        )
        .await;
    let failures = response.batch_item_failures.into_iter();
    Seen {
        handled: handled.into_inner(),
        failures: failures.map(|failure| failure.item_identifier).collect(),
        visibility: visibility.into_inner(),
    }
}

fn invocation(begin_until: Instant) -> Invocation {
    let request_id = "r-1".to_owned();
    Invocation {
        begin_until,
        request_id,
    }
}

fn retry(seconds: u64) -> Returned {
    let after = Some(Duration::from_secs(seconds));
    let pace = Pace::Usual;
    Returned::Retry { after, pace }
}

#[tokio::test]
async fn a_group_stops_at_its_first_failure_and_the_others_go_on() {
    let messages = [
        ("a1", "a", 1),
        ("b1", "b", 1),
        ("a2", "a", 1),
        ("b2", "b", 1),
        ("a3", "a", 1),
    ];
    for (fates, handled, failures) in [
        (vec![], vec!["a1", "b1", "a2", "b2", "a3"], vec![]),
        (
            vec![("a1", retry(7))],
            vec!["a1", "b1", "b2"],
            vec!["a1", "a2", "a3"],
        ),
        (
            vec![("a2", retry(7)), ("b2", retry(7))],
            vec!["a1", "b1", "a2", "b2"],
            vec!["a2", "a3", "b2"],
        ),
    ] {
        let seen = run(event("inbound.fifo", &messages), &fates).await;
        assert_eq!(seen.handled, strings(&handled), "{fates:?}");
        assert_eq!(seen.failures, strings(&failures), "{fates:?}");
        let mut expected: Vec<_> = failures
            .iter()
            .map(|id| (format!("receipt-{id}"), Duration::from_secs(7)))
            .collect();
        expected.sort();
        let mut visibility = seen.visibility;
        visibility.sort();
        assert_eq!(visibility, expected, "{fates:?}");
    }
}

#[tokio::test]
async fn in_a_standard_queue_each_record_stands_alone() {
    let messages = [("1", "same", 1), ("2", "same", 1), ("3", "same", 1)];
    let seen = run(event("status", &messages), &[("2", retry(7))]).await;
    assert_eq!(seen.handled, strings(&["1", "2", "3"]));
    assert_eq!(seen.failures, strings(&["2"]));
}

#[tokio::test]
async fn what_held_up_its_group_goes_back_with_one_backoff() {
    let messages = [("a1", "a", 3), ("a2", "a", 1)];
    let without = Returned::Retry {
        after: None,
        pace: Pace::Usual,
    };
    let seen = run(event("inbound.fifo", &messages), &[("a1", without)]).await;
    let waits: Vec<_> = seen.visibility.iter().map(|(_, wait)| *wait).collect();
    assert_eq!(waits.len(), 2);
    assert_eq!(waits[0], waits[1]);
    let bounds = Duration::from_secs(10)..=Duration::from_secs(20);
    assert!(bounds.contains(&waits[0]), "{waits:?}");
}

#[tokio::test]
async fn a_record_on_its_way_to_the_dead_letters_holds_up_nobody() {
    let messages = [("a1", "a", 40), ("a2", "a", 40), ("a3", "a", 39)];
    for fate in [retry(7), Returned::Reject] {
        let seen = run(event("inbound.fifo", &messages), &[("a1", fate)]).await;
        assert_eq!(seen.handled, strings(&["a1", "a2", "a3"]));
        assert_eq!(seen.failures, strings(&["a1"]));
        assert_eq!(seen.visibility, [("receipt-a1".to_owned(), Duration::ZERO)]);
    }
}

#[tokio::test]
async fn what_is_never_understood_comes_back_at_once() {
    let messages = [("a1", "a", 1), ("a2", "a", 1)];
    let seen = run(
        event("inbound.fifo", &messages),
        &[("a1", Returned::Reject)],
    )
    .await;
    assert_eq!(seen.handled, strings(&["a1", "a2"]));
    assert_eq!(seen.failures, strings(&["a1"]));
    assert_eq!(seen.visibility, [("receipt-a1".to_owned(), Duration::ZERO)]);
}

#[tokio::test]
async fn a_panic_is_the_failure_of_one_record() {
    let messages = [("a1", "a", 1), ("a2", "a", 1), ("b1", "b", 1)];
    let later = Instant::now() + Duration::from_secs(60);
    let seen = run_until(
        event("inbound.fifo", &messages),
        later,
        async |record: &Record| {
            assert!(record.message_id != "a1", "a bug");
            Ok(())
        },
    )
    .await;
    assert_eq!(seen.handled, strings(&["a1", "b1"]));
    assert_eq!(seen.failures, strings(&["a1", "a2"]));
}

#[tokio::test]
async fn without_time_only_last_chances_are_begun() {
    let messages = [("a1", "a", 1), ("b1", "b", 40)];
    let seen = run_until(
        event("inbound.fifo", &messages),
        Instant::now(),
        async |_: &Record| Ok(()),
    )
    .await;
    assert_eq!(seen.handled, strings(&["b1"]));
    assert_eq!(seen.failures, strings(&["a1"]));
    assert_eq!(seen.visibility, [("receipt-a1".to_owned(), Duration::ZERO)]);
}

#[tokio::test]
async fn an_unconfirmed_visibility_changes_nothing() {
    let response = BatchRunner::new(40, LambdaClock::default())
        .run(
            event("inbound.fifo", &[("a1", "a", 1), ("b1", "b", 1)]),
            invocation(Instant::now() + Duration::from_secs(60)),
            async |_: &Record| Err(retry(1)),
            async |_: &str, _| Err("timeout"),
        )
        .await;
    assert_eq!(response.batch_item_failures.len(), 2);
}

#[tokio::test]
async fn the_handler_is_told_what_there_is_to_know() {
    let mut messages = event("inbound.fifo", &[("a1", "a", 40), ("a2", "a", 39)]);
    messages.records[1].body = None;
    messages.records[1].message_id = None;
    let records = groups(messages, 40).concat();
    assert_eq!(records[0].body, "body of a1");
    assert_eq!(records[0].receipt_handle, "receipt-a1");
    assert_eq!(records[0].group.as_deref(), Some("a"));
    assert_eq!(records[0].attempt, Attempt::Last);
    assert_eq!(records[1].attempt, Attempt::Another);
    assert_eq!(records[1].body, "");
    // An empty id in the answer makes Lambda return the whole batch.
    assert_eq!(records[1].message_id, "");
    assert_eq!(format!("{:?}", records[0]), "Record(a1, 40x)");
}

#[test]
fn a_record_says_where_it_comes_from() {
    let mut messages = event("inbound.fifo", &[("a1", "a", 1), ("b1", "b", 1)]);
    let first = &mut messages.records[0];
    let attribute = json!({"dataType": "String", "stringValue": "comment:7"});
    let attribute = serde_json::from_value(attribute).unwrap();
    first
        .message_attributes
        .insert(CORRELATION_ID.to_owned(), attribute);
    for (name, value) in [
        ("AWSTraceHeader", "Root=1"),
        ("ApproximateFirstReceiveTimestamp", "1500"),
    ] {
        first.attributes.insert(name.to_owned(), value.to_owned());
    }
    let records = groups(messages, 40).concat();
    let trace_context = TraceContext::of("comment:7").traced(Some("Root=1".to_owned()));
    assert_eq!(records[0].trace_context, trace_context);
    assert_eq!(
        records[0].first_received,
        DateTime::from_timestamp_millis(1_500)
    );
    // Without a correlation id, SQS's id stands in.
    assert_eq!(records[1].trace_context, TraceContext::of("b1"));
    assert_eq!(records[1].first_received, None);
}

/// Returns the names of the metrics of a batch with one message, first received `age` ago.
async fn counted(receives: u32, age: chrono::Duration, fate: Result<(), Returned>) -> Vec<String> {
    let metrics = Metrics::new("dev", "worker", LambdaClock::default());
    let subscriber = tracing_subscriber::registry().with(metrics.clone());
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut messages = event("inbound.fifo", &[("a1", "a", receives)]);
    let first = (Utc::now() - age).timestamp_millis().to_string();
    let name = "ApproximateFirstReceiveTimestamp".to_owned();
    messages.records[0].attributes.insert(name, first);
    let later = Instant::now() + Duration::from_secs(60);
    run_until(messages, later, async |_: &Record| fate).await;
    let lines = metrics.take_lines("r-1").join("");
    let names = ["Unsettled", "DeadLettered"].into_iter();
    let seen = names.filter(|name| lines.contains(&format!("\"{name}\":1")));
    seen.map(str::to_owned).collect()
}

#[tokio::test]
async fn what_is_not_done_in_time_is_counted() {
    let (young, old) = (chrono::Duration::minutes(9), chrono::Duration::minutes(11));
    let failed = || Err(retry(1));
    for (receives, age, fate, expected) in [
        (1, old, Ok(()), vec![]),
        (2, young, failed(), vec![]),
        (9, old, failed(), vec!["Unsettled"]),
        (40, young, failed(), vec!["DeadLettered"]),
        (40, old, failed(), vec!["Unsettled", "DeadLettered"]),
        (40, young, Err(Returned::Reject), vec!["DeadLettered"]),
        (39, young, Err(Returned::Reject), vec![]),
    ] {
        assert_eq!(
            counted(receives, age, fate).await,
            expected,
            "{receives} {fate:?}"
        );
    }
}

#[tokio::test]
async fn a_use_cases_wish_is_taken_over() {
    for (after, expected) in [
        (None, None),
        (
            Some(chrono::Duration::seconds(9)),
            Some(Duration::from_secs(9)),
        ),
        (Some(chrono::Duration::seconds(-9)), Some(Duration::ZERO)),
    ] {
        let later = casement_service::Later {
            after,
            pace: Pace::Steep,
            needs_operator: false,
            cause: String::new(),
            event: casement_service::Event::JiraThrottled,
        };
        let returned = Returned::Retry {
            after: expected,
            pace: Pace::Steep,
        };
        assert_eq!(Returned::from(&later), returned);
    }
}

#[test]
fn records_are_begun_while_there_is_time_for_one() {
    let mut context = Context::default();
    let (runner, for_files) = (
        BatchRunner::new(40, LambdaClock::default()),
        BatchRunner::for_files(40, LambdaClock::default()),
    );
    assert!(runner.invocation(&context).begin_until <= Instant::now());
    let deadline = SystemTime::now() + Duration::from_secs(3_600);
    let deadline = deadline.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    context.deadline = u64::try_from(deadline.as_millis()).unwrap();
    let last = runner.invocation(&context).begin_until;
    assert!(last > Instant::now() + Duration::from_secs(60));
    assert!(for_files.invocation(&context).begin_until < last - Duration::from_secs(30));
}
