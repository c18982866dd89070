//! Changes of a queue as data: the state machine decides them, the journal stores them, and a
//! restart replays them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::deduplication::Seen;
use super::message::{Delivery, Message};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Change {
    /// The queue was created with these settings, or its settings were changed to these.
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
    /// A de-duplication id was remembered.
    Seen { key: String, seen: Seen },
    /// All messages were deleted.
    Purged,
    /// All de-duplication ids were forgotten.
    Forgotten,
}

/// The settings of a queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Settings {
    /// The attributes as they were set.
    pub(super) attributes: BTreeMap<String, String>,
    /// When the queue was created, in milliseconds since the epoch.
    pub(super) created_at: i64,
    /// When the settings last changed, in milliseconds since the epoch.
    pub(super) modified_at: i64,
}
