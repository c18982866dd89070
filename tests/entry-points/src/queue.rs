//! Messages on the queues.

use std::fmt::Debug;

use casement_core::model::queue::{
    DelayQueueMessage, InboundQueueMessage, OutboundQueueMessage, StatusQueueMessage, decode,
    encode,
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::messages::check_message;
use crate::text_of;

/// The time at which messages are taken from their queue.
const NOW: DateTime<Utc> = DateTime::from_timestamp(1_795_000_000, 0).expect("a time");

/// Takes a message body from any queue. A body that can be read can be written and read again, and
/// a customer's message can be decided and written to Jira.
pub fn queue_message(bytes: &[u8]) {
    let body = text_of(bytes);
    if let Ok(message) = decode::<InboundQueueMessage>(&body) {
        if let InboundQueueMessage::CustomerMessage(message) = &message {
            check_message(message, NOW);
        }
        check_travels(&message);
    }
    if let Ok(message) = decode::<OutboundQueueMessage>(&body) {
        check_travels(&message);
    }
    if let Ok(message) = decode::<StatusQueueMessage>(&body) {
        check_travels(&message);
    }
    if let Ok(message) = decode::<DelayQueueMessage>(&body) {
        check_travels(&message);
    }
}

/// Asserts that `message` is unchanged at the other end of its queue.
pub(crate) fn check_travels<M>(message: &M)
where
    M: Serialize + DeserializeOwned + PartialEq + Debug,
{
    let body = encode(message).expect("queue messages are written down");
    assert_eq!(decode::<M>(&body).as_ref(), Ok(message), "{body}");
}
