//! When things were last seen.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use casement_core::model::sighting::Sighting;
use casement_service::StoreFailure;
use casement_service::ports::{Clock, Sightings};
use chrono::serde::ts_seconds;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::DynamoStore;
use super::item::{item_of, parsed};
use crate::keys;

/// What was not seen for so long is as good as never seen.
const KEPT: Duration = Duration::days(90);

/// How long a sighting stands for later ones: one write an hour is enough.
const STANDS_FOR: Duration = Duration::hours(1);

/// The sightings that this process has written.
#[derive(Clone, Debug, Default)]
pub(super) struct Recorded(Arc<Mutex<BTreeMap<Sighting, DateTime<Utc>>>>);

#[derive(Serialize, Deserialize)]
struct Seen {
    #[serde(with = "ts_seconds", rename = "used_at")]
    seen_at: DateTime<Utc>,
}

impl<C: Clock> Sightings for DynamoStore<C> {
    /// The last write wins: it is the time of one sighting or another.
    async fn saw(&self, what: Sighting, at: DateTime<Utc>) -> Result<(), StoreFailure> {
        let last = self
            .sightings
            .0
            .lock()
            .ok()
            .and_then(|last| last.get(&what).copied());
        if last.is_some_and(|last| at - last < STANDS_FOR) {
            return Ok(());
        }
        let item = item_of(&Seen { seen_at: at }, keys::sighting(what), at + KEPT)?;
        self.overwrite(item).await?;
        if let Ok(mut recorded) = self.sightings.0.lock() {
            recorded.insert(what, at);
        }
        Ok(())
    }

    async fn last_seen(&self, what: Sighting) -> Result<Option<DateTime<Utc>>, StoreFailure> {
        let item = self.get(keys::sighting(what)).await?;
        let last: Option<Seen> = item.map(parsed).transpose()?;
        Ok(last.map(|last| last.seen_at))
    }
}
