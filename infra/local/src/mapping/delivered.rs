//! The messages that functions were given.

use std::sync::{Arc, Mutex};

use local_emulators::sqs::{Message, ReceivedMessage};

use crate::{locks::lock, ring::Ring};

const KEPT_MESSAGES: usize = 1_000;

/// The latest messages that were delivered, by queue. Clones share them.
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

    /// Those of a queue, in the order in which they were delivered first or again.
    #[must_use]
    pub fn of(&self, queue: &str) -> Vec<Message> {
        let messages = lock(&self.messages);
        let of_queue = messages.since(0).filter(|(_, (name, _))| name == queue);
        of_queue.map(|(_, (_, message))| message.clone()).collect()
    }

    /// Forgets them.
    pub(crate) fn clear(&self) {
        lock(&self.messages).clear();
    }
}
