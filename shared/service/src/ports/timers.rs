//! The index of due timers.

use casement_core::model::identity::ConversationKey;
use casement_core::model::timer;
use chrono::{DateTime, Utc};

use crate::failure::StoreFailure;

/// A conversation with a due timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueConversation {
    /// The conversation.
    pub conversation: ConversationKey,
    /// The time at which the first timer is due, which is the position in the index.
    pub due_at: DateTime<Utc>,
    /// All timers of the conversation.
    pub timers: timer::Timers,
}

/// The index of due timers.
pub trait Timers {
    /// Returns some conversations of `shard` with a timer that is due by `until`, the earliest
    /// first, beginning after `after`. Empty: there are no more.
    ///
    /// # Errors
    /// The store failed; the next sweep tries again.
    async fn due(
        &self,
        shard: &str,
        until: DateTime<Utc>,
        after: Option<&DueConversation>,
    ) -> Result<Vec<DueConversation>, StoreFailure>;

    /// Counts the customers' messages of `shard` that should be settled at `now`
    /// ([`casement_core::model::ledger::Claim::settles_until`]) and are not. The count may
    /// stop at some thousands.
    ///
    /// # Errors
    /// The store failed; the next sweep tries again.
    async fn unsettled(&self, shard: &str, now: DateTime<Utc>) -> Result<usize, StoreFailure>;
}
