//! The customer's wait, and what ends it.

use chrono::{DateTime, Utc};

use super::{Conversation, KeepOpen, LastAnswer, NoticeState, RuleMessages};
use crate::model::timer::Timer;

/// Why a reply is no longer held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldNoMore {
    /// It went out and answers the customer.
    Received,
    /// It was given up, or answers nobody. If no held answer is left either, the customer waits
    /// again.
    NoAnswer {
        /// Whether another held reply is to answer the customer.
        answer_left: bool,
    },
}

impl Conversation {
    /// Ends the wait after the customer got a reply: nobody waits, and no timer of the wait is
    /// armed.
    #[must_use]
    pub fn answered(mut self) -> Self {
        self.awaiting_since = None;
        self.last_answer = None;
        self.notice_state = NoticeState::Idle;
        self.timers.set(Timer::DelayNotice, None);
        self.rules = RuleMessages::default();
        self.keep_open = KeepOpen::default();
        self.without_window_timers()
    }

    /// Ends the wait after a reply written at `written_at`, which is held or on its way to the
    /// customer.
    #[must_use]
    pub fn answered_with(self, written_at: DateTime<Utc>, held: bool) -> Self {
        let answer = match self.awaiting_since {
            Some(waited_since) => Some(LastAnswer {
                waited_since,
                written_at,
                notice_sent: self.notice_state == NoticeState::Sent,
                held,
            }),
            // The answer on its way was held after all, or another reply is held.
            None if held => self.last_answer.map(|answer| LastAnswer {
                held: answer.held || answer.written_at.timestamp() == written_at.timestamp(),
                ..answer
            }),
            // This reply reaches the customer, even if an earlier one is held.
            None => self.last_answer.filter(|answer| !answer.held),
        };
        Self {
            last_answer: answer,
            ..self.answered()
        }
    }

    /// Removes one held reply from the count.
    #[must_use]
    pub fn with_one_held_less(mut self, because: HeldNoMore) -> Self {
        self.held_count = self.held_count.saturating_sub(1);
        if self.held_count == 0 {
            self.timers.set(Timer::HoldExpiry, None);
        }
        let answer_left = match because {
            HeldNoMore::Received => return self.answered(),
            HeldNoMore::NoAnswer { answer_left } => answer_left,
        };
        let answer = self.last_answer.filter(|answer| answer.held);
        if let Some(answer) = answer.filter(|_| !answer_left) {
            self.last_answer = None;
            if self.awaiting_since.is_none() {
                self.awaiting_since = Some(answer.waited_since);
                // No timer is set: the customer's next message sets it.
                self.notice_state = if answer.notice_sent {
                    NoticeState::Sent
                } else {
                    NoticeState::Idle
                };
            }
        }
        self
    }

    /// Returns since when the customer has waited for a reply that is held.
    #[must_use]
    pub fn unreceived_since(&self) -> Option<DateTime<Utc>> {
        let held = self.last_answer.filter(|answer| answer.held);
        held.map(|answer| answer.waited_since)
    }

    pub(super) fn without_window_timers(mut self) -> Self {
        self.timers.set(Timer::KeepOpen, None);
        self.timers.set(Timer::AgentAlert, None);
        self
    }

    /// Ends the wait that began with a message of `sent_at`, if one did: nobody has to answer
    /// that message.
    #[must_use]
    pub fn without_wait_since(self, sent_at: DateTime<Utc>) -> Self {
        if self.awaiting_since == Some(sent_at) {
            self.answered()
        } else {
            self
        }
    }
}
