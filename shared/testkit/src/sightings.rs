//! When things were last seen.

use casement_core::model::sighting::Sighting;
use casement_service::StoreFailure;
use casement_service::ports::Sightings;
use chrono::{DateTime, Utc};

use crate::World;

impl Sightings for World {
    async fn saw(&self, what: Sighting, at: DateTime<Utc>) -> Result<(), StoreFailure> {
        self.inner.table.borrow_mut().sightings.insert(what, at);
        Ok(())
    }

    async fn last_seen(&self, what: Sighting) -> Result<Option<DateTime<Utc>>, StoreFailure> {
        Ok(self.inner.table.borrow().sightings.get(&what).copied())
    }
}
