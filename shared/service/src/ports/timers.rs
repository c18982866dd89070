//! The index of timers.

use casement_core::identity::ConversationKey;
use chrono::{DateTime, Utc};

use crate::failure::StoreFailure;

/// A timer that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueTimer {
    /// Whose.
    pub conversation: ConversationKey,
    /// Which silence it belongs to.
    pub generation: u32,
    /// When it is due.
    pub due_at: DateTime<Utc>,
}

/// The index of timers.
pub trait Timers {
    /// Some timers of `shard` that are due until `until`, the earliest first, beginning after
    /// `after`. Empty: there are no more.
    ///
    /// # Errors
    /// The store failed; the next sweep tries again.
    async fn due(
        &self,
        shard: &str,
        until: DateTime<Utc>,
        after: Option<&DueTimer>,
    ) -> Result<Vec<DueTimer>, StoreFailure>;
}
