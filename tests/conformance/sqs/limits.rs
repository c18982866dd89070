//! What SQS refuses to take.

use super::refusal;
use crate::world::SqsWorld;

const MEBIBYTE: usize = 1_048_576;

/// A message may have 1 MiB (API reference, `SendMessage`).
#[tokio::test]
async fn a_message_of_one_mebibyte_is_accepted() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    queue.send(&"x".repeat(MEBIBYTE)).await;
}

/// A message may not have more than 1 MiB (API reference, `SendMessage`).
#[tokio::test]
async fn a_message_of_more_than_one_mebibyte_is_refused() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    let sent = queue.sending(&"x".repeat(MEBIBYTE + 1)).send().await;
    assert_eq!(refusal(sent), "InvalidParameterValue");
}

/// A body has characters of XML 1.0 only (API reference, `SendMessage`).
#[tokio::test]
async fn a_body_with_a_control_character_is_refused() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    let sent = queue.sending("bad\u{0}character").send().await;
    assert_eq!(refusal(sent), "InvalidMessageContents");
}

/// A delay is at most 15 minutes (API reference, `SendMessage`).
#[tokio::test]
async fn a_delay_of_more_than_fifteen_minutes_is_refused() {
    let world = SqsWorld::start().await;
    let queue = world.standard(&[]).await;
    queue.sending("a").delay_seconds(900).send().await.unwrap();
    let sent = queue.sending("a").delay_seconds(901).send().await;
    assert_eq!(refusal(sent), "InvalidParameterValue");
}

/// A message on a FIFO queue has a group (API reference, `SendMessage`).
#[tokio::test]
async fn a_fifo_message_without_a_group_is_refused() {
    let world = SqsWorld::start().await;
    let queue = world.fifo(&[]).await;
    let sent = queue.sending("a").send().await;
    assert_eq!(refusal(sent), "MissingParameter");
}

/// Without content-based de-duplication a FIFO message has a de-duplication id (API
/// reference, `SendMessage`).
#[tokio::test]
async fn a_fifo_message_without_a_deduplication_id_is_refused() {
    let world = SqsWorld::start().await;
    let queue = world.fifo(&[]).await;
    let sent = queue.sending("a").message_group_id("g").send().await;
    assert_eq!(refusal(sent), "InvalidParameterValue");
}

/// A FIFO message has no delay of its own (API reference, `SendMessage`).
#[tokio::test]
async fn a_fifo_message_with_a_delay_of_its_own_is_refused() {
    let world = SqsWorld::start().await;
    let queue = world.fifo(&[]).await;
    let sent = queue.sending_in("g", "a").delay_seconds(3).send().await;
    assert_eq!(refusal(sent), "InvalidParameterValue");
}
