//! The last use of each door by which Jira tells of comments.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use casement_core::model::queue::Door;
use casement_service::StoreFailure;
use casement_service::ports::{Clock, Doors};
use chrono::serde::ts_seconds;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::DynamoStore;
use super::item::{item_of, parsed};
use crate::keys;

/// A door that was not used for so long is as good as one that never was.
const KEPT: Duration = Duration::days(90);

/// How long a use stands for later ones: one write an hour is enough.
const STANDS_FOR: Duration = Duration::hours(1);

/// The uses that this process has written.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorded(Arc<Mutex<BTreeMap<Door, DateTime<Utc>>>>);

#[derive(Serialize, Deserialize)]
struct Use {
    #[serde(with = "ts_seconds")]
    used_at: DateTime<Utc>,
}

impl<C: Clock> Doors for DynamoStore<C> {
    /// The last write wins: it is the time of one use or another.
    async fn used(&self, door: Door, at: DateTime<Utc>) -> Result<(), StoreFailure> {
        let last = self
            .doors
            .0
            .lock()
            .ok()
            .and_then(|last| last.get(&door).copied());
        if last.is_some_and(|last| at - last < STANDS_FOR) {
            return Ok(());
        }
        let item = item_of(&Use { used_at: at }, keys::door(door), at + KEPT)?;
        self.overwrite(item).await?;
        if let Ok(mut recorded) = self.doors.0.lock() {
            recorded.insert(door, at);
        }
        Ok(())
    }

    async fn last_use(&self, door: Door) -> Result<Option<DateTime<Utc>>, StoreFailure> {
        let item = self.get(keys::door(door)).await?;
        let last: Option<Use> = item.map(parsed).transpose()?;
        Ok(last.map(|last| last.used_at))
    }
}
