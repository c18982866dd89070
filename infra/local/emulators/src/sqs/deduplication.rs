//! The five minutes during which a FIFO queue recognises a repeated message.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How long a de-duplication id is remembered (SQS API reference, `SendMessage`).
const INTERVAL_MS: i64 = 5 * 60 * 1_000;

/// The answer to a repeated send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    pub(super) message_id: String,
    pub(super) sequence_number: u64,
    /// When the id is forgotten, in milliseconds since the epoch.
    pub(super) until: i64,
}

impl Seen {
    /// Creates the entry of a message that was accepted at `now`.
    pub(super) fn new(message_id: String, sequence_number: u64, now: i64) -> Self {
        Self {
            message_id,
            sequence_number,
            until: now + INTERVAL_MS,
        }
    }
}

/// The de-duplication ids of one queue. They outlive the deletion of their messages.
#[derive(Debug, Default)]
pub(super) struct Window {
    seen: BTreeMap<String, Seen>,
}

impl Window {
    /// Returns the message that was accepted under this key less than five minutes ago, if any.
    pub(super) fn find(&self, key: &str, now: i64) -> Option<&Seen> {
        self.seen.get(key).filter(|seen| seen.until > now)
    }

    /// Remembers an accepted message and forgets expired entries.
    pub(super) fn remember(&mut self, key: String, seen: Seen) {
        let accepted_at = seen.until - INTERVAL_MS;
        self.seen.retain(|_, old| old.until > accepted_at);
        self.seen.insert(key, seen);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &Seen)> {
        self.seen.iter()
    }
}

/// Returns the key of a de-duplication id. With scope `messageGroup` the id counts only within its
/// group.
pub(super) fn key(id: &str, group: &str, per_group: bool) -> String {
    // Neither id can contain a space.
    if per_group {
        format!("{group} {id}")
    } else {
        id.to_owned()
    }
}
