//! The index of what is due.

use casement_core::model::identity::ConversationKey;
use casement_core::model::timer;
use chrono::{DateTime, Utc};

use crate::failure::StoreFailure;

/// A conversation of which a timer is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueConversation {
    /// Which.
    pub conversation: ConversationKey,
    /// When its first timer is due: where it is in the index.
    pub due_at: DateTime<Utc>,
    /// All its timers.
    pub timers: timer::Timers,
}

/// The index of what is due.
pub trait Timers {
    /// Some conversations of `shard` with a timer that is due until `until`, the earliest first,
    /// beginning after `after`. Empty: there are no more.
    ///
    /// # Errors
    /// The store failed; the next sweep tries again.
    async fn due(
        &self,
        shard: &str,
        until: DateTime<Utc>,
        after: Option<&DueConversation>,
    ) -> Result<Vec<DueConversation>, StoreFailure>;

    /// How many customers' messages of `shard` should be settled at `now`
    /// ([`casement_core::model::ledger::LedgerEntry::settles_until`]) and are not. The count may stop at some thousands.
    ///
    /// # Errors
    /// The store failed; the next sweep tries again.
    async fn unsettled(&self, shard: &str, now: DateTime<Utc>) -> Result<usize, StoreFailure>;
}
