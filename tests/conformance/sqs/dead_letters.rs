//! Dead-letter queues, and the way back (developer guide, "Using dead-letter queues in
//! Amazon SQS" and "Learn how to configure a dead-letter queue redrive").

use aws_sdk_sqs::types::{
    MessageSystemAttributeName as SystemAttribute, QueueAttributeName as Attribute,
};

use super::{Queue, bodies, receive_count, refusal, system_attribute};
use crate::world::{SqsWorld, unique_name};

/// A redrive policy as `CloudFormation` and SDKs write it: the count as a number or a text.
fn policy(target: &str, max_receive_count: &str) -> String {
    format!(r#"{{"deadLetterTargetArn":"{target}","maxReceiveCount":{max_receive_count}}}"#)
}

/// A queue whose messages are visible again at once and dead after two receives, with
/// its dead-letter queue.
async fn standard_pair(world: &SqsWorld) -> (Queue, Queue) {
    let dead = world.standard(&[]).await;
    let policy = policy(&dead.arn().await, "2");
    let work = world
        .standard(&[
            (Attribute::VisibilityTimeout, "0"),
            (Attribute::RedrivePolicy, &policy),
        ])
        .await;
    (work, dead)
}

async fn fifo_pair(world: &SqsWorld) -> (Queue, Queue) {
    let dead = world.fifo(&[]).await;
    let policy = policy(&dead.arn().await, "\"2\"");
    let work = world
        .fifo(&[
            (Attribute::VisibilityTimeout, "0"),
            (Attribute::RedrivePolicy, &policy),
        ])
        .await;
    (work, dead)
}

/// Receives until nothing is left: two deliveries of each message.
async fn exhaust(queue: &Queue) {
    for _ in 0..2 {
        assert_eq!(queue.receive(1).await.len(), 1);
    }
    assert!(queue.receive_now().await.is_empty());
}

/// A message that was received `maxReceiveCount` times goes to the dead-letter queue
/// with the next receive, which does not see it.
#[tokio::test]
async fn a_message_received_too_often_goes_to_the_dead_letter_queue() {
    let world = SqsWorld::start().await;
    let (work, dead) = standard_pair(&world).await;
    work.send("poison").await;
    exhaust(&work).await;
    assert_eq!(bodies(&dead.receive(1).await), ["poison"]);
}

/// A dead letter keeps its id and names its source queue.
#[tokio::test]
async fn a_dead_letter_keeps_its_id_and_names_its_source() {
    let world = SqsWorld::start().await;
    let (work, dead) = standard_pair(&world).await;
    let sent = work.sending("poison").send().await.unwrap();
    exhaust(&work).await;
    let letter = dead.receive_one().await;
    assert_eq!(letter.message_id(), sent.message_id());
    assert_eq!(
        system_attribute(&letter, SystemAttribute::DeadLetterQueueSourceArn),
        Some(work.arn().await.as_str())
    );
}

/// A dead letter frees its group: the next message of the group is delivered by the very
/// receive that moves it.
#[tokio::test]
async fn a_dead_letter_frees_its_group() {
    let world = SqsWorld::start().await;
    let (work, dead) = fifo_pair(&world).await;
    work.send_in("A", "A1").await;
    work.send_in("A", "A2").await;
    let mut received = Vec::new();
    for _ in 0..3 {
        received.extend(work.receive(1).await);
    }
    assert_eq!(bodies(&received), ["A1", "A1", "A2"]);
    let letter = dead.receive_one().await;
    assert_eq!(letter.body(), Some("A1"));
    assert_eq!(
        system_attribute(&letter, SystemAttribute::MessageGroupId),
        Some("A")
    );
}

/// In a FIFO dead-letter queue a message's own id is its de-duplication id.
#[tokio::test]
async fn the_deduplication_id_of_a_fifo_dead_letter_is_its_id() {
    let world = SqsWorld::start().await;
    let (work, dead) = fifo_pair(&world).await;
    let sent = work.sending_in("A", "A1").send().await.unwrap();
    exhaust(&work).await;
    assert_eq!(
        system_attribute(
            &dead.receive_one().await,
            SystemAttribute::MessageDeduplicationId
        ),
        sent.message_id()
    );
}

/// A move task without destination brings dead letters back to their source, as new
/// messages: new id, receive count from zero.
#[tokio::test]
async fn a_move_task_brings_dead_letters_back_as_new_messages() {
    let world = SqsWorld::start().await;
    let (work, dead) = standard_pair(&world).await;
    let sent = work.sending("poison").send().await.unwrap();
    exhaust(&work).await;
    let starting = world.client.start_message_move_task();
    let source = dead.arn().await;
    starting.source_arn(&source).send().await.unwrap();
    let back = work.receive_one().await;
    assert_eq!(back.body(), Some("poison"));
    assert_eq!(receive_count(&back), Some("1"));
    assert_ne!(back.message_id(), sent.message_id());
    let listing = world.client.list_message_move_tasks().source_arn(&source);
    assert_eq!(listing.send().await.unwrap().results().len(), 1);
}

/// Only a dead-letter queue is the source of a move task (API reference,
/// `StartMessageMoveTask`).
#[tokio::test]
async fn only_a_dead_letter_queue_is_the_source_of_a_move_task() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    let starting = world.client.start_message_move_task();
    let started = starting.source_arn(queue.arn().await).send().await;
    assert_eq!(refusal(started), "InvalidParameterValue");
}

/// A dead-letter queue exists and is of the same kind as its source.
#[tokio::test]
async fn a_dead_letter_queue_exists_and_is_of_the_same_kind() {
    let world = SqsWorld::start().await;
    let standard = world.standard(&[]).await.arn().await;
    let name = standard.rsplit(':').next().unwrap();
    let missing = standard.replace(name, &unique_name());
    let creating = |name: String, target: &str| {
        world
            .client
            .create_queue()
            .queue_name(name)
            .attributes(Attribute::RedrivePolicy, policy(target, "2"))
    };
    let created = creating(unique_name(), &missing).send().await;
    assert_eq!(refusal(created), "InvalidParameterValue");
    let fifo = creating(format!("{}.fifo", unique_name()), &standard);
    let created = fifo.attributes(Attribute::FifoQueue, "true").send().await;
    assert_eq!(refusal(created), "InvalidParameterValue");
}
