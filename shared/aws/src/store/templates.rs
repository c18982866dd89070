//! The times of template changes.

use casement_core::decide::freshness::KEPT_TEMPLATE_CHANGE;
use casement_core::model::identity::BusinessAccountId;
use casement_service::StoreFailure;
use casement_service::ports::{Clock, TemplateChanges};
use chrono::serde::ts_seconds;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::DynamoStore;
use super::item::{item_of, parsed};
use crate::keys;

#[derive(Serialize, Deserialize)]
struct Change {
    #[serde(with = "ts_seconds")]
    changed_at: DateTime<Utc>,
}

impl<C: Clock> TemplateChanges for DynamoStore<C> {
    /// The last write wins: two changes are seconds apart at most.
    async fn templates_changed(
        &self,
        account: &BusinessAccountId,
        at: DateTime<Utc>,
    ) -> Result<(), StoreFailure> {
        let change = Change { changed_at: at };
        let item = item_of(
            &change,
            keys::template_change(account),
            at + KEPT_TEMPLATE_CHANGE,
        )?;
        self.overwrite(item).await
    }

    async fn last_template_change(
        &self,
        account: &BusinessAccountId,
    ) -> Result<Option<DateTime<Utc>>, StoreFailure> {
        let item = self.get(keys::template_change(account)).await?;
        let change: Option<Change> = item.map(parsed).transpose()?;
        Ok(change.map(|change| change.changed_at))
    }
}
