//! Batches: ten entries, each with a fate of its own.

use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry,
    SendMessageBatchRequestEntry,
};

use super::{Queue, handle, refusal};
use crate::world::SqsWorld;

fn entry(id: &str, body: &str) -> SendMessageBatchRequestEntry {
    delayed_entry(id, body, None)
}

fn delayed_entry(id: &str, body: &str, delay: Option<i32>) -> SendMessageBatchRequestEntry {
    SendMessageBatchRequestEntry::builder()
        .id(id)
        .message_body(body)
        .set_delay_seconds(delay)
        .build()
        .unwrap()
}

impl Queue {
    fn sending_batch(
        &self,
        entries: impl IntoIterator<Item = SendMessageBatchRequestEntry>,
    ) -> aws_sdk_sqs::operation::send_message_batch::builders::SendMessageBatchFluentBuilder {
        self.client
            .send_message_batch()
            .queue_url(&self.url)
            .set_entries(Some(entries.into_iter().collect()))
    }
}

/// A batch is answered entry by entry: bad entries fail, good ones are sent (API
/// reference, `SendMessageBatch`).
#[tokio::test]
async fn bad_entries_fail_and_good_ones_are_sent() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    let entries = [
        entry("good", "1"),
        entry("bad-character", "bad\u{0}"),
        delayed_entry("bad-delay", "3", Some(9_999)),
    ];
    let sent = queue.sending_batch(entries).send().await.unwrap();
    let mut failed: Vec<_> = sent.failed().iter().map(|f| (f.id(), f.code())).collect();
    failed.sort_unstable();
    assert_eq!(
        failed,
        [
            ("bad-character", "InvalidMessageContents"),
            ("bad-delay", "InvalidParameterValue")
        ]
    );
    assert!(sent.failed().iter().all(|failure| failure.sender_fault()));
    let successful: Vec<_> = sent.successful().iter().map(|s| s.id()).collect();
    assert_eq!(successful, ["good"]);
}

/// The ids of a batch are distinct (API reference, `SendMessageBatch`).
#[tokio::test]
async fn the_ids_of_a_batch_are_distinct() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    let sent = queue.sending_batch([entry("a", "1"), entry("a", "2")]);
    assert_eq!(
        refusal(sent.send().await),
        "AWS.SimpleQueueService.BatchEntryIdsNotDistinct"
    );
}

/// A batch has at most ten entries (API reference, `SendMessageBatch`).
#[tokio::test]
async fn a_batch_has_at_most_ten_entries() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    let sent = queue.sending_batch((0..11).map(|n| entry(&n.to_string(), "x")));
    assert_eq!(
        refusal(sent.send().await),
        "AWS.SimpleQueueService.TooManyEntriesInBatchRequest"
    );
}

/// The entries of a batch have 1 MiB together (API reference, `SendMessageBatch`).
#[tokio::test]
async fn a_batch_of_more_than_one_mebibyte_is_refused() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    let body = "x".repeat(400 * 1024);
    let sent = queue.sending_batch((0..3).map(|n| entry(&n.to_string(), &body)));
    assert_eq!(
        refusal(sent.send().await),
        "AWS.SimpleQueueService.BatchRequestTooLong"
    );
}

/// A bad handle fails alone (API reference, `DeleteMessageBatch`).
#[tokio::test]
async fn a_bad_handle_fails_alone() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    let entries = (0..9).map(|n| entry(&n.to_string(), "x"));
    queue.sending_batch(entries).send().await.unwrap();
    let mut received = Vec::new();
    while received.len() < 9 {
        let more = queue.receive(10).await;
        assert!(!more.is_empty(), "nine messages are expected");
        received.extend(more);
    }
    let handles = received.iter().map(handle).chain(["garbage"]);
    let entries = handles.enumerate().map(|(n, handle)| {
        DeleteMessageBatchRequestEntry::builder()
            .id(n.to_string())
            .receipt_handle(handle)
            .build()
            .unwrap()
    });
    let deleted = world
        .client
        .delete_message_batch()
        .queue_url(&queue.url)
        .set_entries(Some(entries.collect()))
        .send()
        .await
        .unwrap();
    assert_eq!(deleted.successful().len(), 9);
    let failed: Vec<_> = deleted
        .failed()
        .iter()
        .map(|f| (f.id(), f.code()))
        .collect();
    assert_eq!(failed, [("9", "ReceiptHandleIsInvalid")]);
}

/// Visibility timeouts are changed entry by entry (API reference,
/// `ChangeMessageVisibilityBatch`).
#[tokio::test]
async fn visibility_timeouts_are_changed_entry_by_entry() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    queue.send("a").await;
    let received = queue.receive_one().await;
    let change = |id: &str, handle: &str| {
        ChangeMessageVisibilityBatchRequestEntry::builder()
            .id(id)
            .receipt_handle(handle)
            .visibility_timeout(0)
            .build()
            .unwrap()
    };
    let changed = world
        .client
        .change_message_visibility_batch()
        .queue_url(&queue.url)
        .entries(change("good", handle(&received)))
        .entries(change("bad", "garbage"))
        .send()
        .await
        .unwrap();
    assert_eq!(changed.successful()[0].id(), "good");
    assert_eq!(changed.failed()[0].id(), "bad");
    queue.receive_one().await;
}
