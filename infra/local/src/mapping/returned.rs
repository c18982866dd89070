//! Messages that a function did not deal with and that come again.

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
        lock(&self.messages).insert(message.message_id.clone(), entry);
        self.changed.send_replace(());
    }

    pub(super) fn remove(&self, message_id: &str) {
        lock(&self.messages).remove(message_id);
    }

    /// Whether the delivery with this number has failed: the message is in flight, but
    /// nobody works on it any more.
    #[must_use]
    pub fn has_failed(&self, message_id: &str, receive_count: u32) -> bool {
        lock(&self.messages)
            .get(message_id)
            .is_some_and(|entry| entry.receive_count == receive_count)
    }

    /// Why the message's last delivery failed.
    #[must_use]
    pub fn reason(&self, message_id: &str) -> Option<String> {
        lock(&self.messages)
            .get(message_id)
            .map(|entry| entry.reason.clone())
    }

    /// Forgets all messages.
    pub fn clear(&self) {
        lock(&self.messages).clear();
        self.changed.send_replace(());
    }

    /// Tells of every message that is added.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }
}
