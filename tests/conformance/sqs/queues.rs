//! Queues: created, found, described.

use aws_sdk_sqs::types::QueueAttributeName as Attribute;

use super::{code, refusal};
use crate::world::{SqsWorld, unique_name};

/// A queue is found by its name (API reference, `GetQueueUrl`).
#[tokio::test]
async fn a_queue_is_found_by_its_name() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    let name = queue.url.rsplit('/').next().unwrap();
    let found = world.client.get_queue_url().queue_name(name).send().await;
    assert_eq!(found.unwrap().queue_url.unwrap(), queue.url);
}

/// A queue that does not exist is a typed error with the code of the query protocol
/// (API reference, `GetQueueUrl`).
#[tokio::test]
async fn a_queue_that_does_not_exist_is_a_typed_error() {
    let world = SqsWorld::start().await;
    let found = world
        .client
        .get_queue_url()
        .queue_name(unique_name())
        .send()
        .await;
    let error = found.unwrap_err();
    assert_eq!(code(&error), "AWS.SimpleQueueService.NonExistentQueue");
    assert!(error.into_service_error().is_queue_does_not_exist());
}

/// The name of a FIFO queue ends in .fifo (API reference, `CreateQueue`).
#[tokio::test]
async fn the_name_of_a_fifo_queue_ends_in_fifo() {
    let world = SqsWorld::start().await;
    let created = world
        .client
        .create_queue()
        .queue_name(unique_name())
        .attributes(Attribute::FifoQueue, "true")
        .send()
        .await;
    assert_eq!(refusal(created), "InvalidParameterValue");
}

/// Creating a queue again is fine with the same attributes and an error with others
/// (API reference, `CreateQueue`).
#[tokio::test]
async fn a_queue_is_created_again_only_with_the_same_attributes() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[(Attribute::DelaySeconds, "5")]).await;
    let name = queue.url.rsplit('/').next().unwrap();
    let again = |delay: &str| {
        world
            .client
            .create_queue()
            .queue_name(name)
            .attributes(Attribute::DelaySeconds, delay)
            .send()
    };
    assert_eq!(again("5").await.unwrap().queue_url.unwrap(), queue.url);
    assert_eq!(refusal(again("6").await), "QueueAlreadyExists");
}

/// A visibility timeout is at most 12 hours (API reference, `SetQueueAttributes`).
#[tokio::test]
async fn a_visibility_timeout_of_a_queue_is_at_most_twelve_hours() {
    let world = SqsWorld::start().await;
    let set = |seconds: &str| {
        world
            .client
            .create_queue()
            .queue_name(unique_name())
            .attributes(Attribute::VisibilityTimeout, seconds)
            .send()
    };
    set("43200").await.unwrap();
    assert_eq!(refusal(set("43201").await), "InvalidAttributeValue");
}

/// Attributes that were not set have documented defaults (API reference, `CreateQueue`).
#[tokio::test]
async fn attributes_that_were_not_set_have_defaults() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    for (attribute, default) in [
        (Attribute::VisibilityTimeout, "30"),
        (Attribute::MaximumMessageSize, "1048576"),
        (Attribute::MessageRetentionPeriod, "345600"),
        (Attribute::DelaySeconds, "0"),
    ] {
        assert_eq!(
            queue.attribute(attribute.clone()).await,
            default,
            "{attribute}"
        );
    }
}
