//! The message ledger: one entry for each customer message and for each part of each message that
//! we send. It makes every effect happen once although queues deliver at least once.
//!
//! An entry is a lease, not a tombstone: if a worker dies, another one may take up its entry when
//! the lease has ended. [`decide_claim`] decides whether it may.

pub mod callback;
mod key;

use chrono::serde::{ts_milliseconds_option, ts_seconds, ts_seconds_option};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::model::digest::Digest;
use crate::model::identity::{CommentId, ConversationKey, IssueId, MediaId, PhoneNumber, Wamid};
use crate::model::status::{Delivery, StatusDecision, TemplateHold, decide_status};

pub use self::key::{Closing, LedgerKey, NotALedgerKey, OutboundKey, OutboundSource, Silence};

/// How long a claim holds. This is longer than any worker may run (90 s), so a claim that has ended
/// belongs to nobody.
pub const LEASE: Duration = Duration::seconds(120);

/// How long a customer's message may take to get into Jira before it counts as unsettled.
pub const SETTLED_WITHIN: Duration = Duration::minutes(10);

/// How long a send with an unknown outcome waits for a status that proves it before it is repeated.
pub const GRACE: Duration = Duration::seconds(90);

/// How long entries by wamid are kept: longer than Meta repeats a webhook (7 days), and as long as
/// customers may react to a message (30 days).
pub const KEPT_BY_WAMID: Duration = Duration::days(30);

/// How long entries about our messages are kept: longer than WhatsApp tries to deliver (30 days).
pub const KEPT_OUTBOUND: Duration = Duration::days(90);

/// One entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// The progress of the work.
    pub state: LedgerState,
    /// The end of the lease of the worker that claimed it.
    #[serde(with = "ts_seconds")]
    pub lease_until: DateTime<Utc>,
    /// The number of claims.
    pub attempts: u32,
    /// The time of the first claim. `None` if an earlier version made it.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub begun_at: Option<DateTime<Utc>>,
    /// Raised by one with every write.
    pub version: u64,
    /// The Jira comments made from a customer's message, in order, or the comment that a message of
    /// ours came from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<CommentId>,
    /// WhatsApp's id of a message of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wamid: Option<Wamid>,
    /// The uploaded file of a message of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<MediaId>,
    /// The latest known delivery state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// The time of that state, by WhatsApp's clock.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub delivery_at: Option<DateTime<Utc>>,
    /// The number of parts of the comment that a message of ours belongs to. 0 if unknown.
    pub parts: u32,
    /// Whether the agent took back the unsent rest of the comment. Kept with the first part.
    pub taken_back: bool,
    /// The conversation that a message of ours belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationKey>,
    /// The request that the message belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue_id: Option<IssueId>,
    /// The time at which the comment behind a message of ours was written.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub source_created: Option<DateTime<Utc>>,
    /// The time of that comment's last edit, as read for the last claim. A later edit changes
    /// nothing on the phone.
    #[serde(
        default,
        with = "ts_milliseconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub source_updated: Option<DateTime<Utc>>,
    /// The digest of the comment's words: of the comment behind a message of ours, or of the first
    /// comment made from a customer's message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The customer's number as WhatsApp spells it, known only once WhatsApp has accepted a
    /// message. Replies come from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<PhoneNumber>,
    /// The reason why a template that WhatsApp has accepted is not on its way yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_hold: Option<TemplateHold>,
    /// The message of ours that an entry by wamid leads to. `None` if the message is a customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outbound: Option<OutboundKey>,
    /// Messages that Meta accepted and then refused because the window was closed. Later reports
    /// about them do not concern the message that followed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Wamid>,
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

impl LedgerEntry {
    /// Creates an entry with a first claim at `now`.
    #[must_use]
    pub fn claimed(now: DateTime<Utc>) -> Self {
        Self {
            state: LedgerState::Working,
            lease_until: now + LEASE,
            attempts: 1,
            begun_at: Some(now),
            version: 0,
            comments: Vec::new(),
            wamid: None,
            upload: None,
            delivery: None,
            delivery_at: None,
            parts: 0,
            taken_back: false,
            conversation: None,
            issue_id: None,
            source_created: None,
            source_updated: None,
            digest: None,
            recipient: None,
            template_hold: None,
            outbound: None,
            refused: Vec::new(),
        }
    }

    /// Creates the entry by wamid for a message of ours whose own entry, by `key`, is `sent`. It
    /// names the comment that the message came from. For a message that is no comment see
    /// [`Self::with_note`].
    #[must_use]
    pub fn of_ours(key: &OutboundKey, sent: &Self, now: DateTime<Utc>) -> Self {
        let comments = match &key.source {
            OutboundSource::Comment(comment) => vec![comment.clone()],
            _ => Vec::new(),
        };
        Self {
            comments,
            issue_id: sent.issue_id.clone(),
            conversation: sent.conversation.clone(),
            source_created: sent.source_created,
            source_updated: sent.source_updated,
            digest: sent.digest.clone(),
            outbound: Some(key.clone()),
            ..Self::claimed(now).settled()
        }
    }

    /// Completes the entry by wamid of a message that is no comment with the note that tells the
    /// agents what the customer was sent.
    #[must_use]
    pub fn with_note(self, note: CommentId, digest: Digest) -> Self {
        Self {
            comments: vec![note],
            source_created: None,
            source_updated: None,
            digest: Some(digest),
            ..self
        }
    }

    /// Claims the entry once more.
    #[must_use]
    pub fn reclaimed(mut self, now: DateTime<Utc>) -> Self {
        self.state = LedgerState::Working;
        self.lease_until = now + LEASE;
        self.attempts += 1;
        self
    }

    /// Marks the work as done.
    #[must_use]
    pub fn settled(mut self) -> Self {
        self.state = LedgerState::Settled;
        self
    }

    /// Records that the agent took the reply back: it will never arrive.
    #[must_use]
    pub fn cancelled(mut self) -> Self {
        self.delivery = Some(Delivery::Failed(None));
        self.without_the_rest().settled()
    }

    /// Records, on a first part that was sent, that the agent took back the rest.
    #[must_use]
    pub fn without_the_rest(mut self) -> Self {
        self.taken_back = true;
        self
    }

    /// Records `delivery`, if it is news.
    #[must_use]
    pub fn reported(mut self, delivery: Delivery, at: DateTime<Utc>) -> Self {
        if decide_status(self.delivery, delivery) != StatusDecision::Ignore {
            self.delivery = Some(delivery);
            self.delivery_at = Some(at);
        }
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
        if self.state != LedgerState::Settled {
            self.state = state;
            self.lease_until = now;
        }
        self
    }

    /// Records that Meta accepted the message and then refused it because the window was closed: it
    /// may be sent again in the next window.
    #[must_use]
    pub fn refused_by_meta(mut self, wamid: Wamid, now: DateTime<Utc>) -> Self {
        self.refused.push(wamid);
        self.wamid = None;
        self.delivery = None;
        self.delivery_at = None;
        self.state = LedgerState::Released;
        self.lease_until = now;
        self
    }

    /// Returns whether a report about `wamid` concerns the message that this entry stands for.
    #[must_use]
    pub fn is_about(&self, wamid: &Wamid) -> bool {
        !self.refused.contains(wamid) && self.wamid.as_ref().is_none_or(|own| own == wamid)
    }

    /// Returns whether the customer has this message, or will have it.
    #[must_use]
    pub fn reached_the_customer(&self) -> bool {
        self.state == LedgerState::Settled && !matches!(self.delivery, Some(Delivery::Failed(_)))
    }

    /// Returns the time by which the work should be done; after that somebody is told. Returns
    /// `None` if the work is done.
    #[must_use]
    pub fn settles_until(&self) -> Option<DateTime<Utc>> {
        let begun_at = self.begun_at.unwrap_or(self.lease_until - LEASE);
        (self.state != LedgerState::Settled).then(|| begun_at + SETTLED_WITHIN)
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

/// Decides about work that can be looked up before it is repeated (Jira keeps our marker): it may
/// continue as soon as nobody else can be at it.
#[must_use]
pub fn decide_claim(existing: &LedgerEntry, now: DateTime<Utc>) -> ClaimDecision {
    match existing.state {
        LedgerState::Settled => ClaimDecision::Settled,
        LedgerState::Released | LedgerState::Unresolved => ClaimDecision::Proceed,
        LedgerState::Working => wait_or_proceed(existing.lease_until, now),
    }
}

/// Decides about a send. WhatsApp cannot be asked whether it accepted a message, so after an
/// unknown outcome a status that echoes the key gets [`GRACE`] to come in.
#[must_use]
pub fn decide_send_claim(existing: &LedgerEntry, now: DateTime<Utc>) -> ClaimDecision {
    match existing.state {
        LedgerState::Settled => ClaimDecision::Settled,
        LedgerState::Released => ClaimDecision::Proceed,
        LedgerState::Unresolved | LedgerState::Working => {
            wait_or_proceed(existing.lease_until + GRACE, now)
        }
    }
}

fn wait_or_proceed(free_at: DateTime<Utc>, now: DateTime<Utc>) -> ClaimDecision {
    if now >= free_at {
        ClaimDecision::Proceed
    } else {
        ClaimDecision::Wait(free_at - now)
    }
}

#[cfg(test)]
mod tests;
