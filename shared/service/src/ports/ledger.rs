//! The message ledger.

use std::collections::BTreeMap;

use casement_core::model::ledger::{LedgerEntry, LedgerKey, OutboundSource};

use super::Saved;
use crate::failure::StoreFailure;

/// The message ledger.
pub trait Ledger {
    /// The entry of `key`, read with full consistency.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn entry(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, StoreFailure>;

    /// Writes the first entry of `key`. `Some`: there was one already, here it is.
    ///
    /// # Errors
    /// The store failed; whether it was written is unknown.
    async fn create(
        &self,
        key: &LedgerKey,
        entry: &LedgerEntry,
    ) -> Result<Option<LedgerEntry>, StoreFailure>;

    /// Writes an entry if the stored one still has its `version`, with the version raised by one.
    ///
    /// # Errors
    /// The store failed; whether it was written is unknown.
    async fn update(&self, key: &LedgerKey, entry: &LedgerEntry) -> Result<Saved, StoreFailure>;

    /// The entries of all parts of `source`, by number, read with full consistency.
    ///
    /// # Errors
    /// The store failed; try later.
    async fn parts(
        &self,
        source: &OutboundSource,
    ) -> Result<BTreeMap<u32, LedgerEntry>, StoreFailure>;
}
