//! The messages that were delivered to functions.

use std::sync::{Arc, Mutex};

use local_emulators::sqs::{Message, ReceivedMessage};

use crate::{locks::lock, ring::Ring};

const KEPT_MESSAGES: usize = 1_000;

/// The latest delivered messages, by queue. Clones share them.
#[derive(Clone, Debug)]
pub struct Delivered {
    messages: Arc<Mutex<Ring<(String, Message)>>>,
}

impl Default for Delivered {
    fn default() -> Self {
        Self {
            messages: Arc::new(Mutex::new(Ring::new(KEPT_MESSAGES))),
        }
    }
}

impl Delivered {
    pub(super) fn add(&self, queue: &str, batch: &[ReceivedMessage]) {
        let mut messages = lock(&self.messages);
        for received in batch {
            messages.push((queue.to_owned(), received.message.clone()));
        }
    }

    /// Returns the messages of a queue in the order of their deliveries, repeats included.
    #[must_use]
    pub fn of(&self, queue: &str) -> Vec<Message> {
        let messages = lock(&self.messages);
        let of_queue = messages.since(0).filter(|(_, (name, _))| name == queue);
        of_queue.map(|(_, (_, message))| message.clone()).collect()
    }

    pub(crate) fn clear(&self) {
        lock(&self.messages).clear();
    }
}
