//! The doors by which Jira tells of comments.

use casement_core::model::queue::Door;
use chrono::{DateTime, Utc};

use crate::failure::StoreFailure;

/// The last use of each door, so that one that is dead can be seen.
pub trait Doors {
    /// Records that the door was used at this time.
    ///
    /// # Errors
    /// The store failed. Nothing depends on it.
    async fn used(&self, door: Door, at: DateTime<Utc>) -> Result<(), StoreFailure>;

    /// Returns when the door was last used, to about an hour. `None`: not in the last 90 days.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn last_use(&self, door: Door) -> Result<Option<DateTime<Utc>>, StoreFailure>;
}
