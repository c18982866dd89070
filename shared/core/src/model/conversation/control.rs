//! Who holds a conversation: Casement, or another sender of the business number.
//!
//! Meta lets several senders share a number, one of which holds a conversation at a time (Cloud API,
//! "Conversation Routing"). A free-form message takes the conversation over, so nothing automatic
//! may go out while another sender holds it. After 24 hours without a word of the customer, which is
//! when the window closes, nobody holds it.

use chrono::serde::ts_seconds;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Conversation, LastAnswer, NoticeState};
use crate::model::timer::Timer;

/// A sender that may hold a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// Casement, for the agents.
    Casement,
    /// Another sender, such as Meta's agent.
    Another,
}

/// Who holds a conversation that several senders share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    pub holder: Holder,
    /// The time of the change, by WhatsApp's clock.
    #[serde(with = "ts_seconds")]
    pub since: DateTime<Utc>,
    /// The time of the latest message that shows it.
    #[serde(with = "ts_seconds")]
    pub seen_at: DateTime<Utc>,
    /// What showed the change: the fingerprint of a message, or an agent's comment.
    pub by: String,
}

impl Conversation {
    /// Records that `holder` held the conversation at `at`, as `by` shows. Older news than the
    /// latest changes nothing.
    #[must_use]
    pub fn held_by(mut self, holder: Holder, at: DateTime<Utc>, by: &str) -> Self {
        let older = |known: DateTime<Utc>| at.timestamp() < known.timestamp();
        // Of news of one second, what is ours stays ours: a farewell comes with the hand-over.
        let holds = |control: &Control| {
            control.holder == Holder::Casement && at.timestamp() == control.seen_at.timestamp()
        };
        match &mut self.control {
            Some(control)
                if older(control.seen_at) || (holder != control.holder && holds(control)) => {}
            // The customer has written to us since.
            None if self.last_inbound_at.is_some_and(older) => {}
            Some(control) if control.holder == holder => control.seen_at = at,
            // As long as nobody else is there, nothing needs to be remembered.
            None if holder == Holder::Casement => {}
            _ => {
                self.control = Some(Control {
                    holder,
                    since: at,
                    seen_at: at,
                    by: by.to_owned(),
                });
                if holder == Holder::Another {
                    return self.without_automatic_timers();
                }
            }
        }
        self
    }

    /// Returns whether another sender holds the conversation at `now`.
    #[must_use]
    pub fn is_held_by_another(&self, now: DateTime<Utc>) -> bool {
        self.another_holds_since(now).is_some()
    }

    /// Returns since when another sender has held the conversation at `now`. `None`: none does.
    #[must_use]
    pub fn another_holds_since(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let control = self.control.as_ref()?;
        let holds = control.holder == Holder::Another && self.window_is_open(now);
        holds.then_some(control.since)
    }

    /// Returns whether the conversation changed hands by `by`.
    #[must_use]
    pub fn changed_hands_by(&self, by: &str) -> Option<Holder> {
        let control = self.control.as_ref().filter(|control| control.by == by)?;
        Some(control.holder)
    }

    /// Ends the wait after another sender answered the customer at `at`. A held reply stays held.
    /// An answer before the customer's latest message, or before the conversation came to us, ends
    /// nothing.
    #[must_use]
    pub fn answered_elsewhere(mut self, at: DateTime<Utc>) -> Self {
        self.answered_elsewhere_at = self.answered_elsewhere_at.max(Some(at));
        let is_before = |last: DateTime<Utc>| at.timestamp() < last.timestamp();
        let control = self.control.as_ref();
        let ours = control.filter(|control| control.holder == Holder::Casement);
        // The other sender's farewell may arrive after the hand-over.
        let is_farewell = ours.is_some_and(|control| at.timestamp() <= control.since.timestamp());
        if is_farewell
            || self.last_inbound_at.is_some_and(is_before)
            || self.awaiting_since.is_some_and(is_before)
        {
            return self;
        }
        let held = self.last_answer.filter(|answer: &LastAnswer| answer.held);
        Self {
            last_answer: held,
            ..self.answered()
        }
    }

    /// Turns off what would send by itself. The customer's next message to us, or the return of the
    /// conversation, arms it anew.
    fn without_automatic_timers(mut self) -> Self {
        if matches!(self.notice_state, NoticeState::Armed | NoticeState::Queued) {
            self.notice_state = NoticeState::Skipped;
        }
        self.timers.set(Timer::DelayNotice, None);
        self.without_window_timers()
    }
}
