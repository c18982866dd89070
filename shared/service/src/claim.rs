//! Claims a ledger entry before an effect, and closes the entry afterwards.

use casement_core::model::ledger::{
    ClaimDecision, EntryOf, LEASE, LedgerEntry, Subject, decide_claim,
};
use chrono::{DateTime, Utc};

use crate::app::{App, Ports};
use crate::failure::{Failure, StoreFailure};
use crate::outcome::Later;
use crate::ports::{Clock, Ledger, Saved};

/// The result of a claim.
pub(crate) enum Claimed<T> {
    /// The work is ours, under this entry.
    Ours(LedgerEntry<T>),
    /// The work is done.
    Settled(LedgerEntry<T>),
}

/// Claims `key`. A first claim is one write of an entry about `first`.
///
/// # Errors
/// [`Failure::NotYet`] when another worker may be at the same work.
pub(crate) async fn claim<K: Subject>(
    ledger: &impl Ledger,
    key: &K,
    first: K::About,
    now: DateTime<Utc>,
) -> Result<Claimed<K::About>, Failure> {
    let first = LedgerEntry::claimed(first, now);
    let Some(existing) = ledger.create(key, &first).await? else {
        return Ok(Claimed::Ours(first.written()));
    };
    match decide_claim(&existing.claim, K::GRACE, now) {
        ClaimDecision::Settled => Ok(Claimed::Settled(existing)),
        ClaimDecision::Wait(left) => Err(Failure::NotYet("another attempt may be under way", left)),
        ClaimDecision::Proceed => {
            let mut mine = existing.reclaimed(now);
            mine.about = K::renewed(mine.about, first.about);
            match ledger.update(key, &mine).await? {
                Saved::Yes => Ok(Claimed::Ours(mine.written())),
                Saved::Conflict => Err(Failure::NotYet("another attempt has just begun", LEASE)),
            }
        }
    }
}

/// Writes the result of the work into a claimed entry. A delivery report that came in between is
/// kept: `change` is applied to the newer entry.
///
/// # Errors
/// The store failed.
pub(crate) async fn close<K: Subject>(
    ledger: &impl Ledger,
    key: &K,
    entry: EntryOf<K>,
    change: impl Fn(EntryOf<K>) -> EntryOf<K>,
) -> Result<(), StoreFailure> {
    close_over(ledger, key, entry, change).await.map(drop)
}

/// Does the same as [`close`], and returns the entry that was there and the one that is there now.
/// `None`: the entry is gone.
///
/// # Errors
/// The store failed.
pub(crate) async fn close_over<K: Subject>(
    ledger: &impl Ledger,
    key: &K,
    mut entry: EntryOf<K>,
    change: impl Fn(EntryOf<K>) -> EntryOf<K>,
) -> Result<Option<[EntryOf<K>; 2]>, StoreFailure> {
    loop {
        let changed = change(entry.clone());
        if ledger.update(key, &changed).await? == Saved::Yes {
            return Ok(Some([entry, changed]));
        }
        match ledger.entry(key).await? {
            Some(newer) => entry = newer,
            None => return Ok(None),
        }
    }
}

/// Gives a claimed entry back after `failure`, with the progress that `so_far` records. If that
/// write fails as well, the entry becomes free when its lease ends, and the result is still
/// `failure`.
pub(crate) async fn release<P: Ports, K: Subject>(
    app: &App<P>,
    key: &K,
    entry: EntryOf<K>,
    so_far: impl Fn(EntryOf<K>) -> EntryOf<K>,
    failure: Failure,
) -> Later {
    let mut later = Later::from(failure);
    let now = app.clock.now();
    let released = |entry: EntryOf<K>| so_far(entry.released(now));
    if let Err(failure) = close(&app.store, key, entry, released).await {
        later.cause = format!("{}; its entry was not released: {failure}", later.cause);
    }
    later
}
