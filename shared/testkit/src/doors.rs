//! The doors by which Jira tells of comments.

use casement_core::model::queue::Door;
use casement_service::StoreFailure;
use casement_service::ports::Doors;
use chrono::{DateTime, Utc};

use crate::World;

impl Doors for World {
    async fn used(&self, door: Door, at: DateTime<Utc>) -> Result<(), StoreFailure> {
        self.inner.table.borrow_mut().doors.insert(door, at);
        Ok(())
    }

    async fn last_use(&self, door: Door) -> Result<Option<DateTime<Utc>>, StoreFailure> {
        Ok(self.inner.table.borrow().doors.get(&door).copied())
    }
}
