//! The message ledger.

use std::collections::BTreeMap;

use casement_core::model::ledger::{LedgerEntry, LedgerKey, OutboundSource};

use super::Saved;
use crate::failure::StoreFailure;

/// The message ledger.
pub trait Ledger {
    /// Returns the entry of `key`, read with full consistency.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn entry(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, StoreFailure>;

    /// Writes the first entry of `key`. Returns the existing entry, if any, and writes nothing
    /// then.
    ///
    /// # Errors
    /// The store failed; whether the entry was written is unknown.
    async fn create(
        &self,
        key: &LedgerKey,
        entry: &LedgerEntry,
    ) -> Result<Option<LedgerEntry>, StoreFailure>;

    /// Writes an entry if the stored one still has its `version`, and raises the stored version by
    /// one.
    ///
    /// # Errors
    /// The store failed; whether the entry was written is unknown.
    async fn update(&self, key: &LedgerKey, entry: &LedgerEntry) -> Result<Saved, StoreFailure>;

    /// Returns the entries of all parts of `source`, by number, read with full consistency.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn parts(
        &self,
        source: &OutboundSource,
    ) -> Result<BTreeMap<u32, LedgerEntry>, StoreFailure>;
}
