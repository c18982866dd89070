//! The work of outbound-message, and of message-status on the reports that follow.

use casement_core::decide::agent_alert::{alerted, decide_alert};
use casement_core::decide::hold_expiry::{with_expiry, with_one_more};
use casement_core::decide::keep_open::{KeepOpenDecision, asked, decide_keep_open};
use casement_core::decide::notice::{
    NoticeDecision, decide_notice, notice_due, put_off, with_notice,
};
use casement_core::decide::reply::answered_by;
use casement_core::model::conversation::{Conversation, NoticeState};
use casement_core::model::fate::Pace;
use casement_core::model::timer::Timer;
use chrono::{DateTime, Utc};

use crate::calendar::Millis;
use crate::calls::{JIRA_READS, JIRA_WRITES};
use crate::customer::{Seconds, time};
use crate::limits::Endpoint;
use crate::worker::Job;
use crate::world::{News, Task, World};

/// The progress flag of a message that was sent: only the note in the request is left.
const SENT: u8 = 1;

impl World {
    pub(crate) fn deliver(
        &mut self,
        job: &mut Job<Task>,
        number: u32,
        now: Millis,
    ) -> Result<(), Pace> {
        let customer = job.customer;
        // The issue's link to the conversation, then the conversation itself.
        self.table_reads(2, now);
        self.reads_comment(now)?;
        let conversation = self.loaded(customer);
        let written = time(job.since);
        if conversation.window_is_open(time(now)) {
            if conversation.held_count > 0 {
                self.release(customer, now)?;
            }
            self.sends_reply(customer, now)?;
            let before = self.loaded(customer);
            let answered = answered_by(before.clone(), written, false);
            self.save_changed(customer, &before, &answered, now);
        } else {
            self.hold(customer, written, now)?;
        }
        let state = self.customer(customer);
        let is_next = number == state.replied + 1;
        state.replied = number;
        self.counts.replied += 1;
        self.counts.out_of_order += u64::from(!is_next);
        Ok(())
    }

    /// Reads both resources of a comment, at the same time.
    fn reads_comment(&mut self, now: Millis) -> Result<(), Pace> {
        self.asks(Endpoint::GetRequestComment, JIRA_READS, now)?;
        self.asks(Endpoint::GetComment, 0.0, now)
    }

    /// Claims and sends the reply, settles the claim, and stores the wamid.
    fn sends_reply(&mut self, customer: u32, now: Millis) -> Result<(), Pace> {
        self.table_writes(1, now);
        let sent = self.sends(customer, now);
        self.table_writes(if sent.is_ok() { 2 } else { 1 }, now);
        sent
    }

    fn hold(&mut self, customer: u32, written: DateTime<Utc>, now: Millis) -> Result<(), Pace> {
        // The reply's first part in the ledger, the held reply, the note.
        self.table_reads(1, now);
        self.table_writes(1, now);
        self.leaves_note(now)?;
        let mut conversation = self.loaded(customer);
        conversation.held_count += 1;
        let conversation = with_one_more(conversation, time(now), self.settings.hold_for);
        self.save(customer, &answered_by(conversation, written, true), now);
        self.counts.held += 1;
        Ok(())
    }

    /// Sends the held replies, each with its current text.
    pub(crate) fn release(&mut self, customer: u32, now: Millis) -> Result<(), Pace> {
        self.table_reads(1, now);
        loop {
            self.table_reads(1, now);
            let conversation = self.loaded(customer);
            if conversation.held_count == 0 || !conversation.window_is_open(time(now)) {
                return Ok(());
            }
            self.reads_comment(now)?;
            self.sends_reply(customer, now)?;
            // The held reply is deleted.
            self.table_writes(1, now);
            let mut conversation = self.loaded(customer);
            conversation.held_count -= 1;
            let left = (conversation.held_count > 0).then(|| time(now));
            let conversation = with_expiry(conversation, left, self.settings.hold_for);
            self.save(customer, &conversation.answered(), now);
        }
    }

    pub(crate) fn deliver_notice(
        &mut self,
        job: &mut Job<Task>,
        generation: u32,
        now: Millis,
    ) -> Result<(), Pace> {
        let customer = job.customer;
        self.table_reads(1, now);
        let conversation = self.loaded(customer);
        if job.progress & SENT == 0 {
            match decide_notice(&conversation, generation, time(now)) {
                NoticeDecision::Send { .. } => {}
                NoticeDecision::Wait(_) => return Err(Pace::Usual),
                NoticeDecision::Skip(_) => {
                    let skipped = with_notice(conversation.clone(), NoticeState::Skipped);
                    self.save_changed(customer, &conversation, &skipped, now);
                    return Ok(());
                }
            }
            self.asks(Endpoint::GetIssue, JIRA_READS, now)?;
            if self.ends_silence_of_done(customer, &conversation, now) {
                return Ok(());
            }
            let since = conversation.awaiting_since.unwrap_or(time(now));
            let due_at = notice_due(since, time(now), &self.settings);
            if time(now) < due_at {
                self.save(customer, &put_off(conversation, due_at), now);
                return Ok(());
            }
            self.sends_reply(customer, now)?;
            job.progress |= SENT;
            self.counts.notices += 1;
            let state = self.customer(customer);
            let is_second = generation <= state.noticed;
            state.noticed = generation;
            self.counts.second_notices += u64::from(is_second);
        } else {
            // The ledger has recorded the notice as sent.
            self.table_writes(1, now);
        }
        self.leaves_note(now)?;
        let told = with_notice(self.loaded(customer), NoticeState::Sent);
        self.save(customer, &told, now);
        Ok(())
    }

    pub(crate) fn ask_to_keep_open(
        &mut self,
        job: &mut Job<Task>,
        ends: Seconds,
        now: Millis,
    ) -> Result<(), Pace> {
        let customer = job.customer;
        self.table_reads(1, now);
        let conversation = self.loaded(customer);
        let window_ends = ends.time().unwrap_or_default();
        if job.progress & SENT == 0 {
            match decide_keep_open(&conversation, window_ends, &self.settings, time(now)) {
                KeepOpenDecision::Ask { .. } => {}
                KeepOpenDecision::At(later) => {
                    let mut later_on = conversation;
                    later_on.timers.set(Timer::KeepOpen, later);
                    self.save(customer, &later_on, now);
                    return Ok(());
                }
                KeepOpenDecision::Skip(_) => return Ok(()),
            }
            self.asks(Endpoint::GetIssue, JIRA_READS, now)?;
            if self.ends_silence_of_done(customer, &conversation, now) {
                return Ok(());
            }
            self.sends_reply(customer, now)?;
            job.progress |= SENT;
            self.counts.questions += 1;
        } else {
            self.table_writes(1, now);
        }
        self.leaves_note(now)?;
        let after = asked(self.loaded(customer), window_ends);
        self.save(customer, &after, now);
        Ok(())
    }

    pub(crate) fn alert_agents(
        &mut self,
        job: &Job<Task>,
        ends: Seconds,
        now: Millis,
    ) -> Result<(), Pace> {
        let customer = job.customer;
        self.table_reads(1, now);
        let conversation = self.loaded(customer);
        let window_ends = ends.time().unwrap_or_default();
        if decide_alert(&conversation, window_ends, time(now)).is_err() {
            return Ok(());
        }
        self.asks(Endpoint::GetIssue, JIRA_READS, now)?;
        if self.ends_silence_of_done(customer, &conversation, now) {
            return Ok(());
        }
        // The request's assignee.
        self.asks(Endpoint::GetIssue, JIRA_READS, now)?;
        self.leaves_note(now)?;
        self.save(customer, &alerted(conversation, window_ends), now);
        self.counts.alerts += 1;
        Ok(())
    }

    /// Records a report in the ledger and shows it on the comment.
    pub(crate) fn record(&mut self, news: News, now: Millis) {
        self.table_reads(1, now);
        self.table_writes(1, now);
        if news == News::Sent {
            return;
        }
        self.table_reads(1, now);
        if self.asks(Endpoint::PutProperty, JIRA_WRITES, now).is_err() {
            // Nothing depends on the state, and the next report corrects it.
            self.counts.not_shown += 1;
        } else {
            self.table_reads(1, now);
        }
    }

    /// Writes a note, unless an earlier attempt did.
    fn leaves_note(&mut self, now: Millis) -> Result<(), Pace> {
        self.asks(Endpoint::ListComments, JIRA_READS, now)?;
        self.asks(Endpoint::AddComment, JIRA_WRITES, now)?;
        self.post_echo(now);
        Ok(())
    }

    fn ends_silence_of_done(
        &mut self,
        customer: u32,
        conversation: &Conversation,
        now: Millis,
    ) -> bool {
        let is_done = self.customer(customer).done_since.time().is_some();
        if is_done {
            self.save(customer, &conversation.clone().answered(), now);
        }
        is_done
    }

    pub(crate) fn loaded(&mut self, customer: u32) -> Conversation {
        let number = self.number.clone();
        self.customer(customer).conversation(customer, &number)
    }

    /// Writes the conversation if it changed.
    pub(crate) fn save_changed(
        &mut self,
        customer: u32,
        before: &Conversation,
        changed: &Conversation,
        now: Millis,
    ) {
        if changed != before {
            self.save(customer, changed, now);
        }
    }
}
