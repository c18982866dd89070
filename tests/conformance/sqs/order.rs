//! Order within a message group, the rule that customers' conversations rest on
//! (developer guide, "FIFO queue delivery logic in Amazon SQS").

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_sqs::types::{QueueAttributeName as Attribute, SendMessageBatchRequestEntry};
use tokio::sync::Mutex;

use super::{Queue, bodies, seconds};
use crate::world::SqsWorld;

/// A queue with A1, A2, B1 and A3, of which A1 is in flight.
async fn with_first_in_flight(world: &SqsWorld) -> (Queue, aws_sdk_sqs::types::Message) {
    let queue = world.fifo(&[]).await;
    for (group, body) in [("A", "A1"), ("A", "A2"), ("B", "B1"), ("A", "A3")] {
        queue.send_in(group, body).await;
    }
    let first = queue.receive_one().await;
    assert_eq!(first.body(), Some("A1"));
    (queue, first)
}

/// While a message of a group is in flight, no other message of it is delivered; other
/// groups go on.
#[tokio::test]
async fn a_message_in_flight_blocks_its_group_only() {
    let world = SqsWorld::start().await;
    let (queue, _) = with_first_in_flight(&world).await;
    assert_eq!(bodies(&queue.receive(10).await), ["B1"]);
}

/// After the delete the rest of the group comes in order, several in one receive.
#[tokio::test]
async fn a_deleted_message_frees_its_group() {
    let world = SqsWorld::start().await;
    let (queue, first) = with_first_in_flight(&world).await;
    queue.receive(10).await;
    queue.delete(&first).await;
    assert_eq!(bodies(&queue.receive(10).await), ["A2", "A3"]);
}

/// A released message waits while an earlier one of its group is in flight.
#[tokio::test]
async fn a_released_message_waits_behind_an_earlier_one_in_flight() {
    let world = SqsWorld::start().await;
    let queue = world.fifo(&[]).await;
    queue.send_in("A", "A2").await;
    queue.send_in("A", "A3").await;
    let both = queue.receive(10).await;
    assert_eq!(bodies(&both), ["A2", "A3"]);
    queue.change_visibility(&both[1], 0).await.unwrap();
    assert!(queue.receive_now().await.is_empty());
}

/// Released messages come again in their order, whatever the order of their release.
#[tokio::test]
async fn released_messages_come_again_in_order() {
    let world = SqsWorld::start().await;
    let queue = world.fifo(&[]).await;
    queue.send_in("A", "A2").await;
    queue.send_in("A", "A3").await;
    let both = queue.receive(10).await;
    assert_eq!(bodies(&both), ["A2", "A3"]);
    for message in [&both[1], &both[0]] {
        queue.change_visibility(message, 0).await.unwrap();
    }
    assert_eq!(bodies(&queue.receive(10).await), ["A2", "A3"]);
}

/// Two consumers never have messages of one group at the same time.
#[tokio::test]
async fn two_consumers_never_share_a_group() {
    let world = SqsWorld::start().await;
    let queue = world.fifo(&[]).await;
    send_rounds(&queue, &["A", "B", "C"], 5).await;
    let group = |body: &str| body[..1].to_owned();
    let first = queue.receive(10).await;
    let second = queue.receive_now().await;
    let first: Vec<_> = bodies(&first).into_iter().map(group).collect();
    let second: Vec<_> = bodies(&second).into_iter().map(group).collect();
    assert!(second.iter().all(|group| !first.contains(group)));
}

/// After a visibility timeout each group comes again in its order, and none is lost.
#[tokio::test]
async fn a_visibility_timeout_that_ends_keeps_the_order() {
    let world = SqsWorld::start().await;
    let queue = world.fifo(&[(Attribute::VisibilityTimeout, "3")]).await;
    send_rounds(&queue, &["A", "B", "C"], 5).await;
    queue.receive(10).await;
    world.pass(seconds(3)).await;
    let mut received = Vec::new();
    while received.len() < 15 {
        let more = queue.receive(10).await;
        assert!(!more.is_empty(), "{} of 15 received", received.len());
        for message in more {
            queue.delete(&message).await;
            received.push(message.body.unwrap());
        }
    }
    assert_each_group_in_order(&received, 5);
}

/// A waiting receive is answered as soon as its group is free.
#[tokio::test]
async fn a_freed_group_wakes_a_waiting_receive() {
    let world = SqsWorld::start().await;
    let queue = world.fifo(&[]).await;
    queue.send_in("A", "A1").await;
    queue.send_in("A", "A2").await;
    let first = queue.receive_one().await;
    let waiting = queue.receiving(1).wait_time_seconds(20).send();
    let (received, ()) = tokio::join!(waiting, async {
        world.pass(seconds(1)).await;
        queue.delete(&first).await;
    });
    assert_eq!(
        bodies(&received.unwrap().messages.unwrap_or_default()),
        ["A2"]
    );
}

/// With four consumers at once every group keeps its order and nothing is lost or comes
/// twice.
#[tokio::test]
async fn four_consumers_keep_the_order_of_every_group() {
    const GROUPS: [&str; 5] = ["A", "B", "C", "D", "E"];
    const EACH: usize = 40;
    let world = SqsWorld::start().await;
    let queue = Arc::new(world.fifo(&[]).await);
    send_rounds(&queue, &GROUPS, EACH).await;
    let received = Arc::new(Mutex::new(Vec::new()));
    let consumers = (0..4).map(|_| {
        let (queue, received) = (Arc::clone(&queue), Arc::clone(&received));
        tokio::spawn(async move {
            while received.lock().await.len() < GROUPS.len() * EACH {
                for message in queue.receive_now().await {
                    received.lock().await.push(message.body.clone().unwrap());
                    queue.delete(&message).await;
                }
            }
        })
    });
    for consumer in consumers.collect::<Vec<_>>() {
        let finished = tokio::time::timeout(seconds(120), consumer).await;
        finished.expect("a message was lost").unwrap();
    }
    assert_each_group_in_order(&received.lock().await, EACH);
}

/// Sends A0, B0, ..., A1, B1, ... in batches.
async fn send_rounds(queue: &Queue, groups: &[&str], rounds: usize) {
    let bodies: Vec<_> = (0..rounds)
        .flat_map(|n| {
            groups
                .iter()
                .map(move |group| (*group, format!("{group}{n}")))
        })
        .collect();
    for batch in bodies.chunks(10) {
        let entries = batch.iter().map(|(group, body)| {
            SendMessageBatchRequestEntry::builder()
                .id(body)
                .message_body(body)
                .message_group_id(*group)
                .message_deduplication_id(body)
                .build()
                .unwrap()
        });
        let sent = queue
            .client
            .send_message_batch()
            .queue_url(&queue.url)
            .set_entries(Some(entries.collect()))
            .send()
            .await
            .unwrap();
        assert!(sent.failed().is_empty());
    }
}

fn assert_each_group_in_order(received: &[String], each: usize) {
    let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for body in received {
        let (group, n) = body.split_at(1);
        groups.entry(group).or_default().push(n.parse().unwrap());
    }
    for (group, numbers) in groups {
        assert_eq!(numbers, (0..each).collect::<Vec<_>>(), "group {group}");
    }
}
