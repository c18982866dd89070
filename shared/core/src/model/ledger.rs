//! The message ledger: one entry for each customer message and for each part of each message
//! that we send. It makes every effect happen once although queues deliver at least once.
//!
//! An entry is a lease, not a tombstone: a worker that dies leaves an entry that another one
//! may take up when the lease has ended. Whether it may is [`decide_claim`]'s to say.

pub mod callback;
mod key;

use chrono::serde::{ts_milliseconds_option, ts_seconds, ts_seconds_option};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::model::digest::Digest;
use crate::model::identity::{CommentId, ConversationKey, IssueId, MediaId, PhoneNumber, Wamid};
use crate::model::status::{Delivery, StatusDecision, TemplateHold, decide_status};

pub use self::key::{Closing, LedgerKey, NotALedgerKey, OutboundKey, OutboundSource, Silence};

/// How long a claim holds. Longer than any worker may run (90 s), so that a claim that has
/// ended belongs to nobody.
pub const LEASE: Duration = Duration::seconds(120);

/// How long a customer's message may take into Jira before it counts as unsettled.
pub const SETTLED_WITHIN: Duration = Duration::minutes(10);

/// How long a send with an unknown outcome waits for a status that proves it before it is
/// repeated.
pub const GRACE: Duration = Duration::seconds(90);

/// How long entries by wamid are kept: longer than Meta repeats a webhook (7 days), and as long
/// as customers may react to a message (30 days).
pub const KEPT_BY_WAMID: Duration = Duration::days(30);

/// How long entries about our messages are kept: longer than WhatsApp tries to deliver (30 days).
pub const KEPT_OUTBOUND: Duration = Duration::days(90);

/// One entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// How far the work is.
    pub state: LedgerState,
    /// Until when the worker that claimed it may be at work.
    #[serde(with = "ts_seconds")]
    pub lease_until: DateTime<Utc>,
    /// How often it was claimed.
    pub attempts: u32,
    /// When it was claimed first. `None`: by an earlier version.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub begun_at: Option<DateTime<Utc>>,
    /// Raised by one with every write.
    pub version: u64,
    /// The Jira comments that came of a customer's message, in order, or the one that a message
    /// of ours came from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<CommentId>,
    /// WhatsApp's id of a message of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wamid: Option<Wamid>,
    /// The file of a message of ours, once it is uploaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<MediaId>,
    /// The last that is known of its delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// When that came about, by WhatsApp's clock.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub delivery_at: Option<DateTime<Utc>>,
    /// How many parts the comment has that a message of ours is a part of. 0: not known.
    pub parts: u32,
    /// The agent took back what was not sent yet of the comment. Kept with its first part.
    pub taken_back: bool,
    /// The conversation that a message of ours belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationKey>,
    /// The request that the message belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue_id: Option<IssueId>,
    /// When the comment that a message of ours comes from was written.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub source_created: Option<DateTime<Utc>>,
    /// When that comment was last edited, as it was read for the last claim. Whoever edits it
    /// later changes nothing on the phone.
    #[serde(
        default,
        with = "ts_milliseconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub source_updated: Option<DateTime<Utc>>,
    /// By what the words of the comment are known again: of the one that a message of ours comes
    /// from, or of the first that a customer's message became.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The customer's number as WhatsApp writes it, which is known only once it has taken a
    /// message: the answer comes from there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<PhoneNumber>,
    /// Why a template that WhatsApp has accepted is not on its way yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_hold: Option<TemplateHold>,
    /// What an entry by wamid of a message of ours leads to. `None`: the message is a customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outbound: Option<OutboundKey>,
    /// Messages that Meta accepted and then refused because the window was closed. Later reports
    /// about them say nothing about the message that followed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<Wamid>,
}

/// How far the work of an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerState {
    /// A worker is at it, or died at it.
    Working,
    /// A worker stopped before the effect. It may be tried again at once.
    Released,
    /// The effect may have happened: an answer was lost.
    Unresolved,
    /// Done: in Jira, or accepted by WhatsApp, or known to have failed for good.
    Settled,
}

impl LedgerEntry {
    /// A first claim at `now`.
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

    /// The entry by wamid of a message of ours whose own entry, by `key`, is `sent`. It names the
    /// comment that the message came from; for what nobody has written see [`Self::with_note`].
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

    /// The same entry by wamid of a message that nobody has written, once the note is known that
    /// tells the agents what the customer was sent.
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

    /// The same entry claimed once more.
    #[must_use]
    pub fn reclaimed(mut self, now: DateTime<Utc>) -> Self {
        self.state = LedgerState::Working;
        self.lease_until = now + LEASE;
        self.attempts += 1;
        self
    }

    /// The same entry with its work done.
    #[must_use]
    pub fn settled(mut self) -> Self {
        self.state = LedgerState::Settled;
        self
    }

    /// The same entry after the agent took the reply back: it will never arrive.
    #[must_use]
    pub fn cancelled(mut self) -> Self {
        self.delivery = Some(Delivery::Failed(None));
        self.without_the_rest().settled()
    }

    /// The same entry of a first part that was sent, after the agent took back the rest.
    #[must_use]
    pub fn without_the_rest(mut self) -> Self {
        self.taken_back = true;
        self
    }

    /// The same entry with `delivery`, if it is news.
    #[must_use]
    pub fn reported(mut self, delivery: Delivery, at: DateTime<Utc>) -> Self {
        if decide_status(self.delivery, delivery) != StatusDecision::Ignore {
            self.delivery = Some(delivery);
            self.delivery_at = Some(at);
        }
        self
    }

    /// The same entry, given back before the effect. Not if a report has proven meanwhile that
    /// an earlier attempt had it.
    #[must_use]
    pub fn released(self, now: DateTime<Utc>) -> Self {
        self.ended_without_proof(LedgerState::Released, now)
    }

    /// The same entry after an answer was lost. Not if a report has come before that, and has
    /// proven the effect.
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

    /// The same entry after Meta accepted the message and then refused it because the window was
    /// closed: it may be sent again in the next window.
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

    /// Whether a report about `wamid` is about the message that this entry stands for.
    #[must_use]
    pub fn is_about(&self, wamid: &Wamid) -> bool {
        !self.refused.contains(wamid) && self.wamid.as_ref().is_none_or(|own| own == wamid)
    }

    /// Whether the customer has what this entry stands for, or will have it.
    #[must_use]
    pub fn reached_the_customer(&self) -> bool {
        self.state == LedgerState::Settled && !matches!(self.delivery, Some(Delivery::Failed(_)))
    }

    /// Until when the work should be done: after that somebody is told. `None`: it is.
    #[must_use]
    pub fn settles_until(&self) -> Option<DateTime<Utc>> {
        let begun_at = self.begun_at.unwrap_or(self.lease_until - LEASE);
        (self.state != LedgerState::Settled).then(|| begun_at + SETTLED_WITHIN)
    }

    /// Whether an earlier attempt may have had its effect.
    #[must_use]
    pub fn may_have_happened(&self) -> bool {
        self.attempts > 1
    }
}

/// Whether a worker may do the work of an existing entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimDecision {
    /// It may, after it has claimed the entry once more.
    Proceed,
    /// Not yet: another worker may be at it, or a proof may still come.
    Wait(Duration),
    /// There is nothing left to do.
    Settled,
}

/// Decides about work whose repetition can be looked up first (Jira keeps our marker): it may
/// go on as soon as nobody else can be at it.
#[must_use]
pub fn decide_claim(existing: &LedgerEntry, now: DateTime<Utc>) -> ClaimDecision {
    match existing.state {
        LedgerState::Settled => ClaimDecision::Settled,
        LedgerState::Released | LedgerState::Unresolved => ClaimDecision::Proceed,
        LedgerState::Working => wait_or_proceed(existing.lease_until, now),
    }
}

/// Decides about a send. WhatsApp cannot be asked whether a message was accepted, so after an
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
