//! The message ledger.

use std::collections::BTreeMap;

use casement_core::model::ledger::{EntryOf, LedgerKey, OutboundSource, SentEntry, Subject};
use casement_core::model::timer::unsettled_shard;
use casement_service::ports::{Ledger, Saved};
use casement_service::{BackendFailure, StoreFailure};

use super::item::{Expected, Item, item_of, parsed, seconds, string};
use super::{DynamoStore, Written};
use crate::keys::{self, DUE_AT, DUE_SHARD, SK};

impl<C> Ledger for DynamoStore<C> {
    async fn entry<K: Subject>(&self, key: &K) -> Result<Option<EntryOf<K>>, StoreFailure> {
        let item = self.get(keys::ledger(&key.key())).await?;
        item.map(parsed).transpose()
    }

    async fn create<K: Subject>(
        &self,
        key: &K,
        entry: &EntryOf<K>,
    ) -> Result<Option<EntryOf<K>>, StoreFailure> {
        match self.put(entry_item(key, entry)?, Expected::Absent).await? {
            Written::Yes => Ok(None),
            Written::No(Some(existing)) => parsed(existing).map(Some),
            Written::No(None) => Err(StoreFailure(BackendFailure::Unreadable(
                "the earlier entry was not told",
            ))),
        }
    }

    async fn update<K: Subject>(&self, key: &K, entry: &EntryOf<K>) -> Result<Saved, StoreFailure> {
        let expected = Expected::read_as(entry.claim.version);
        Ok(self.put(entry_item(key, entry)?, expected).await?.into())
    }

    async fn parts(
        &self,
        source: &OutboundSource,
    ) -> Result<BTreeMap<u32, SentEntry>, StoreFailure> {
        let query = self
            .client
            .query()
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", string(keys::outbound_pk(source)));
        let mut parts = BTreeMap::new();
        for item in self.all(query).await? {
            let number = item.get(SK).and_then(|sk| sk.as_s().ok()?.parse().ok());
            if let Some(number) = number {
                parts.insert(number, parsed(item)?);
            }
        }
        Ok(parts)
    }
}

/// Makes the item of an entry: with the next version, an expiry counted from its last claim, and in
/// the index while a customer's message is unsettled.
fn entry_item<K: Subject>(key: &K, entry: &EntryOf<K>) -> Result<Item, StoreFailure> {
    let next = entry.clone().written();
    let key = key.key();
    let expires_at = next.claim.lease_until + K::KEPT;
    let mut item = item_of(&next, keys::ledger(&key), expires_at)?;
    if let (LedgerKey::Message(wamid), Some(due_at)) = (&key, next.claim.settles_until()) {
        item.insert(DUE_SHARD.to_owned(), string(unsettled_shard(wamid)));
        item.insert(DUE_AT.to_owned(), seconds(due_at));
    }
    Ok(item)
}
