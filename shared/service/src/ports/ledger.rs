//! The message ledger.

use std::collections::BTreeMap;

use casement_core::model::ledger::{EntryOf, OutboundSource, SentEntry, Subject};

use super::Saved;
use crate::failure::StoreFailure;

/// The message ledger.
pub trait Ledger {
    /// Returns the entry of `key`, read with full consistency.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn entry<K: Subject>(&self, key: &K) -> Result<Option<EntryOf<K>>, StoreFailure>;

    /// Writes the first entry of `key`. Returns the existing entry, if any, and writes nothing
    /// then.
    ///
    /// # Errors
    /// The store failed; whether the entry was written is unknown.
    async fn create<K: Subject>(
        &self,
        key: &K,
        entry: &EntryOf<K>,
    ) -> Result<Option<EntryOf<K>>, StoreFailure>;

    /// Writes an entry if the stored one still has its `version`, and raises the stored version by
    /// one.
    ///
    /// # Errors
    /// The store failed; whether the entry was written is unknown.
    async fn update<K: Subject>(&self, key: &K, entry: &EntryOf<K>) -> Result<Saved, StoreFailure>;

    /// Returns the entries of all parts of `source`, by number, read with full consistency.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn parts(
        &self,
        source: &OutboundSource,
    ) -> Result<BTreeMap<u32, SentEntry>, StoreFailure>;
}
