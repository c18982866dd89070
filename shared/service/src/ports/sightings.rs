//! What was last seen, for `casement check`.

use casement_core::model::sighting::Sighting;
use chrono::{DateTime, Utc};

use crate::failure::StoreFailure;

/// The times at which things were last seen.
pub trait Sightings {
    /// Records that it was seen at this time.
    ///
    /// # Errors
    /// The store failed. Nothing depends on it.
    async fn saw(&self, what: Sighting, at: DateTime<Utc>) -> Result<(), StoreFailure>;

    /// Returns when it was last seen, to about an hour. `None`: not in the last 90 days.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn last_seen(&self, what: Sighting) -> Result<Option<DateTime<Utc>>, StoreFailure>;
}
