//! The message ledger: one entry for each customer message and for each part of each message
//! that we send. It makes every effect happen once although queues deliver at least once.
//!
//! An entry is a lease, not a tombstone: a worker that dies leaves an entry that another one
//! may take up when the lease has ended. Whether it may is [`decide_claim`]'s to say.

use std::fmt;
use std::str::FromStr;

use chrono::serde::{ts_seconds, ts_seconds_option};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::identity::{CommentId, ConversationKey, IssueId, Wamid};
use crate::status::Delivery;

/// How long a claim holds. Longer than any worker may run (30 s), so that a claim that has
/// ended belongs to nobody.
pub const LEASE: Duration = Duration::seconds(60);

/// How long a send with an unknown outcome waits for a status that proves it before it is
/// repeated.
pub const GRACE: Duration = Duration::seconds(90);

/// Days that entries about customers' messages are kept: longer than Meta repeats a webhook (7).
pub const KEPT_INBOUND: Duration = Duration::days(14);

/// Days that entries about our messages are kept: longer than WhatsApp tries to deliver (30).
pub const KEPT_OUTBOUND: Duration = Duration::days(90);

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LedgerKey {
    /// A customer's message.
    Inbound(Wamid),
    /// One part of something that we send.
    Outbound(OutboundKey),
}

/// One WhatsApp message of ours. Its text form goes along with the send as
/// `biz_opaque_callback_data` and comes back in every status.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OutboundKey {
    /// What is sent.
    pub source: OutboundSource,
    /// Which part of it, from 0.
    pub part: u32,
}

/// What a message of ours comes from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum OutboundSource {
    /// A public comment.
    Comment(CommentId),
    /// The delay notice of one silence of one conversation.
    Notice {
        /// [`ConversationKey::fingerprint`].
        conversation: String,
        /// The generation of the silence.
        generation: u32,
    },
}

impl OutboundKey {
    /// The key of `part` of a comment.
    #[must_use]
    pub fn comment(id: &CommentId, part: u32) -> Self {
        Self {
            source: OutboundSource::Comment(id.clone()),
            part,
        }
    }

    /// The key of a delay notice.
    #[must_use]
    pub fn notice(conversation: &ConversationKey, generation: u32) -> Self {
        Self {
            source: OutboundSource::Notice {
                conversation: conversation.fingerprint(),
                generation,
            },
            part: 0,
        }
    }
}

impl fmt::Display for OutboundSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comment(id) => write!(f, "comment:{}", id.as_str()),
            Self::Notice {
                conversation,
                generation,
            } => write!(f, "notice:{conversation}:{generation}"),
        }
    }
}

impl fmt::Display for OutboundKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.source, self.part)
    }
}

/// The text is not the key of a message of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a ledger key")]
pub struct NotALedgerKey;

impl FromStr for OutboundKey {
    type Err = NotALedgerKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (source, part) = text.rsplit_once('/').ok_or(NotALedgerKey)?;
        let part = part.parse().map_err(|_| NotALedgerKey)?;
        let source = match source.split_once(':') {
            Some(("comment", id)) if !id.is_empty() => OutboundSource::Comment(CommentId::new(id)),
            Some(("notice", rest)) => {
                let (conversation, generation) = rest.rsplit_once(':').ok_or(NotALedgerKey)?;
                OutboundSource::Notice {
                    conversation: conversation.to_owned(),
                    generation: generation.parse().map_err(|_| NotALedgerKey)?,
                }
            }
            _ => return Err(NotALedgerKey),
        };
        Ok(Self { source, part })
    }
}

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
    /// Raised by one with every write.
    #[serde(default)]
    pub version: u64,
    /// The Jira comments that came of a customer's message, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<CommentId>,
    /// WhatsApp's id of a message of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wamid: Option<Wamid>,
    /// The last that is known of its delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// The conversation that a message of ours belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationKey>,
    /// The request that a message of ours belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue_id: Option<IssueId>,
    /// When the comment that a message of ours comes from was written.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub source_created: Option<DateTime<Utc>>,
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
            version: 0,
            comments: Vec::new(),
            wamid: None,
            delivery: None,
            conversation: None,
            issue_id: None,
            source_created: None,
            refused: Vec::new(),
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

    /// The same entry, given back before the effect.
    #[must_use]
    pub fn released(mut self, now: DateTime<Utc>) -> Self {
        self.state = LedgerState::Released;
        self.lease_until = now;
        self
    }

    /// The same entry after an answer was lost.
    #[must_use]
    pub fn unresolved(mut self, now: DateTime<Utc>) -> Self {
        self.state = LedgerState::Unresolved;
        self.lease_until = now;
        self
    }

    /// The same entry after Meta accepted the message and then refused it because the window was
    /// closed: it may be sent again in the next window.
    #[must_use]
    pub fn refused_by_meta(mut self, wamid: Wamid, now: DateTime<Utc>) -> Self {
        self.refused.push(wamid);
        self.wamid = None;
        self.delivery = None;
        self.released(now)
    }

    /// Whether a report about `wamid` is about the message that this entry stands for.
    #[must_use]
    pub fn is_about(&self, wamid: &Wamid) -> bool {
        !self.refused.contains(wamid) && self.wamid.as_ref().is_none_or(|own| own == wamid)
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
mod tests {
    use super::*;
    use crate::identity::PhoneNumberId;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    #[test]
    fn a_claim_is_a_lease() {
        let entry = LedgerEntry::claimed(at(0));
        for (entry, now, jira, whatsapp) in [
            (entry.clone(), 0, Some(60), Some(150)),
            (entry.clone(), 59, Some(1), Some(91)),
            (entry.clone(), 60, None, Some(90)),
            (entry.clone(), 150, None, None),
            (entry.clone().released(at(5)), 5, None, None),
            (entry.clone().unresolved(at(5)), 5, None, Some(90)),
            (entry.clone().unresolved(at(5)), 95, None, None),
        ] {
            let expected = |wait: Option<i64>| {
                wait.map_or(ClaimDecision::Proceed, |s| {
                    ClaimDecision::Wait(Duration::seconds(s))
                })
            };
            assert_eq!(
                decide_claim(&entry, at(now)),
                expected(jira),
                "{entry:?} {now}"
            );
            assert_eq!(
                decide_send_claim(&entry, at(now)),
                expected(whatsapp),
                "{entry:?} {now}"
            );
        }
        let done = entry.settled();
        assert_eq!(decide_claim(&done, at(9_999)), ClaimDecision::Settled);
        assert_eq!(decide_send_claim(&done, at(9_999)), ClaimDecision::Settled);
    }

    #[test]
    fn keys_survive_the_way_through_meta() {
        let conversation = ConversationKey::new(&PhoneNumberId::new("1065"), "49151");
        for key in [
            OutboundKey::comment(&CommentId::new("10003"), 2),
            OutboundKey::notice(&conversation, 7),
        ] {
            let text = key.to_string();
            assert!(text.len() <= 512 && !text.contains("49151"), "{text}");
            assert_eq!(text.parse(), Ok(key));
        }
        for text in [
            "",
            "comment:",
            "comment:/0",
            "comment:1/x",
            "notice:a/0",
            "else:1/0",
        ] {
            assert_eq!(text.parse::<OutboundKey>(), Err(NotALedgerKey), "{text}");
        }
    }
}
