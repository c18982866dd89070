//! Calls to other services: their duration, their counts, and the consequences of a refusal.

use casement_core::model::conversation::Conversation;
use casement_core::model::fate::{CallFailure, Fate, Pace, WhatsappCode, fate};

use crate::calendar::Millis;
use crate::customer::Seconds;
use crate::limits::Endpoint;
use crate::world::{Happening, News, Post, World};

/// The approximate duration of calls, in milliseconds.
pub(crate) const JIRA_READS: f64 = 120.0;
pub(crate) const JIRA_WRITES: f64 = 220.0;
pub(crate) const WHATSAPP_TAKES: f64 = 130.0;
pub(crate) const AWS_TAKES: f64 = 5.0;

/// The `Retry-After` that Jira sends with status 429.
const RETRY_AFTER: chrono::Duration = chrono::Duration::seconds(5);

/// The error code "Rate limit hit" (Cloud API, "Error codes").
const TOO_MANY: WhatsappCode = WhatsappCode(130_429);

impl World {
    /// Makes a call to Jira that takes `takes` milliseconds.
    pub(crate) fn asks(&mut self, endpoint: Endpoint, takes: f64, now: Millis) -> Result<(), Pace> {
        self.took += takes;
        self.counts.jira_calls += 1;
        if self.jira.lets_through(endpoint, now) {
            return Ok(());
        }
        Err(pace_after(&CallFailure::Jira {
            status: 429,
            retry_after: Some(RETRY_AFTER),
        }))
    }

    /// Sends a message by WhatsApp and plans its reports.
    pub(crate) fn sends(&mut self, customer: u32, now: Millis) -> Result<(), Pace> {
        self.took += WHATSAPP_TAKES;
        self.counts.whatsapp_calls += 1;
        if !self.meta.lets_through(now) {
            return Err(pace_after(&CallFailure::whatsapp(TOO_MANY)));
        }
        self.counts.sent.add(now, 1);
        let sent = now + 500 + self.rng.u32(..1_000);
        let delivered = sent + 300 + self.rng.u32(..3_000);
        for (at, news) in [(sent, News::Sent), (delivered, News::Delivered)] {
            self.calendar
                .plan(at, Happening::Posted(customer, Post::Report(news), 0));
        }
        if self.rng.u32(..100) < 85 {
            let read = delivered + self.rng.u32(1_000..1_200_000);
            let post = Post::Report(News::Read);
            self.calendar
                .plan(read, Happening::Posted(customer, post, 0));
        }
        Ok(())
    }

    /// Makes a call to the table or a queue.
    pub(crate) fn aws_call(&mut self) {
        self.took += AWS_TAKES;
    }

    pub(crate) fn table_reads(&mut self, count: u32, now: Millis) {
        for _ in 0..count {
            self.aws_call();
            self.counts.read(now);
        }
    }

    /// Writes items that are in no index.
    pub(crate) fn table_writes(&mut self, count: u32, now: Millis) {
        for _ in 0..count {
            self.aws_call();
            self.counts.write(now, 1);
        }
    }

    /// Writes the conversation, and lists it where the sweep will find it.
    pub(crate) fn save(&mut self, customer: u32, conversation: &Conversation, now: Millis) {
        let state = &mut self.customers[customer as usize];
        let before = state.next_timer();
        let index = state.save(conversation);
        let (next, shard) = (state.next_timer(), state.shard);
        self.table_writes(1, now);
        self.counts.index(now, shard.into(), index);
        let due_at = next
            .filter(|_| next != before)
            .and_then(Seconds::since_beginning);
        if let Some(minute) = due_at.and_then(|due_at| self.due.get_mut(due_at as usize / 60)) {
            minute.push(customer);
        }
    }
}

/// Returns how long to wait after a refusal, as decided by the core.
fn pace_after(failure: &CallFailure) -> Pace {
    match fate(failure) {
        Fate::Retry(pace) => pace,
        _ => Pace::Usual,
    }
}
