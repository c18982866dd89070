//! The message ledger: one entry for each customer message and for each part of each message that
//! we send. It makes every effect happen once although queues deliver at least once.
//!
//! An entry is a lease, not a tombstone: if a worker dies, another one may take up its entry when
//! the lease has ended. [`decide_claim`] decides whether it may.
//!
//! The key of an entry says what the entry is about ([`Subject`]).

mod about;
pub mod callback;
mod claim;
mod key;

use std::fmt::Debug;

use chrono::{DateTime, Duration, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::model::identity::Wamid;
use crate::model::price::Price;
use crate::model::status::{Delivery, StatusDecision, decide_status};

pub use self::about::{
    CommentVersion, InternalNote, KnownMessage, ReceivedMessage, SentMessage, SentReference,
};
pub use self::claim::{Claim, ClaimDecision, LEASE, LedgerState, SETTLED_WITHIN, decide_claim};
pub use self::key::{
    Closing, LedgerKey, NotALedgerKey, NoteKey, OutboundKey, OutboundSource, Wait,
};

/// How long a send with an unknown outcome waits for a status that proves it before it is repeated:
/// WhatsApp cannot be asked whether it accepted a message.
pub const GRACE: Duration = Duration::seconds(90);

/// How long entries by wamid are kept: longer than Meta repeats a webhook (7 days), and as long as
/// customers may react to a message (30 days).
pub const KEPT_BY_WAMID: Duration = Duration::days(30);

/// How long entries about our messages are kept: longer than WhatsApp tries to deliver (30 days).
pub const KEPT_OUTBOUND: Duration = Duration::days(90);

/// One entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry<T> {
    #[serde(flatten)]
    pub claim: Claim,
    /// The message or the note that the work is about.
    #[serde(flatten)]
    pub about: T,
}

/// The entry of a message of ours.
pub type SentEntry = LedgerEntry<SentMessage>;

/// The entry that a key has.
pub type EntryOf<K> = LedgerEntry<<K as Subject>::About>;

/// The key of one kind of entry.
pub trait Subject {
    /// What such an entry is about.
    type About: Clone + Debug + PartialEq + Serialize + DeserializeOwned;

    /// How long an entry is kept after its last claim.
    const KEPT: Duration;

    /// How long an unknown outcome waits for its proof. Jira needs no wait: it keeps our marker.
    const GRACE: Duration = Duration::zero();

    fn key(&self) -> LedgerKey;

    /// Adds to `known` what the worker that claims the entry once more has read, `first`.
    #[must_use]
    fn renewed(known: Self::About, _first: Self::About) -> Self::About {
        known
    }
}

impl Subject for Wamid {
    type About = KnownMessage;
    const KEPT: Duration = KEPT_BY_WAMID;

    fn key(&self) -> LedgerKey {
        LedgerKey::Message(self.clone())
    }
}

impl Subject for OutboundKey {
    type About = SentMessage;
    const KEPT: Duration = KEPT_OUTBOUND;
    const GRACE: Duration = GRACE;

    fn key(&self) -> LedgerKey {
        LedgerKey::Outbound(self.clone())
    }

    fn renewed(known: SentMessage, first: SentMessage) -> SentMessage {
        SentMessage {
            read: first.read,
            ..known
        }
    }
}

impl Subject for NoteKey {
    type About = InternalNote;
    const KEPT: Duration = KEPT_OUTBOUND;

    fn key(&self) -> LedgerKey {
        LedgerKey::Note(self.clone())
    }
}

impl<T> LedgerEntry<T> {
    /// Creates an entry with a first claim at `now`.
    #[must_use]
    pub fn claimed(about: T, now: DateTime<Utc>) -> Self {
        let claim = Claim {
            state: LedgerState::Working,
            lease_until: now + LEASE,
            attempts: 1,
            begun_at: now,
            version: 0,
        };
        Self { claim, about }
    }

    /// Claims the entry once more.
    #[must_use]
    pub fn reclaimed(mut self, now: DateTime<Utc>) -> Self {
        self.claim.state = LedgerState::Working;
        self.claim.lease_until = now + LEASE;
        self.claim.attempts += 1;
        self
    }

    /// Marks the work as done.
    #[must_use]
    pub fn settled(mut self) -> Self {
        self.claim.state = LedgerState::Settled;
        self
    }

    /// Gives the entry back before the effect, unless a report has meanwhile proven that an earlier
    /// attempt had the effect.
    #[must_use]
    pub fn released(self, now: DateTime<Utc>) -> Self {
        self.ended_without_proof(LedgerState::Released, now)
    }

    /// Records that an answer was lost, unless a report has already proven the effect.
    #[must_use]
    pub fn unresolved(self, now: DateTime<Utc>) -> Self {
        self.ended_without_proof(LedgerState::Unresolved, now)
    }

    fn ended_without_proof(mut self, state: LedgerState, now: DateTime<Utc>) -> Self {
        if !self.claim.is_settled() {
            self.claim.state = state;
            self.claim.lease_until = now;
        }
        self
    }

    /// Raises the version, as a write does.
    #[must_use]
    pub fn written(mut self) -> Self {
        self.claim.version += 1;
        self
    }
}

impl SentEntry {
    /// Records that the agent took the reply back: it will never arrive.
    #[must_use]
    pub fn cancelled(mut self) -> Self {
        self.about.delivery = Some(Delivery::Failed(None));
        self.without_the_rest().settled()
    }

    /// Records, on a first part that was sent, that the agent took back the rest.
    #[must_use]
    pub fn without_the_rest(mut self) -> Self {
        self.about.taken_back = true;
        self
    }

    /// Records `delivery`, if it is news.
    #[must_use]
    pub fn reported(mut self, delivery: Delivery, at: DateTime<Utc>) -> Self {
        if decide_status(self.about.delivery, delivery) != StatusDecision::Ignore {
            self.about.delivery = Some(delivery);
            self.about.delivery_at = Some(at);
        }
        self
    }

    /// Records the price, if it is not known yet.
    #[must_use]
    pub fn priced(mut self, price: Option<Price>) -> Self {
        self.about.price = self.about.price.or(price);
        self
    }

    /// Records that Meta accepted the message and then refused it because the window was closed: it
    /// may be sent again in the next window.
    #[must_use]
    pub fn refused_by_meta(mut self, wamid: Wamid, now: DateTime<Utc>) -> Self {
        self.about.refused.push(wamid);
        self.about.wamid = None;
        self.about.delivery = None;
        self.about.delivery_at = None;
        self.about.price = None;
        self.claim.state = LedgerState::Released;
        self.claim.lease_until = now;
        self
    }

    /// Returns whether the customer has this message, or will have it.
    #[must_use]
    pub fn reached_the_customer(&self) -> bool {
        self.claim.is_settled() && !matches!(self.about.delivery, Some(Delivery::Failed(_)))
    }
}

#[cfg(test)]
pub(crate) mod tests;
