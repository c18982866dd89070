//! The state of one conversation, as stored in the table.

mod control;
mod opening;
mod ownership;
mod parts;
mod rules;
mod waiting;

use chrono::serde::ts_seconds_option;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

pub use self::parts::{KeepOpen, LastAnswer, NoticeState, ShownWait, ShownWindow};
use crate::model::identity::{ConversationKey, CustomerIdentity, IssueId, IssueRef, Wamid};
use crate::model::ledger::KEPT_BY_WAMID;
use crate::model::many_messages::Hour;
use crate::model::opened::OpenedRequest;
use crate::model::private::Private;
use crate::model::timer::{Timer, Timers};
use crate::model::window;

pub use self::control::{Control, Holder};
pub use self::opening::{Ended, FormerRequest, Opening};
pub use self::ownership::{Tenure, WRITTEN_BEFORE};
pub use self::rules::{RuleMessage, RuleMessages};
pub use self::waiting::HeldNoMore;

/// How long an idle conversation is kept. After that the table may delete it.
pub const KEPT_FOR: Duration = Duration::days(365);

/// Everything that Casement knows of a conversation between a business number and a customer.
///
/// It is read and written whole; `version` makes a lost update impossible. It holds no message
/// text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    pub key: ConversationKey,
    /// The customer's identifiers.
    pub identity: CustomerIdentity,
    /// Past and present identifiers of the customer, each with the known beginning and end. A
    /// message sent from a former identifier during its tenure counts as the customer's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tenures: Vec<Tenure>,
    /// The name in the customer's WhatsApp profile, as last seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_name: Option<Private<String>>,
    /// The end of the customer service window.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub window_expires_at: Option<DateTime<Utc>>,
    /// The time of the customer's latest message, by WhatsApp's clock.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub last_inbound_at: Option<DateTime<Utc>>,
    /// The id of that message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_inbound_wamid: Option<Wamid>,
    /// The request of the conversation. While a successor is being opened, this is still the former
    /// one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issue: Option<IssueRef>,
    /// A request that is being opened. Set before Jira is asked, so that an unknown outcome can be
    /// looked up by the reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Opening>,
    /// The time since which the customer is awaiting a reply.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub awaiting_since: Option<DateTime<Utc>>,
    /// The reply that ended the customer's last wait. `None` if the customer certainly has it, or
    /// if there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_answer: Option<LastAnswer>,
    /// The number of the current wait. A timer with an older number is void.
    pub notice_generation: u32,
    /// The state of the delay notice for this generation.
    pub notice_state: NoticeState,
    /// The due times of the timers.
    pub timers: Timers,
    /// The messages that Automation rules and other apps wrote in the current wait.
    #[serde(default, skip_serializing_if = "RuleMessages::is_empty")]
    pub rules: RuleMessages,
    /// Who holds the conversation. `None`: nobody else was ever there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<Control>,
    /// The time at which another sender last answered the customer.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub answered_elsewhere_at: Option<DateTime<Utc>>,
    /// The requests to the customer to keep the window open.
    pub keep_open: KeepOpen,
    /// The end of the window that the agents were last warned about.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub alerted_of: Option<DateTime<Utc>>,
    /// The end of the window as the request shows it, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_window: Option<ShownWindow>,
    /// The wait and the held replies as the request shows them, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_wait: Option<ShownWait>,
    /// The number of replies that wait for the window to open.
    pub held_count: u32,
    /// The closed period in which a template announced held replies, identified by the end of the
    /// window before it ([`Self::closed_period`]).
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub announced_in: Option<DateTime<Utc>>,
    /// The customer's opt-out of automatic messages.
    pub opted_out: bool,
    /// The message that last asked for an opt-out, or for its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opted_by: Option<Wamid>,
    /// The time of that message, by WhatsApp's clock.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub opted_at: Option<DateTime<Utc>>,
    /// The time of the last change of the customer's number or BSUID, by WhatsApp's clock.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub moved_at: Option<DateTime<Utc>>,
    /// The time at which the conversation began, by our clock. `None` if it did not begin with a
    /// customer's message, or if the time is unknown.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub begun_at: Option<DateTime<Utc>>,
    /// The number of the wait in which the request was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_in: Option<u32>,
    /// The last request that Casement opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<OpenedRequest>,
    /// The customer's other conversation, if this one continues there. The two began under two
    /// spellings of one phone number, or under a user id and a phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<ConversationKey>,
    /// The time at which the customer was last asked for the phone number.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub phone_asked_at: Option<DateTime<Utc>>,
    /// The count of messages in the current hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hour: Option<Hour>,
    /// Raised by one with every write.
    pub version: u64,
}

impl Conversation {
    /// Creates a conversation without any history.
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
            rules: RuleMessages::default(),
            control: None,
            answered_elsewhere_at: None,
            keep_open: KeepOpen::default(),
            alerted_of: None,
            shown_window: None,
            shown_wait: None,
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
            phone_asked_at: None,
            hour: None,
            version: 0,
        }
    }

    /// Returns whether free text may be sent at `now`.
    #[must_use]
    pub fn window_is_open(&self, now: DateTime<Utc>) -> bool {
        window::is_open(self.window_expires_at, now)
    }

    /// Returns whether held replies wait that may be sent at `now`.
    #[must_use]
    pub fn may_release(&self, now: DateTime<Utc>) -> bool {
        self.held_count > 0 && self.window_is_open(now)
    }

    /// Identifies the closed period that the conversation is in or enters next, by the end of the
    /// last window. For a customer who never wrote, there is one period until the first message.
    #[must_use]
    pub fn closed_period(&self) -> DateTime<Utc> {
        self.window_expires_at.unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// Closes the window after Meta said that it was closed `at` that time. Meta's word overrides
    /// our clock, unless the customer has opened a window since.
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

    /// Moves the conversation into its newly opened request.
    #[must_use]
    pub fn in_request(mut self, issue: IssueRef) -> Self {
        self.issue = Some(issue);
        self.opening = None;
        // If requests show the window or the wait, the new one does not show it yet.
        if self.shown_window.is_some() || self.shown_wait.is_some() {
            let at = self.last_inbound_at.or(self.window_expires_at);
            let at = at.unwrap_or(DateTime::UNIX_EPOCH);
            self.timers.set(Timer::WindowField, at);
        }
        self
    }

    /// Moves the conversation into the request that was being opened for a message, once it has
    /// been opened or found.
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

    /// Returns whether the request `issue` replaces a deleted or full one and has no message in it
    /// yet.
    #[must_use]
    pub fn is_on_trial(&self, issue: &IssueId) -> bool {
        matches!(&self.opened, Some(opened) if opened.on_trial && opened.issue_id == *issue)
    }

    /// Records that a message got into the request `issue`.
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

    /// Returns the request that `issue` follows without a link, if Casement opened `issue` to
    /// follow it.
    #[must_use]
    pub fn unlinked(&self, issue: &IssueId) -> Option<&IssueRef> {
        let opened = self.opened.as_ref();
        opened
            .filter(|opened| opened.issue_id == *issue)?
            .follows
            .as_ref()
    }

    /// Records that the request `issue` was linked to the one it follows, or that its agents were
    /// told it is not.
    #[must_use]
    pub fn linked(mut self, issue: &IssueId) -> Self {
        let opened = self.opened.as_mut();
        if let Some(opened) = opened.filter(|opened| opened.issue_id == *issue) {
            opened.follows = None;
        }
        self
    }

    /// Returns the time after which the table may delete the conversation. One with nothing but a
    /// change of identifiers is kept for as long as an earlier message may still arrive.
    #[must_use]
    pub fn forget_after(&self) -> Option<DateTime<Utc>> {
        let only_moved = self.moved_at.filter(|_| self.issue.is_none());
        let heard = self.last_inbound_at.map(|at| at + KEPT_FOR);
        heard.or(only_moved.map(|at| at + KEPT_BY_WAMID))
    }
}

#[cfg(test)]
mod tests;
