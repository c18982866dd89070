//! How far Jira was searched.

use casement_core::decide::reconciliation::Cursor;
use casement_service::StoreFailure;
use casement_service::ports::{Clock, Cursors, Saved};
use chrono::Duration;

use super::DynamoStore;
use super::item::{Expected, item_of, parsed};
use crate::keys;

/// The item is written every few minutes, so it expires only after a deployment has ended.
const KEPT: Duration = Duration::days(400);

impl<C: Clock> Cursors for DynamoStore<C> {
    async fn cursor(&self) -> Result<Option<Cursor>, StoreFailure> {
        let item = self.get(keys::reconciliation()).await?;
        item.map(parsed).transpose()
    }

    async fn keep_cursor(&self, cursor: &Cursor) -> Result<Saved, StoreFailure> {
        let mut next = cursor.clone();
        next.version += 1;
        let item = item_of(&next, keys::reconciliation(), self.clock.now() + KEPT)?;
        let expected = Expected::read_as(cursor.version);
        Ok(self.put(item, expected).await?.into())
    }
}
