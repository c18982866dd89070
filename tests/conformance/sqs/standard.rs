//! Standard queues: sent, received, hidden, delayed, deleted.

use std::time::Instant;

use aws_sdk_sqs::types::{
    MessageAttributeValue, MessageSystemAttributeName as SystemAttribute,
    MessageSystemAttributeNameForSends, MessageSystemAttributeValue,
    QueueAttributeName as Attribute,
};

use super::{bodies, receive_count, refusal, seconds, system_attribute};
use crate::world::SqsWorld;

/// An accepted message is answered with the MD5 of its body and of its attributes (API
/// reference, `SendMessage`; developer guide, "Amazon SQS message metadata").
#[tokio::test]
async fn an_accepted_message_is_answered_with_its_digests() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    let trace = MessageAttributeValue::builder()
        .data_type("String")
        .string_value("abc")
        .build()
        .unwrap();
    let sending = queue.sending("hällo").message_attributes("trace", trace);
    let sent = sending.send().await.unwrap();
    assert_eq!(
        sent.md5_of_message_body(),
        Some("38bbce5fb3d0aec801f9eab39182fa7a")
    );
    assert_eq!(
        sent.md5_of_message_attributes(),
        Some("7e45be12b1fb4cf84869065ab4ab94a7")
    );
}

/// A message is received with its body, its attributes and what SQS knows of it (API
/// reference, `ReceiveMessage`).
#[tokio::test]
async fn a_message_is_received_with_its_attributes() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    let number = MessageAttributeValue::builder()
        .data_type("Number")
        .string_value("3")
        .build()
        .unwrap();
    let sending = queue
        .sending("hällo")
        .message_attributes("n", number.clone());
    sending.send().await.unwrap();
    let received = queue.receive_one().await;
    assert_eq!(received.body(), Some("hällo"));
    assert_eq!(received.message_attributes().unwrap()["n"], number);
    assert_eq!(receive_count(&received), Some("1"));
    for name in [
        SystemAttribute::SentTimestamp,
        SystemAttribute::ApproximateFirstReceiveTimestamp,
        SystemAttribute::SenderId,
    ] {
        assert!(
            system_attribute(&received, name.clone()).is_some(),
            "{name}"
        );
    }
}

/// The trace that a sender passes on reaches the receiver
/// (API reference, `SendMessage`: `MessageSystemAttributes`).
#[tokio::test]
async fn a_trace_is_passed_on() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    let header = "Root=1-67891233-abcdef012345678912345678";
    let trace = MessageSystemAttributeValue::builder()
        .data_type("String")
        .string_value(header)
        .build()
        .unwrap();
    let name = MessageSystemAttributeNameForSends::AwsTraceHeader;
    let sending = queue.sending("a");
    let sending = sending.message_system_attributes(name, trace);
    let sent = sending.send().await.unwrap();
    assert!(sent.md5_of_message_system_attributes().is_some());
    let received = queue.receive_one().await;
    let passed_on = system_attribute(&received, SystemAttribute::AwsTraceHeader);
    assert_eq!(passed_on, Some(header));
}

/// A received message is hidden from others (developer guide, "Amazon SQS visibility
/// timeout").
#[tokio::test]
async fn a_message_in_flight_is_hidden() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    queue.send("a").await;
    queue.receive_one().await;
    assert!(queue.receive_now().await.is_empty());
}

/// The end of a visibility timeout wakes a waiting receive, and the receive count grows
/// (developer guide, "Amazon SQS visibility timeout").
#[tokio::test]
async fn a_visibility_timeout_that_ends_wakes_a_waiting_receive() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[(Attribute::VisibilityTimeout, "2")]).await;
    queue.send("a").await;
    queue.receive_one().await;
    let waiting = queue.receiving(1).wait_time_seconds(20).send();
    let (received, ()) = tokio::join!(waiting, world.pass(seconds(2)));
    let received = received.unwrap().messages.unwrap_or_default();
    assert_eq!(bodies(&received), ["a"]);
    assert_eq!(receive_count(&received[0]), Some("2"));
}

/// A visibility timeout of zero shows the message at once (API reference,
/// `ChangeMessageVisibility`).
#[tokio::test]
async fn a_visibility_timeout_of_zero_shows_a_message_at_once() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    queue.send("a").await;
    let received = queue.receive_one().await;
    queue.change_visibility(&received, 0).await.unwrap();
    assert_eq!(bodies(&queue.receive(1).await), ["a"]);
}

/// A visibility timeout can be extended beyond the queue's (API reference,
/// `ChangeMessageVisibility`).
#[tokio::test]
async fn a_visibility_timeout_can_be_extended() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[(Attribute::VisibilityTimeout, "2")]).await;
    queue.send("a").await;
    let received = queue.receive_one().await;
    queue.change_visibility(&received, 6).await.unwrap();
    world.pass(seconds(3)).await;
    assert!(queue.receive_now().await.is_empty());
    world.pass(seconds(3)).await;
    assert_eq!(bodies(&queue.receive(1).await), ["a"]);
}

/// A message that is not in flight has no visibility timeout to change (API reference,
/// `ChangeMessageVisibility`).
#[tokio::test]
async fn only_a_message_in_flight_has_a_visibility_timeout_to_change() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    queue.send("a").await;
    let received = queue.receive_one().await;
    queue.change_visibility(&received, 0).await.unwrap();
    assert_eq!(
        queue.change_visibility(&received, 5).await,
        Err("AWS.SimpleQueueService.MessageNotInflight".to_owned())
    );
}

/// A deleted message does not come again; deleting it again is fine (API reference,
/// `DeleteMessage`).
#[tokio::test]
async fn a_deleted_message_does_not_come_again() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[(Attribute::VisibilityTimeout, "2")]).await;
    queue.send("a").await;
    let received = queue.receive_one().await;
    queue.delete(&received).await;
    queue.delete(&received).await;
    world.pass(seconds(2)).await;
    assert!(queue.receive_now().await.is_empty());
}

/// What SQS did not give out is no receipt handle (API reference, `DeleteMessage`).
#[tokio::test]
async fn garbage_is_no_receipt_handle() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    let deleting = world.client.delete_message().queue_url(&queue.url);
    let deleted = deleting.receipt_handle("garbage").send().await;
    assert_eq!(refusal(deleted), "ReceiptHandleIsInvalid");
}

/// A message can have a delay of its own; meanwhile it is counted as delayed (API
/// reference, `SendMessage` and `GetQueueAttributes`).
#[tokio::test]
async fn a_message_can_have_a_delay_of_its_own() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    queue.sending("a").delay_seconds(2).send().await.unwrap();
    assert!(queue.receive_now().await.is_empty());
    assert_eq!(
        queue
            .attribute(Attribute::ApproximateNumberOfMessagesDelayed)
            .await,
        "1"
    );
    world.pass(seconds(2)).await;
    assert_eq!(bodies(&queue.receive(1).await), ["a"]);
}

/// A waiting receive is answered as soon as a message is sent (developer guide, "Amazon
/// SQS short and long polling").
#[tokio::test]
async fn a_send_wakes_a_waiting_receive() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    let waiting = queue.receiving(1).wait_time_seconds(20).send();
    let (received, ()) = tokio::join!(waiting, async {
        world.pass(seconds(1)).await;
        queue.send("a").await;
    });
    assert_eq!(
        bodies(&received.unwrap().messages.unwrap_or_default()),
        ["a"]
    );
}

/// A receive without messages waits for its whole time and is then answered empty
/// (developer guide, "Amazon SQS short and long polling").
#[tokio::test]
async fn a_receive_without_messages_waits_for_its_whole_time() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    let began = Instant::now();
    let received = queue.receiving(1).wait_time_seconds(1).send().await;
    assert!(received.unwrap().messages().is_empty());
    assert!(began.elapsed() >= seconds(1), "{:?}", began.elapsed());
}

/// A standard queue takes message groups, for fairness, and runs a group's messages in
/// parallel (developer guide, "Amazon SQS fair queues").
#[tokio::test]
async fn a_standard_queue_takes_message_groups() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    for body in ["a", "b"] {
        let sending = queue.sending(body).message_group_id("tenant");
        sending.send().await.unwrap();
    }
    queue.receive_one().await;
    queue.receive_one().await;
}

/// A message is kept for the retention period (API reference, `SetQueueAttributes`).
#[tokio::test]
async fn a_message_is_kept_for_the_retention_period() {
    let world = SqsWorld::start().await;
    if world.skips(seconds(60)) {
        return;
    }
    let queue = world
        .standard(&[(Attribute::MessageRetentionPeriod, "60")])
        .await;
    queue.send("a").await;
    world.pass(seconds(61)).await;
    assert!(queue.receive_now().await.is_empty());
}

/// With extensions a message is in flight for at most 12 hours from its receive
/// (developer guide, "Amazon SQS visibility timeout").
#[tokio::test]
async fn a_message_is_in_flight_for_at_most_twelve_hours() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    queue.send("a").await;
    let received = queue.receive_one().await;
    world.pass(seconds(3)).await;
    assert_eq!(
        queue.change_visibility(&received, 43_200).await,
        Err("InvalidParameterValue".to_owned())
    );
    assert_eq!(queue.change_visibility(&received, 40_000).await, Ok(()));
}
