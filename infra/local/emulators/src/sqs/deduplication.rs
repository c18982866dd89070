//! The five minutes in which a FIFO queue recognises a message that it has seen.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// For how long a de-duplication id is remembered (SQS API reference, `SendMessage`).
const INTERVAL_MS: i64 = 5 * 60 * 1_000;

/// What a repeated send is answered with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen {
    pub(super) message_id: String,
    pub(super) sequence_number: u64,
    /// Until when it counts, in milliseconds since the epoch.
    pub(super) until: i64,
}

impl Seen {
    /// A message that was accepted at `now`.
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
    /// What was accepted under this key less than five minutes ago.
    pub(super) fn find(&self, key: &str, now: i64) -> Option<&Seen> {
        self.seen.get(key).filter(|seen| seen.until > now)
    }

    /// Remembers an accepted message; forgets what has run out since.
    pub(super) fn remember(&mut self, key: String, seen: Seen) {
        let accepted_at = seen.until - INTERVAL_MS;
        self.seen.retain(|_, old| old.until > accepted_at);
        self.seen.insert(key, seen);
    }

    /// Everything remembered.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &Seen)> {
        self.seen.iter()
    }
}

/// The key of a de-duplication id: with scope `messageGroup` it counts within its group.
pub(super) fn key(id: &str, group: &str, per_group: bool) -> String {
    // A space cannot be part of either id.
    if per_group {
        format!("{group} {id}")
    } else {
        id.to_owned()
    }
}
