//! The index of due items.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::Select;
use casement_core::model::timer;
use casement_service::StoreFailure;
use casement_service::ports::{DueConversation, Timers};
use chrono::serde::ts_seconds;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::DynamoStore;
use super::item::{Item, parsed, seconds, string};
use crate::error_code::backend_failure;
use crate::keys::{self, DUE_AT, DUE_INDEX, DUE_SHARD, PK, SK};

/// Timers read at once.
const PAGE: i32 = 100;

/// The most pages of unsettled messages to count, with some thousands on each.
const COUNTED_PAGES: usize = 10;

/// The attributes of a conversation in the index.
#[derive(Deserialize)]
struct IndexedTimers {
    pk: String,
    #[serde(with = "ts_seconds")]
    due_at: DateTime<Utc>,
    timers: timer::Timers,
}

impl<C> Timers for DynamoStore<C> {
    async fn due(
        &self,
        shard: &str,
        until: DateTime<Utc>,
        after: Option<&DueConversation>,
    ) -> Result<Vec<DueConversation>, StoreFailure> {
        let page = self
            .due_query(shard, until)
            .limit(PAGE)
            .set_exclusive_start_key(after.map(start_key))
            .send()
            .await
            .map_err(|error| StoreFailure(backend_failure(&error)))?;
        let items = page.items.unwrap_or_default();
        Ok(items.into_iter().filter_map(due_conversation).collect())
    }

    async fn unsettled(&self, shard: &str, now: DateTime<Utc>) -> Result<usize, StoreFailure> {
        let mut count = 0;
        let mut from = None;
        for _ in 0..COUNTED_PAGES {
            let page = self.due_query(shard, now).select(Select::Count);
            let page = page.set_exclusive_start_key(from).send().await;
            let page = page.map_err(|error| StoreFailure(backend_failure(&error)))?;
            count += usize::try_from(page.count).unwrap_or_default();
            from = page.last_evaluated_key;
            if from.is_none() {
                break;
            }
        }
        Ok(count)
    }
}

impl<C> DynamoStore<C> {
    /// Asks the index for items that are due by `until`.
    fn due_query(&self, shard: &str, until: DateTime<Utc>) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.table)
            .index_name(DUE_INDEX)
            .key_condition_expression("#shard = :shard AND #due_at <= :until")
            .expression_attribute_names("#shard", DUE_SHARD)
            .expression_attribute_names("#due_at", DUE_AT)
            .expression_attribute_values(":shard", string(shard))
            .expression_attribute_values(":until", seconds(until))
    }
}

/// Skips an unreadable entry, which must not stop the timers of all others.
fn due_conversation(item: Item) -> Option<DueConversation> {
    let entry: Result<IndexedTimers, _> = parsed(item);
    let due = entry.ok().and_then(|entry| {
        Some(DueConversation {
            conversation: keys::conversation_of_pk(&entry.pk)?,
            due_at: entry.due_at,
            timers: entry.timers,
        })
    });
    if due.is_none() {
        tracing::error!("a timer in the index is not understood and is passed over");
    }
    due
}

/// Makes the start of the page after `last`: the keys of the index and of the table.
fn start_key(last: &DueConversation) -> Item {
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
