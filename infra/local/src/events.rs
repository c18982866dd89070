//! What happens in the stack, as a stream for the page and for tests.

use serde_json::Value;
use tokio::sync::broadcast;

// A listener that falls further behind than this misses events and is told so.
const BACKLOG: usize = 1024;

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Event {
    /// The kind: `call`, `invocation`, `log`, `clock`, `changed`, `reset`.
    pub kind: &'static str,
    /// What the control API shows for it.
    pub data: Value,
}

/// Tells every listener what happens. Clones share the listeners.
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
    /// Tells the listeners; `data` is only made when there are any.
    pub fn publish(&self, kind: &'static str, data: impl FnOnce() -> Value) {
        if self.sender.receiver_count() > 0 {
            let event = Event { kind, data: data() };
            // The last listener may have left in between, which is fine.
            self.sender.send(event).ok();
        }
    }

    /// Listens from now on.
    #[must_use]
    pub fn listen(&self) -> broadcast::Receiver<Event> {
        self.sender.subscribe()
    }
}
