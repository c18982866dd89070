//! Messages that a function did not process and that will be delivered again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use local_emulators::sqs::ReceivedMessage;
use tokio::sync::watch;

use crate::locks::lock;

/// The messages whose last delivery failed, and why. Clones share them.
#[derive(Clone, Debug)]
pub struct Returned {
    messages: Arc<Mutex<HashMap<String, Return>>>,
    changed: Arc<watch::Sender<()>>,
}

#[derive(Debug)]
struct Return {
    receive_count: u32,
    reason: String,
}

impl Default for Returned {
    fn default() -> Self {
        Self {
            messages: Arc::default(),
            changed: Arc::new(watch::channel(()).0),
        }
    }
}

impl Returned {
    pub(super) fn add(&self, received: &ReceivedMessage, reason: &str) {
        let message = &received.message;
        let entry = Return {
            receive_count: message.delivery.receive_count,
            reason: reason.to_owned(),
        };
        let mut messages = lock(&self.messages);
        if !has_newer(&messages, received) {
            messages.insert(message.message_id.clone(), entry);
        }
        drop(messages);
        self.changed.send_replace(());
    }

    pub(super) fn remove(&self, received: &ReceivedMessage) {
        let mut messages = lock(&self.messages);
        if !has_newer(&messages, received) {
            messages.remove(&received.message.message_id);
        }
    }

    /// Returns whether the delivery with this number has failed: the message is still in flight,
    /// but nobody is processing it any more.
    #[must_use]
    pub fn has_failed(&self, message_id: &str, receive_count: u32) -> bool {
        lock(&self.messages)
            .get(message_id)
            .is_some_and(|entry| entry.receive_count == receive_count)
    }

    /// Returns why the message's last delivery failed.
    #[must_use]
    pub fn reason(&self, message_id: &str) -> Option<String> {
        lock(&self.messages)
            .get(message_id)
            .map(|entry| entry.reason.clone())
    }

    pub fn clear(&self) {
        lock(&self.messages).clear();
        self.changed.send_replace(());
    }

    /// Returns a receiver that is notified of every added message.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }
}

// A delivery that outlived its visibility timeout may end after the next delivery.
fn has_newer(messages: &HashMap<String, Return>, received: &ReceivedMessage) -> bool {
    let message = &received.message;
    messages
        .get(&message.message_id)
        .is_some_and(|newest| newest.receive_count > message.delivery.receive_count)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use local_emulators::sqs::{Delivery, Message};

    use super::*;

    fn delivery(receive_count: u32) -> ReceivedMessage {
        ReceivedMessage {
            receipt_handle: String::new(),
            message: Message {
                message_id: "id".to_owned(),
                body: String::new(),
                attributes: BTreeMap::new(),
                message_group_id: None,
                message_deduplication_id: None,
                sequence_number: 1,
                sent_at: 0,
                trace_header: None,
                dead_letter_source: None,
                delivery: Delivery {
                    receive_count,
                    ..Delivery::default()
                },
            },
            fifo: true,
        }
    }

    #[test]
    fn a_delivery_that_ends_late_does_not_hide_the_next_one() {
        let returned = Returned::default();
        returned.add(&delivery(2), "the second failed");
        returned.add(&delivery(1), "the first failed");
        returned.remove(&delivery(1));
        assert!(returned.has_failed("id", 2));
        assert_eq!(returned.reason("id").as_deref(), Some("the second failed"));
        returned.add(&delivery(3), "the third failed");
        assert!(returned.has_failed("id", 3));
        returned.remove(&delivery(3));
        assert_eq!(returned.reason("id"), None);
    }
}
