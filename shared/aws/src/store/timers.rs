//! The index of timers.

use casement_core::timer;
use casement_service::StoreFailure;
use casement_service::ports::{DueTimer, Timers};
use chrono::serde::ts_seconds;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::DynamoStore;
use super::item::{Item, parsed, seconds, string};
use crate::error_code::error_code;
use crate::keys::{self, DUE_AT, DUE_INDEX, DUE_SHARD, PK, SK};

/// Timers read at once.
const PAGE: i32 = 100;

/// What the index has of a conversation.
#[derive(Deserialize)]
struct IndexedTimer {
    pk: String,
    notice_generation: u32,
    #[serde(with = "ts_seconds")]
    due_at: DateTime<Utc>,
}

impl<C> Timers for DynamoStore<C> {
    async fn due(
        &self,
        shard: &str,
        until: DateTime<Utc>,
        after: Option<&DueTimer>,
    ) -> Result<Vec<DueTimer>, StoreFailure> {
        let page = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(DUE_INDEX)
            .key_condition_expression("#shard = :shard AND #due_at <= :until")
            .expression_attribute_names("#shard", DUE_SHARD)
            .expression_attribute_names("#due_at", DUE_AT)
            .expression_attribute_values(":shard", string(shard))
            .expression_attribute_values(":until", seconds(until))
            .limit(PAGE)
            .set_exclusive_start_key(after.map(start_key))
            .send()
            .await
            .map_err(|error| StoreFailure(error_code(&error)))?;
        let items = page.items.unwrap_or_default();
        Ok(items.into_iter().filter_map(due_timer).collect())
    }
}

/// One entry that cannot be read must not stop the timers of all others.
fn due_timer(item: Item) -> Option<DueTimer> {
    let timer: Result<IndexedTimer, _> = parsed(item);
    let due = timer.ok().and_then(|timer| {
        Some(DueTimer {
            conversation: keys::conversation_of_pk(&timer.pk)?,
            generation: timer.notice_generation,
            due_at: timer.due_at,
        })
    });
    if due.is_none() {
        tracing::error!("a timer in the index is not understood and is passed over");
    }
    due
}

/// Where a page ended whose last timer is `last`: the keys of the index and of the table.
fn start_key(last: &DueTimer) -> Item {
    let key = keys::conversation(&last.conversation);
    [
        (PK, string(key.pk)),
        (SK, string(key.sk)),
        (DUE_SHARD, string(timer::shard(&last.conversation))),
        (DUE_AT, seconds(last.due_at)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}
