//! Claims a ledger entry before an effect, and closes the entry afterwards.

use casement_core::model::ledger::{ClaimDecision, LedgerEntry, LedgerKey};
use chrono::{DateTime, Utc};

use crate::app::{App, Ports};
use crate::failure::{Failure, StoreFailure};
use crate::outcome::Later;
use crate::ports::{Clock, Ledger, Saved};

/// The result of a claim.
pub(crate) enum Claim {
    /// The work is ours, under this entry.
    Ours(LedgerEntry),
    /// The work is done.
    Settled(LedgerEntry),
}

/// Claims `key`. A first claim is one write; `decide` is called only when an entry exists.
///
/// # Errors
/// [`Failure::NotYet`] when another worker may be at the same work.
pub(crate) async fn claim(
    ledger: &impl Ledger,
    key: &LedgerKey,
    first: LedgerEntry,
    decide: impl Fn(&LedgerEntry, DateTime<Utc>) -> ClaimDecision,
    now: DateTime<Utc>,
) -> Result<Claim, Failure> {
    let Some(existing) = ledger.create(key, &first).await? else {
        return Ok(Claim::Ours(raised(first)));
    };
    match decide(&existing, now) {
        ClaimDecision::Settled => Ok(Claim::Settled(existing)),
        ClaimDecision::Wait(left) => Err(Failure::NotYet("another attempt may be under way", left)),
        ClaimDecision::Proceed => {
            let mine = LedgerEntry {
                source_updated: first.source_updated,
                digest: first.digest,
                ..existing.reclaimed(now)
            };
            match ledger.update(key, &mine).await? {
                Saved::Yes => Ok(Claim::Ours(raised(mine))),
                Saved::Conflict => Err(Failure::NotYet(
                    "another attempt has just begun",
                    casement_core::model::ledger::LEASE,
                )),
            }
        }
    }
}

/// Writes the result of the work into a claimed entry. A delivery report that came in between is
/// kept: `change` is applied to the newer entry.
///
/// # Errors
/// The store failed.
pub(crate) async fn close(
    ledger: &impl Ledger,
    key: &LedgerKey,
    mut entry: LedgerEntry,
    change: impl Fn(LedgerEntry) -> LedgerEntry,
) -> Result<(), StoreFailure> {
    while ledger.update(key, &change(entry.clone())).await? == Saved::Conflict {
        match ledger.entry(key).await? {
            Some(newer) => entry = newer,
            None => return Ok(()),
        }
    }
    Ok(())
}

/// Gives a claimed entry back after `failure`, with the progress that `so_far` records. If that
/// write fails as well, the entry becomes free when its lease ends, and the result is still
/// `failure`.
pub(crate) async fn release<P: Ports>(
    app: &App<P>,
    key: &LedgerKey,
    entry: LedgerEntry,
    so_far: impl Fn(LedgerEntry) -> LedgerEntry,
    failure: Failure,
) -> Later {
    let mut later = Later::from(failure);
    let now = app.clock.now();
    let released = |entry: LedgerEntry| so_far(entry.released(now));
    if let Err(failure) = close(&app.store, key, entry, released).await {
        later.cause = format!("{}; its entry was not released: {failure}", later.cause);
    }
    later
}

fn raised(mut entry: LedgerEntry) -> LedgerEntry {
    entry.version += 1;
    entry
}
