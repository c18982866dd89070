//! The message ledger.

use std::collections::{BTreeMap, HashMap};

use casement_core::model::ledger::{LedgerEntry, LedgerKey, OutboundSource};
use casement_core::model::timer;
use casement_service::StoreFailure;
use casement_service::ports::{Ledger, Saved};
use chrono::{DateTime, Utc};

use crate::{Call, World};

pub(crate) type Entries = HashMap<LedgerKey, LedgerEntry>;

impl World {
    /// Returns the entry of this key.
    #[must_use]
    pub fn entry_of(&self, key: &LedgerKey) -> Option<LedgerEntry> {
        self.inner.ledger.borrow().get(key).cloned()
    }

    /// Writes an entry, whatever its version.
    pub fn put_entry(&self, key: LedgerKey, entry: LedgerEntry) {
        self.inner.ledger.borrow_mut().insert(key, entry);
    }

    /// Deletes all entries, as time does.
    pub fn forget_entries(&self) {
        self.inner.ledger.borrow_mut().clear();
    }

    pub(crate) fn count_unsettled(&self, shard: &str, now: DateTime<Utc>) -> usize {
        let ledger = self.inner.ledger.borrow();
        let entries = ledger.iter().filter(|(key, entry)| match key {
            LedgerKey::Message(wamid) => {
                timer::unsettled_shard(wamid) == shard
                    && entry.settles_until().is_some_and(|until| until <= now)
            }
            LedgerKey::Outbound(_) | LedgerKey::Note(_) => false,
        });
        entries.count()
    }

    fn write(&self, key: &LedgerKey, entry: &LedgerEntry) {
        let mut written = entry.clone();
        written.version += 1;
        self.put_entry(key.clone(), written);
    }
}

impl Ledger for World {
    async fn entry(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, StoreFailure> {
        Ok(self.entry_of(key))
    }

    async fn create(
        &self,
        key: &LedgerKey,
        entry: &LedgerEntry,
    ) -> Result<Option<LedgerEntry>, StoreFailure> {
        if matches!(key, LedgerKey::Message(_)) {
            self.begin_write(Call::CreateMessageEntry)?;
        }
        let existing = self.entry_of(key);
        if existing.is_none() {
            self.write(key, entry);
        }
        Ok(existing)
    }

    async fn update(&self, key: &LedgerKey, entry: &LedgerEntry) -> Result<Saved, StoreFailure> {
        if matches!(key, LedgerKey::Message(_)) {
            self.begin_write(Call::UpdateMessageEntry)?;
        }
        if self.entry_of(key).map(|stored| stored.version) != Some(entry.version) {
            return Ok(Saved::Conflict);
        }
        self.write(key, entry);
        Ok(Saved::Yes)
    }

    async fn parts(
        &self,
        source: &OutboundSource,
    ) -> Result<BTreeMap<u32, LedgerEntry>, StoreFailure> {
        let ledger = self.inner.ledger.borrow();
        let part = |(key, entry): (&LedgerKey, &LedgerEntry)| match key {
            LedgerKey::Outbound(key) if key.source == *source => Some((key.part, entry.clone())),
            _ => None,
        };
        Ok(ledger.iter().filter_map(part).collect())
    }
}
