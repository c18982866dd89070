//! The stack's events, as a stream for the page and the tests.

use serde_json::{Value, json};
use tokio::sync::broadcast;

// A listener that falls further behind than this misses events, and is told so.
const BACKLOG: usize = 1024;

#[derive(Clone, Debug)]
pub struct Event {
    /// The kind: `call`, `invocation`, `log`, `clock`, `changed`, `reset`.
    pub kind: &'static str,
    /// The event's data, as the control API shows it.
    pub data: Value,
}

/// Publishes events to all listeners. Clones share the listeners.
#[derive(Clone, Debug)]
pub struct Events {
    sender: broadcast::Sender<Event>,
}

impl Default for Events {
    fn default() -> Self {
        Self {
            sender: broadcast::channel(BACKLOG).0,
        }
    }
}

impl Events {
    /// Publishes an event. `data` is only called if there are listeners.
    pub fn publish(&self, kind: &'static str, data: impl FnOnce() -> Value) {
        if self.sender.receiver_count() > 0 {
            let event = Event { kind, data: data() };
            // The last listener may have left in between, which is fine.
            self.sender.send(event).ok();
        }
    }

    /// Says that something has changed, for those who show it.
    pub fn publish_change(&self, what: &str) {
        self.publish("changed", || json!({"what": what}));
    }

    /// Returns a receiver of all later events.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }
}
