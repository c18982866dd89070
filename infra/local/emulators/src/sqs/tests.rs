//! The queues together: dead letters, waiting, the journal, the wire.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use local_clock::Clock;
use serde_json::{Value, json};

use super::*;
use crate::template;

const LONG: Duration = Duration::from_secs(20);

fn sqs(clock: &Clock) -> Sqs {
    Sqs::new(
        clock.clone(),
        "http://sqs.test/",
        "eu-central-1",
        "000000000000",
    )
}

fn queue(name: &str, attributes: &[(&str, &str)]) -> template::Queue {
    let mut attributes: BTreeMap<_, _> = attributes
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let fifo = name.ends_with(".fifo");
    if fifo {
        attributes.insert("FifoQueue".to_owned(), "true".to_owned());
    }
    template::Queue {
        logical_id: String::new(),
        name: name.to_owned(),
        attributes,
        dead_letter_queue: None,
        fifo,
    }
}

/// Creates `work` with the dead-letter queue `dead`, both with the given suffix.
fn with_dead_letters(sqs: &Sqs, suffix: &str, max_receive_count: u32) {
    let (work, dead) = (format!("work{suffix}"), format!("dead{suffix}"));
    let policy = json!({
        "deadLetterTargetArn": sqs.queue_arn(&dead),
        "maxReceiveCount": max_receive_count,
    });
    let attributes = [
        ("RedrivePolicy", policy.to_string()),
        ("VisibilityTimeout", "0".to_owned()),
    ];
    let attributes = attributes
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    sqs.create(&[queue(&dead, &[]), queue(&work, &attributes)])
        .unwrap();
}

async fn call(sqs: &Sqs, operation: &str, request: Value) -> Result<Value, SqsError> {
    let answer = sqs.call(operation, request.to_string().as_bytes()).await?;
    Ok(serde_json::from_slice(&answer).unwrap())
}

async fn send(sqs: &Sqs, queue: &str, body: &str) -> Value {
    let mut request = json!({"QueueUrl": sqs.queue_url(queue), "MessageBody": body});
    if queue.ends_with(".fifo") {
        request["MessageGroupId"] = json!(body[..1]);
        request["MessageDeduplicationId"] = json!(body);
    }
    call(sqs, "SendMessage", request).await.unwrap()
}

async fn bodies(sqs: &Sqs, queue: &str) -> Vec<String> {
    let received = sqs.receive(queue, 10, Duration::ZERO).await.unwrap();
    received.into_iter().map(|m| m.message.body).collect()
}

/// A directory that is removed when the test ends.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("sqs-{}", uuid::Uuid::new_v4())))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[tokio::test]
async fn dead_letters_keep_what_they_were_and_go_back_as_new_messages() {
    let sqs = sqs(&Clock::default());
    with_dead_letters(&sqs, "", 2);
    let id = send(&sqs, "work", "poison").await["MessageId"].clone();
    for _ in 0..2 {
        assert_eq!(bodies(&sqs, "work").await, ["poison"]);
    }
    assert!(bodies(&sqs, "work").await.is_empty());

    let letters = sqs.dead_letters("dead").unwrap();
    assert_eq!(json!(letters[0].message_id), id);
    assert_eq!(letters[0].receive_count, 2);
    assert_eq!(letters[0].source.as_deref(), Some("work"));

    assert_eq!(sqs.move_back("dead").unwrap(), 1);
    assert!(sqs.dead_letters("dead").unwrap().is_empty());
    let back = sqs.receive("work", 1, Duration::ZERO).await.unwrap();
    assert_eq!(back[0].message.delivery.receive_count, 1);
    assert_ne!(json!(back[0].message.message_id), id);
}

#[tokio::test]
async fn a_fifo_dead_letter_has_its_id_as_deduplication_id_and_frees_its_group() {
    let clock = Clock::default();
    let sqs = sqs(&clock);
    with_dead_letters(&sqs, ".fifo", 1);
    let id = send(&sqs, "work.fifo", "A1").await["MessageId"].clone();
    send(&sqs, "work.fifo", "A2").await;
    let first = sqs.receive("work.fifo", 1, Duration::ZERO).await.unwrap();
    assert_eq!(first[0].message.body, "A1");
    clock.set_offset_ms(60_000).unwrap();
    assert_eq!(bodies(&sqs, "work.fifo").await, ["A2"]);
    let dead = sqs.receive("dead.fifo", 1, Duration::ZERO).await.unwrap();
    let attributes = dead[0].system_attributes();
    assert_eq!(json!(attributes["MessageDeduplicationId"]), id);
    assert_eq!(attributes["MessageGroupId"], "A");
    assert_eq!(
        attributes["DeadLetterQueueSourceArn"],
        sqs.queue_arn("work.fifo")
    );
    assert!(
        dead[0].message.sent_at >= first[0].message.sent_at + 60_000,
        "a FIFO dead letter's retention starts anew"
    );
}

#[tokio::test]
async fn a_message_stays_where_it_is_if_there_is_no_dead_letter_queue() {
    let sqs = sqs(&Clock::default());
    let policy = json!({"deadLetterTargetArn": sqs.queue_arn("dead"), "maxReceiveCount": 1});
    let policy = policy.to_string();
    let attributes = [("RedrivePolicy", &*policy), ("VisibilityTimeout", "0")];
    sqs.create(&[queue("work", &attributes)]).unwrap();
    send(&sqs, "work", "poison").await;
    for _ in 0..3 {
        assert_eq!(bodies(&sqs, "work").await, ["poison"]);
    }
}

#[tokio::test]
async fn a_waiting_receive_wakes_on_a_send() {
    let sqs = sqs(&Clock::default());
    sqs.create(&[queue("work", &[])]).unwrap();
    let (received, _) = tokio::join!(sqs.receive("work", 1, LONG), send(&sqs, "work", "a"));
    assert_eq!(received.unwrap()[0].message.body, "a");
}

#[tokio::test]
async fn a_waiting_receive_wakes_when_its_group_is_free() {
    let sqs = sqs(&Clock::default());
    sqs.create(&[queue("work.fifo", &[])]).unwrap();
    send(&sqs, "work.fifo", "A1").await;
    send(&sqs, "work.fifo", "A2").await;
    let first = sqs.receive("work.fifo", 1, Duration::ZERO).await.unwrap();
    let (second, deleted) = tokio::join!(sqs.receive("work.fifo", 1, LONG), async {
        sqs.delete("work.fifo", &first[0].receipt_handle)
    });
    deleted.unwrap();
    assert_eq!(second.unwrap()[0].message.body, "A2");
}

#[tokio::test]
async fn a_waiting_receive_follows_the_clock() {
    let clock = Clock::default();
    let sqs = sqs(&clock);
    sqs.create(&[queue("work", &[("DelaySeconds", "900")])])
        .unwrap();
    send(&sqs, "work", "a").await;
    let (received, moved) = tokio::join!(sqs.receive("work", 1, LONG), async {
        clock.set_offset_ms(900_000)
    });
    moved.unwrap();
    assert_eq!(received.unwrap()[0].message.body, "a");
}

#[tokio::test(start_paused = true)]
async fn a_waiting_receive_ends_without_messages_even_if_the_clock_is_moved_back() {
    let clock = Clock::default();
    let sqs = sqs(&clock);
    sqs.create(&[queue("work", &[])]).unwrap();
    let (received, moved) = tokio::join!(sqs.receive("work", 1, LONG), async {
        clock.set_offset_ms(-3_600_000)
    });
    moved.unwrap();
    assert!(received.unwrap().is_empty());
}

#[tokio::test]
async fn every_change_is_announced_and_nothing_else() {
    let sqs = sqs(&Clock::default());
    sqs.create(&[queue("work", &[])]).unwrap();
    let mut changes = sqs.changes();
    changes.mark_unchanged();
    assert!(bodies(&sqs, "work").await.is_empty());
    assert!(!changes.has_changed().unwrap(), "an empty receive");
    send(&sqs, "work", "a").await;
    assert!(changes.has_changed().unwrap(), "a send");
    changes.mark_unchanged();
    bodies(&sqs, "work").await;
    assert!(changes.has_changed().unwrap(), "a receive");
    assert_eq!(sqs.in_flight("work").unwrap()[0].receive_count, 1);
}

#[tokio::test]
async fn what_was_acknowledged_survives_without_a_clean_end() {
    let directory = Directory::new();
    let clock = Clock::default();
    let first = sqs(&clock);
    first.keep_in(&directory.0).unwrap();
    first
        .create(&[queue("work.fifo", &[("VisibilityTimeout", "60")])])
        .unwrap();
    for body in ["A1", "A2", "B1"] {
        send(&first, "work.fifo", body).await;
    }
    let received = first.receive("work.fifo", 2, Duration::ZERO).await.unwrap();
    first
        .delete("work.fifo", &received[0].receipt_handle)
        .unwrap();

    // `first` still exists, as after a kill: nothing was closed or flushed.
    let second = sqs(&clock);
    second.keep_in(&directory.0).unwrap();
    second
        .create(&[queue("work.fifo", &[("VisibilityTimeout", "60")])])
        .unwrap();
    assert_eq!(
        bodies(&second, "work.fifo").await,
        ["B1"],
        "A2 is in flight"
    );
    send(&second, "work.fifo", "A1").await;
    clock.set_offset_ms(60_000).unwrap();
    assert_eq!(
        bodies(&second, "work.fifo").await,
        ["A2", "B1"],
        "A1 is still recognised"
    );
    second
        .delete("work.fifo", &received[1].receipt_handle)
        .unwrap_err();
}

#[tokio::test]
async fn a_queue_that_is_created_again_has_the_new_attributes_and_its_messages() {
    let sqs = sqs(&Clock::default());
    sqs.create(&[queue("work", &[("VisibilityTimeout", "0")])])
        .unwrap();
    send(&sqs, "work", "a").await;
    sqs.create(&[queue("work", &[("MessageRetentionPeriod", "60")])])
        .unwrap();
    let request = json!({"QueueUrl": sqs.queue_url("work"), "AttributeNames": ["All"]});
    let answer = call(&sqs, "GetQueueAttributes", request).await.unwrap();
    assert_eq!(answer["Attributes"]["VisibilityTimeout"], "30");
    assert_eq!(answer["Attributes"]["MessageRetentionPeriod"], "60");
    assert_eq!(answer["Attributes"]["ApproximateNumberOfMessages"], "1");
}

#[tokio::test]
async fn a_transaction_that_was_cut_short_is_not_there_and_a_damaged_one_is_an_error() {
    let directory = Directory::new();
    let journal = directory.0.join("sqs.journal");
    let clock = Clock::default();
    let first = sqs(&clock);
    first.keep_in(&directory.0).unwrap();
    first.create(&[queue("work", &[])]).unwrap();
    send(&first, "work", "kept").await;
    let whole = std::fs::read(&journal).unwrap();
    send(&first, "work", "cut short").await;
    let longer = std::fs::read(&journal).unwrap();

    for length in [whole.len(), whole.len() + 1, longer.len() - 1] {
        std::fs::write(&journal, &longer[..length]).unwrap();
        let second = sqs(&clock);
        second.keep_in(&directory.0).unwrap();
        assert_eq!(bodies(&second, "work").await, ["kept"], "{length}");
    }

    std::fs::write(&journal, b"[{]\n").unwrap();
    assert!(sqs(&clock).keep_in(&directory.0).is_err());
}

#[tokio::test]
async fn messages_of_before_a_reset_stay_gone() {
    let directory = Directory::new();
    let clock = Clock::default();
    let first = sqs(&clock);
    first.keep_in(&directory.0).unwrap();
    first.create(&[queue("work", &[])]).unwrap();
    send(&first, "work", "a").await;
    first.reset().unwrap();
    let second = sqs(&clock);
    second.keep_in(&directory.0).unwrap();
    assert_eq!(second.queue_names(), ["work"]);
    assert!(bodies(&second, "work").await.is_empty());
}

#[tokio::test]
async fn a_lambda_record_has_the_shape_of_the_documentation() {
    let clock = Clock::default();
    let sqs = sqs(&clock);
    sqs.create(&[queue("work.fifo", &[])]).unwrap();
    let request = json!({
        "QueueUrl": sqs.queue_url("work.fifo"),
        "MessageBody": "hello",
        "MessageGroupId": "g",
        "MessageDeduplicationId": "d",
        "MessageAttributes": {"trace": {"DataType": "String", "StringValue": "abc"}},
        "MessageSystemAttributes": {"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1"}},
    });
    call(&sqs, "SendMessage", request).await.unwrap();
    let received = sqs.receive("work.fifo", 1, Duration::ZERO).await.unwrap();
    let record = sqs.to_lambda_record("work.fifo", &received[0]);
    assert_eq!(record["body"], "hello");
    assert_eq!(record["md5OfBody"], "5d41402abc4b2a76b9719d911017c592");
    assert_eq!(record["eventSource"], "aws:sqs");
    assert_eq!(
        record["eventSourceARN"],
        "arn:aws:sqs:eu-central-1:000000000000:work.fifo"
    );
    assert_eq!(record["awsRegion"], "eu-central-1");
    let attributes = &record["attributes"];
    assert_eq!(attributes["ApproximateReceiveCount"], "1");
    assert_eq!(attributes["MessageGroupId"], "g");
    assert_eq!(attributes["MessageDeduplicationId"], "d");
    assert_eq!(attributes["AWSTraceHeader"], "Root=1");
    assert_eq!(attributes["SequenceNumber"], "00000000000000000001");
    assert_eq!(
        record["messageAttributes"]["trace"],
        json!({"dataType": "String", "stringValue": "abc", "stringListValues": [], "binaryListValues": []})
    );
}
