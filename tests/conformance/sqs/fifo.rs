//! FIFO queues: what is recognised as a repetition, and the rest that is their own.

use aws_sdk_sqs::types::{
    MessageSystemAttributeName as SystemAttribute, QueueAttributeName as Attribute,
};

use super::{bodies, handle, refusal, seconds, system_attribute};
use crate::world::SqsWorld;

/// Sequence numbers grow with each message (API reference, `SendMessage`).
#[tokio::test]
async fn sequence_numbers_grow() {
    let world = SqsWorld::start().await;
    let queue = world.fifo(&[]).await;
    let first = queue.sending_in("A", "A1").send().await.unwrap();
    let second = queue.sending_in("A", "A2").send().await.unwrap();
    let number = |sent: &aws_sdk_sqs::operation::send_message::SendMessageOutput| {
        sent.sequence_number().unwrap().parse::<u128>().unwrap()
    };
    assert!(number(&first) < number(&second));
}

/// A FIFO message is received with its group, de-duplication id and sequence number (API
/// reference, `ReceiveMessage`).
#[tokio::test]
async fn a_fifo_message_is_received_with_its_group_and_number() {
    let world = SqsWorld::start().await;
    let queue = world.fifo(&[]).await;
    let sent = queue.sending_in("A", "A1").send().await.unwrap();
    let received = queue.receive_one().await;
    let attribute = |name| system_attribute(&received, name);
    assert_eq!(attribute(SystemAttribute::MessageGroupId), Some("A"));
    assert_eq!(
        attribute(SystemAttribute::MessageDeduplicationId),
        Some("A1")
    );
    assert_eq!(
        attribute(SystemAttribute::SequenceNumber),
        sent.sequence_number()
    );
}

/// A repeated message is accepted with the first one's id and not delivered again (API
/// reference, `SendMessage`).
#[tokio::test]
async fn a_repeated_message_is_answered_like_the_first_one() {
    let world = SqsWorld::start().await;
    let queue = world.fifo(&[]).await;
    let first = queue.sending_in("A", "A1").send().await.unwrap();
    let repeated = queue.sending_in("A", "A1").send().await.unwrap();
    assert_eq!(repeated.message_id(), first.message_id());
    assert_eq!(repeated.sequence_number(), first.sequence_number());
    assert_eq!(bodies(&queue.receive(10).await), ["A1"]);
}

/// A repeated message is recognised even after the first one was deleted (API reference,
/// `SendMessage`).
#[tokio::test]
async fn a_repeated_message_is_recognised_after_a_delete() {
    let world = SqsWorld::start().await;
    let queue = world.fifo(&[]).await;
    queue.send_in("A", "A1").await;
    queue.delete(&queue.receive_one().await).await;
    queue.send_in("A", "A1").await;
    assert!(queue.receive_now().await.is_empty());
}

/// After five minutes the same de-duplication id is a new message (API reference,
/// `SendMessage`).
#[tokio::test]
async fn after_five_minutes_a_repetition_is_a_new_message() {
    let world = SqsWorld::start().await;
    if world.skips(seconds(300)) {
        return;
    }
    let queue = world.fifo(&[]).await;
    queue.send_in("A", "A1").await;
    queue.delete(&queue.receive_one().await).await;
    world.pass(seconds(301)).await;
    queue.send_in("A", "A1").await;
    assert_eq!(bodies(&queue.receive(10).await), ["A1"]);
}

/// With content-based de-duplication the body's SHA-256 is the de-duplication id (API
/// reference, `SendMessage`).
#[tokio::test]
async fn the_body_can_be_the_deduplication_id() {
    let world = SqsWorld::start().await;
    let queue = world
        .fifo(&[(Attribute::ContentBasedDeduplication, "true")])
        .await;
    for _ in 0..2 {
        let sending = queue.sending("hello").message_group_id("g");
        sending.send().await.unwrap();
    }
    let received = queue.receive(10).await;
    assert_eq!(bodies(&received), ["hello"]);
    assert_eq!(
        system_attribute(&received[0], SystemAttribute::MessageDeduplicationId),
        Some("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
    );
}

/// With scope `messageGroup` a de-duplication id counts within its group (developer
/// guide, "High throughput for FIFO queues in Amazon SQS").
#[tokio::test]
async fn a_deduplication_id_can_count_within_its_group() {
    let world = SqsWorld::start().await;
    let queue = world
        .fifo(&[
            (Attribute::DeduplicationScope, "messageGroup"),
            (Attribute::FifoThroughputLimit, "perMessageGroupId"),
        ])
        .await;
    for (group, body) in [("A", "1"), ("B", "2"), ("B", "3")] {
        let sending = queue.sending(body).message_group_id(group);
        let sending = sending.message_deduplication_id("same");
        sending.send().await.unwrap();
    }
    let mut received: Vec<_> = queue.receive(10).await;
    received.sort_by(|a, b| a.body().cmp(&b.body()));
    assert_eq!(bodies(&received), ["1", "2"]);
}

/// A FIFO queue as a whole can have a delay (API reference, `SetQueueAttributes`).
#[tokio::test]
async fn a_fifo_queue_as_a_whole_can_have_a_delay() {
    let world = SqsWorld::start().await;
    let queue = world.fifo(&[(Attribute::DelaySeconds, "2")]).await;
    queue.send_in("A", "A1").await;
    assert!(queue.receive_now().await.is_empty());
    world.pass(seconds(2)).await;
    assert_eq!(bodies(&queue.receive(1).await), ["A1"]);
}

/// A handle whose visibility timeout has run out deletes nothing on a FIFO queue
/// (developer guide, "Exactly-once processing in Amazon SQS").
#[tokio::test]
async fn an_expired_handle_deletes_nothing_on_a_fifo_queue() {
    let world = SqsWorld::start().await;
    let queue = world.fifo(&[(Attribute::VisibilityTimeout, "2")]).await;
    queue.send_in("A", "A1").await;
    let received = queue.receive_one().await;
    world.pass(seconds(2)).await;
    let deleting = world.client.delete_message().queue_url(&queue.url);
    let deleted = deleting.receipt_handle(handle(&received)).send().await;
    assert_eq!(refusal(deleted), "InvalidParameterValue");
    assert_eq!(bodies(&queue.receive(1).await), ["A1"]);
}
