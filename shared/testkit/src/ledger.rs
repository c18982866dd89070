//! The message ledger.

use std::collections::{BTreeMap, BTreeSet};

use casement_core::model::ledger::{EntryOf, LedgerKey, OutboundSource, SentEntry, Subject};
use casement_core::model::timer;
use casement_service::StoreFailure;
use casement_service::ports::{Ledger, Saved};
use chrono::{DateTime, Utc};

use crate::meter::{Place, Write};
use crate::{Call, World};

/// The entries, by the text of their keys.
#[derive(Default)]
pub(crate) struct Entries {
    all: BTreeMap<String, Stored>,
    /// Customers' messages that are not settled, by partition of the index and time.
    unsettled: BTreeSet<(String, DateTime<Utc>, String)>,
}

/// An entry as it is stored.
struct Stored {
    json: String,
    lease_until: DateTime<Utc>,
    place: Option<Place>,
}

fn text_of(key: &LedgerKey) -> String {
    match key {
        LedgerKey::Message(wamid) => wamid.as_str().to_owned(),
        LedgerKey::Outbound(key) => key.to_string(),
        LedgerKey::Note(note) => format!("note:{}", note.0),
    }
}

impl Entries {
    fn put(&mut self, key: String, stored: Stored) -> Option<Place> {
        let listed = |place: &Place| (place.shard.clone(), place.due_at, key.clone());
        self.unsettled.extend(stored.place.as_ref().map(listed));
        let new = stored.place.clone();
        let before = self
            .all
            .insert(key.clone(), stored)
            .and_then(|old| old.place);
        if before != new
            && let Some(before) = &before
        {
            let (shard, due_at) = (before.shard.clone(), before.due_at);
            self.unsettled.remove(&(shard, due_at, key));
        }
        before
    }

    /// Drops what was claimed before this time.
    pub(crate) fn forget(&mut self, before: DateTime<Utc>) {
        self.all.retain(|_, stored| stored.lease_until >= before);
    }
}

impl World {
    /// Returns the entry of this key.
    #[must_use]
    pub fn entry_of<K: Subject>(&self, key: &K) -> Option<EntryOf<K>> {
        let ledger = self.inner.ledger.borrow();
        let stored = ledger.all.get(&text_of(&key.key()))?;
        Some(serde_json::from_str(&stored.json).unwrap())
    }

    /// Writes an entry, whatever its version.
    pub fn put_entry<K: Subject>(&self, key: &K, entry: &EntryOf<K>) {
        let key = key.key();
        let place = match &key {
            LedgerKey::Message(wamid) => entry.claim.settles_until().map(|due_at| Place {
                shard: timer::unsettled_shard(wamid),
                due_at,
                timers: None,
            }),
            _ => None,
        };
        let stored = Stored {
            json: serde_json::to_string(entry).unwrap(),
            lease_until: entry.claim.lease_until,
            place: place.clone(),
        };
        let before = self.inner.ledger.borrow_mut().put(text_of(&key), stored);
        self.writes(|| Write {
            places: [before, place],
            ..Write::of(entry)
        });
    }

    /// Deletes all entries, as time does.
    pub fn forget_entries(&self) {
        self.inner.ledger.replace(Entries::default());
    }

    pub(crate) fn count_unsettled(&self, shard: &str, now: DateTime<Utc>) -> usize {
        let ledger = self.inner.ledger.borrow();
        let from = (shard.to_owned(), DateTime::UNIX_EPOCH, String::new());
        let of_shard = ledger.unsettled.range(from..);
        let due = of_shard.take_while(|(other, due_at, _)| other == shard && *due_at <= now);
        due.count()
    }
}

impl Ledger for World {
    async fn entry<K: Subject>(&self, key: &K) -> Result<Option<EntryOf<K>>, StoreFailure> {
        let entry = self.entry_of(key);
        self.reads(&entry);
        Ok(entry)
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
        match &existing {
            None => self.put_entry(key, &entry.clone().written()),
            // What is refused costs as much.
            Some(existing) => self.writes(|| Write::of(existing)),
        }
        Ok(existing)
    }

    async fn update<K: Subject>(&self, key: &K, entry: &EntryOf<K>) -> Result<Saved, StoreFailure> {
        if matches!(key.key(), LedgerKey::Message(_)) {
            self.begin_write(Call::UpdateMessageEntry)?;
        }
        let stored = self.entry_of(key).map(|stored| stored.claim.version);
        if stored != Some(entry.claim.version) {
            self.writes(|| Write::of(entry));
            return Ok(Saved::Conflict);
        }
        self.put_entry(key, &entry.clone().written());
        Ok(Saved::Yes)
    }

    async fn parts(
        &self,
        source: &OutboundSource,
    ) -> Result<BTreeMap<u32, SentEntry>, StoreFailure> {
        let prefix = format!("{source}/");
        let ledger = self.inner.ledger.borrow();
        let of_source = ledger.all.range(prefix.clone()..);
        let parts: BTreeMap<_, _> = of_source
            .map_while(|(key, stored)| Some((key.strip_prefix(&prefix)?, stored)))
            .map(|(part, stored)| (part, serde_json::from_str(&stored.json).unwrap()))
            .map(|(part, entry): (_, SentEntry)| (part.parse().unwrap(), entry))
            .collect();
        self.reads(&parts);
        Ok(parts)
    }
}
