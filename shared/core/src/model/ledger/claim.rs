//! Claims: who may do the work of an entry, and how far the work got.

use chrono::serde::ts_seconds;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// How long a claim holds. This is longer than any worker may run (90 s), so a claim that has ended
/// belongs to nobody.
pub const LEASE: Duration = Duration::seconds(120);

/// How long a customer's message may take to get into Jira before it counts as unsettled.
pub const SETTLED_WITHIN: Duration = Duration::minutes(10);

/// The claim of a worker to the work of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The progress of the work.
    pub state: LedgerState,
    /// The end of the lease of the worker that claimed it.
    #[serde(with = "ts_seconds")]
    pub lease_until: DateTime<Utc>,
    /// The number of claims.
    pub attempts: u32,
    /// The time of the first claim.
    #[serde(with = "ts_seconds")]
    pub begun_at: DateTime<Utc>,
    /// Raised by one with every write.
    pub version: u64,
}

/// The progress of an entry's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerState {
    /// A worker is doing the work, or died doing it.
    Working,
    /// A worker stopped before the effect. The work may be retried at once.
    Released,
    /// The effect may have happened: an answer was lost.
    Unresolved,
    /// Done: in Jira, or accepted by WhatsApp, or known to have failed for good.
    Settled,
}

impl Claim {
    /// Returns whether the work is done.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.state == LedgerState::Settled
    }

    /// Returns the time by which the work should be done; after that somebody is told. Returns
    /// `None` if the work is done.
    #[must_use]
    pub fn settles_until(&self) -> Option<DateTime<Utc>> {
        (!self.is_settled()).then(|| self.begun_at + SETTLED_WITHIN)
    }

    /// Returns whether an earlier attempt may have had its effect.
    #[must_use]
    pub fn may_have_happened(&self) -> bool {
        self.attempts > 1
    }
}

/// The decision whether a worker may do the work of an existing entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimDecision {
    /// The worker may, after it has claimed the entry once more.
    Proceed,
    /// Not yet: another worker may be at it, or a proof may still come.
    Wait(Duration),
    /// There is nothing left to do.
    Settled,
}

/// Decides whether the work of an existing entry may continue: as soon as nobody else can be at it,
/// and the proof of an unknown outcome has had `grace` to come in.
#[must_use]
pub fn decide_claim(existing: &Claim, grace: Duration, now: DateTime<Utc>) -> ClaimDecision {
    let free_at = match existing.state {
        LedgerState::Settled => return ClaimDecision::Settled,
        LedgerState::Released => return ClaimDecision::Proceed,
        LedgerState::Unresolved | LedgerState::Working => existing.lease_until + grace,
    };
    if now >= free_at {
        ClaimDecision::Proceed
    } else {
        ClaimDecision::Wait(free_at - now)
    }
}
