//! Changes of a queue as data: what the state machine decides, the journal stores and
//! a restart replays.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::deduplication::Seen;
use super::message::{Delivery, Message};

/// One change of one queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Change {
    /// The queue exists from now on with these settings, or its settings are these now.
    Settings(Settings),
    /// A message arrived.
    Arrived(Box<Message>),
    /// A message was received, or its visibility timeout was changed.
    Delivered {
        sequence_number: u64,
        delivery: Delivery,
    },
    /// A message was deleted, has expired or was moved away.
    Removed { sequence_number: u64 },
    /// A de-duplication id is remembered.
    Seen { key: String, seen: Seen },
    /// All messages were deleted.
    Purged,
    /// All de-duplication ids were forgotten.
    Forgotten,
}

/// What is set on a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Settings {
    /// Attributes as they were set.
    pub(super) attributes: BTreeMap<String, String>,
    /// When the queue was created, in milliseconds since the epoch.
    pub(super) created_at: i64,
    /// When its settings changed last, in milliseconds since the epoch.
    pub(super) modified_at: i64,
}
