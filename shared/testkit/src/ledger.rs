//! The message ledger.

use std::collections::{BTreeMap, HashMap};

use casement_core::model::ledger::{EntryOf, LedgerKey, OutboundSource, SentEntry, Subject};
use casement_core::model::timer;
use casement_service::StoreFailure;
use casement_service::ports::{Ledger, Saved};
use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{Call, World};

/// Each entry as it is stored.
pub(crate) type Entries = HashMap<LedgerKey, Value>;

impl World {
    /// Returns the entry of this key.
    #[must_use]
    pub fn entry_of<K: Subject>(&self, key: &K) -> Option<EntryOf<K>> {
        let stored = self.inner.ledger.borrow().get(&key.key()).cloned();
        stored.map(|entry| serde_json::from_value(entry).unwrap())
    }

    /// Writes an entry, whatever its version.
    pub fn put_entry<K: Subject>(&self, key: &K, entry: &EntryOf<K>) {
        let stored = serde_json::to_value(entry).unwrap();
        self.inner.ledger.borrow_mut().insert(key.key(), stored);
    }

    /// Deletes all entries, as time does.
    pub fn forget_entries(&self) {
        self.inner.ledger.borrow_mut().clear();
    }

    pub(crate) fn count_unsettled(&self, shard: &str, now: DateTime<Utc>) -> usize {
        let ledger = self.inner.ledger.borrow();
        let until = |key: &LedgerKey| match key {
            LedgerKey::Message(wamid) if timer::unsettled_shard(wamid) == shard => {
                self.entry_of(wamid)?.claim.settles_until()
            }
            _ => None,
        };
        let due = ledger.keys().filter_map(until);
        due.filter(|until| *until <= now).count()
    }
}

impl Ledger for World {
    async fn entry<K: Subject>(&self, key: &K) -> Result<Option<EntryOf<K>>, StoreFailure> {
        Ok(self.entry_of(key))
    }

    async fn create<K: Subject>(
        &self,
        key: &K,
        entry: &EntryOf<K>,
    ) -> Result<Option<EntryOf<K>>, StoreFailure> {
        if matches!(key.key(), LedgerKey::Message(_)) {
            self.begin_write(Call::CreateMessageEntry)?;
        }
        let existing = self.entry_of(key);
        if existing.is_none() {
            self.put_entry(key, &entry.clone().written());
        }
        Ok(existing)
    }

    async fn update<K: Subject>(&self, key: &K, entry: &EntryOf<K>) -> Result<Saved, StoreFailure> {
        if matches!(key.key(), LedgerKey::Message(_)) {
            self.begin_write(Call::UpdateMessageEntry)?;
        }
        let stored = self.entry_of(key).map(|stored| stored.claim.version);
        if stored != Some(entry.claim.version) {
            return Ok(Saved::Conflict);
        }
        self.put_entry(key, &entry.clone().written());
        Ok(Saved::Yes)
    }

    async fn parts(
        &self,
        source: &OutboundSource,
    ) -> Result<BTreeMap<u32, SentEntry>, StoreFailure> {
        let ledger = self.inner.ledger.borrow();
        let part = |key: &LedgerKey| match key {
            LedgerKey::Outbound(key) if key.source == *source => {
                Some((key.part, self.entry_of(key)?))
            }
            _ => None,
        };
        Ok(ledger.keys().filter_map(part).collect())
    }
}
