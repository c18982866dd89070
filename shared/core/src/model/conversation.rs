//! The state of one conversation, as the table holds it.

mod opening;
mod ownership;
mod parts;

use chrono::serde::ts_seconds_option;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

pub use self::parts::{KeepOpen, LastAnswer, NoticeState, ShownWindow};
use crate::model::identity::{ConversationKey, CustomerIdentity, IssueId, IssueRef, Wamid};
use crate::model::ledger::KEPT_BY_WAMID;
use crate::model::many_messages::Hour;
use crate::model::opened::OpenedRequest;
use crate::model::private::Private;
use crate::model::timer::{Timer, Timers};
use crate::model::window;

pub use self::opening::{Ended, FormerRequest, Opening};
pub use self::ownership::{Tenure, WRITTEN_BEFORE};

/// How long an idle conversation is kept. Afterwards the table may forget it.
pub const KEPT_FOR: Duration = Duration::days(365);

/// What Casement knows of a conversation between a business number and a customer.
///
/// It is read and written whole; `version` makes a lost update impossible. It holds no
/// message text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Which conversation this is.
    pub key: ConversationKey,
    /// The customer's identifiers.
    pub identity: CustomerIdentity,
    /// When which identifiers were the customer's, where a beginning or an end is known. What was
    /// sent from a former one in its time is the customer's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenures: Vec<Tenure>,
    /// The name in the customer's WhatsApp profile, as last seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_name: Option<Private<String>>,
    /// When the customer service window ends.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub window_expires_at: Option<DateTime<Utc>>,
    /// The customer's latest message, by WhatsApp's timestamp.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_inbound_at: Option<DateTime<Utc>>,
    /// The id of that message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_inbound_wamid: Option<Wamid>,
    /// The request that the conversation is in. While another one is being opened in its place
    /// it is still the former one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<IssueRef>,
    /// A request that is being opened. Set before Jira is asked, so that an unknown outcome can
    /// be looked up by the reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Opening>,
    /// Since when the customer waits for an answer.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub awaiting_since: Option<DateTime<Utc>>,
    /// The reply that ended the customer's last wait. `None`: the customer has it for certain, or
    /// there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_answer: Option<LastAnswer>,
    /// Counts the silences. A timer that carries an older number is void.
    pub notice_generation: u32,
    /// What became of the delay notice of this generation.
    pub notice_state: NoticeState,
    /// When its timers are due.
    pub timers: Timers,
    /// Which windows the customer was asked to keep open.
    pub keep_open: KeepOpen,
    /// The end of the window of which the agents were warned last.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub alerted_of: Option<DateTime<Utc>>,
    /// What the request shows as the end of the window. `None`: it shows none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_window: Option<ShownWindow>,
    /// How many replies wait for the window to open.
    pub held_count: u32,
    /// The closed period in which held replies were announced by a template, as the end of the
    /// window before it ([`Self::closed_period`]).
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub announced_in: Option<DateTime<Utc>>,
    /// The customer asked for no automatic messages.
    pub opted_out: bool,
    /// The message by which the customer asked for that, or for the opposite, last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opted_by: Option<Wamid>,
    /// When the customer last asked for the one or the other, by WhatsApp's clock.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub opted_at: Option<DateTime<Utc>>,
    /// When the customer's number or BSUID last changed, by WhatsApp's clock.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub moved_at: Option<DateTime<Utc>>,
    /// When it began, by our clock, if it began with a message of the customer. `None`: it did
    /// not, or nobody knows.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub begun_at: Option<DateTime<Utc>>,
    /// The silence in which the request was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_in: Option<u32>,
    /// The request that Casement opened last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<OpenedRequest>,
    /// The customer's other conversation, in which everything goes on: the two began under two
    /// spellings of one phone number. `None`: it goes on here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<ConversationKey>,
    /// How many messages came in the current hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hour: Option<Hour>,
    /// Raised by one with every write.
    pub version: u64,
}

impl Conversation {
    /// A conversation of which nothing has happened yet.
    #[must_use]
    pub fn new(key: ConversationKey, identity: CustomerIdentity) -> Self {
        Self {
            key,
            identity,
            tenures: Vec::new(),
            profile_name: None,
            window_expires_at: None,
            last_inbound_at: None,
            last_inbound_wamid: None,
            issue: None,
            opening: None,
            awaiting_since: None,
            last_answer: None,
            notice_generation: 0,
            notice_state: NoticeState::Idle,
            timers: Timers::default(),
            keep_open: KeepOpen::default(),
            alerted_of: None,
            shown_window: None,
            held_count: 0,
            announced_in: None,
            opted_out: false,
            opted_by: None,
            opted_at: None,
            moved_at: None,
            begun_at: None,
            opened_in: None,
            opened: None,
            joined: None,
            hour: None,
            version: 0,
        }
    }

    /// Whether free text may be sent at `now`.
    #[must_use]
    pub fn window_is_open(&self, now: DateTime<Utc>) -> bool {
        window::is_open(self.window_expires_at, now)
    }

    /// What the closed period is known by that the conversation is in, or comes into next: the end
    /// of the last window. A customer who never wrote has one period, until the first message.
    #[must_use]
    pub fn closed_period(&self) -> DateTime<Utc> {
        self.window_expires_at.unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// The same conversation after the customer got an answer: nobody waits, and no timer of the
    /// silence is armed.
    #[must_use]
    pub fn answered(mut self) -> Self {
        self.awaiting_since = None;
        self.last_answer = None;
        self.notice_state = NoticeState::Idle;
        self.timers.set(Timer::DelayNotice, None);
        self.keep_open = KeepOpen::default();
        self.without_window_timers()
    }

    /// The same conversation after a reply that was written at `written_at` ended the wait: it is
    /// held, or on its way to the customer.
    #[must_use]
    pub fn answered_with(self, written_at: DateTime<Utc>, held: bool) -> Self {
        let answer = match self.awaiting_since {
            Some(waited_since) => Some(LastAnswer {
                waited_since,
                written_at,
                notice_sent: self.notice_state == NoticeState::Sent,
                held,
            }),
            // The answer that was on its way is held after all, or another reply is.
            None if held => self.last_answer.map(|answer| LastAnswer {
                held: answer.held || answer.written_at.timestamp() == written_at.timestamp(),
                ..answer
            }),
            // Something reaches the customer, whatever is held.
            None => self.last_answer.filter(|answer| !answer.held),
        };
        Self {
            last_answer: answer,
            ..self.answered()
        }
    }

    /// The same conversation after one of its held replies went out (`received`) or never will. If
    /// none is left that could answer the customer, the customer waits again.
    #[must_use]
    pub fn with_one_held_less(mut self, received: bool) -> Self {
        self.held_count = self.held_count.saturating_sub(1);
        if self.held_count == 0 {
            self.timers.set(Timer::HoldExpiry, None);
        }
        if received {
            return self.answered();
        }
        let answer = self.last_answer.filter(|answer| answer.held);
        if let Some(answer) = answer.filter(|_| self.held_count == 0) {
            self.last_answer = None;
            if self.awaiting_since.is_none() {
                self.awaiting_since = Some(answer.waited_since);
                // Without a timer: the next message of the customer sets it.
                self.notice_state = if answer.notice_sent {
                    NoticeState::Sent
                } else {
                    NoticeState::Idle
                };
            }
        }
        self
    }

    /// Since when the customer has waited for an answer that is held.
    #[must_use]
    pub fn unreceived_since(&self) -> Option<DateTime<Utc>> {
        let held = self.last_answer.filter(|answer| answer.held);
        held.map(|answer| answer.waited_since)
    }

    fn without_window_timers(mut self) -> Self {
        self.timers.set(Timer::KeepOpen, None);
        self.timers.set(Timer::AgentAlert, None);
        self
    }

    /// The same conversation after Meta said that the window was closed `at` that time. Meta's
    /// word wins over our clock, but says nothing of a window that the customer has opened since.
    #[must_use]
    pub fn closed_by_meta(mut self, at: DateTime<Utc>) -> Self {
        if self.last_inbound_at.is_some_and(|last| last > at) {
            return self;
        }
        self.window_expires_at = self.window_expires_at.map(|ends| ends.min(at));
        if self.shown_window.is_some() {
            self.timers.set(Timer::WindowField, at);
        }
        self.without_window_timers()
    }

    /// The same conversation with its request opened.
    #[must_use]
    pub fn in_request(mut self, issue: IssueRef) -> Self {
        self.issue = Some(issue);
        self.opening = None;
        // Where requests show the window, a new one does not yet.
        if self.shown_window.is_some() {
            self.timers.set(Timer::WindowField, self.last_inbound_at);
        }
        self
    }

    /// The same conversation after the request that was being opened for a message has been, or was
    /// found.
    #[must_use]
    pub fn in_opened_request(
        mut self,
        issue: IssueRef,
        message: &Wamid,
        now: DateTime<Utc>,
    ) -> Self {
        let opening = self.opening.as_ref();
        let former = opening.and_then(|opening| opening.former.as_ref());
        self.opened = Some(OpenedRequest {
            issue_id: issue.id.clone(),
            at: now,
            by: message.fingerprint(),
            on_trial: former.is_some_and(|former| former.ended != Ended::Done),
            follows: former
                .filter(|former| former.ended != Ended::Gone)
                .map(|former| former.issue.clone()),
        });
        self.in_request(issue)
    }

    /// Whether the request `issue` stands in for a deleted or a full one and no message is in it yet.
    #[must_use]
    pub fn is_on_trial(&self, issue: &IssueId) -> bool {
        matches!(&self.opened, Some(opened) if opened.on_trial && opened.issue_id == *issue)
    }

    /// The same conversation after a message got into the request `issue`.
    #[must_use]
    pub fn proven(mut self, issue: &IssueId) -> Self {
        if let Some(opened) = self
            .opened
            .as_mut()
            .filter(|opened| opened.issue_id == *issue)
        {
            opened.on_trial = false;
        }
        self
    }

    /// The request that `issue` follows without a link, if Casement opened it for that.
    #[must_use]
    pub fn unlinked(&self, issue: &IssueId) -> Option<&IssueRef> {
        let opened = self.opened.as_ref();
        opened
            .filter(|opened| opened.issue_id == *issue)?
            .follows
            .as_ref()
    }

    /// The same conversation after the request `issue` was linked to the one that it follows, or
    /// its agents were told that it is not.
    #[must_use]
    pub fn linked(mut self, issue: &IssueId) -> Self {
        let opened = self.opened.as_mut();
        if let Some(opened) = opened.filter(|opened| opened.issue_id == *issue) {
            opened.follows = None;
        }
        self
    }

    /// The same conversation without the silence that began with a message of `sent_at`, if it
    /// did: nobody has to answer that one.
    #[must_use]
    pub fn without_silence_since(self, sent_at: DateTime<Utc>) -> Self {
        if self.awaiting_since == Some(sent_at) {
            self.answered()
        } else {
            self
        }
    }

    /// When the table may forget the conversation. One that has nothing but a change of identifiers
    /// in it waits for as long as a message that was sent before may come.
    #[must_use]
    pub fn forget_after(&self) -> Option<DateTime<Utc>> {
        let only_moved = self.moved_at.filter(|_| self.issue.is_none());
        let heard = self.last_inbound_at.map(|at| at + KEPT_FOR);
        heard.or(only_moved.map(|at| at + KEPT_BY_WAMID))
    }
}

#[cfg(test)]
mod tests;
