//! The work of inbound-message on a customer's message: as in `casement-service`, with the same
//! decisions, but with calls that are counted instead of made.

use casement_core::decide::inbound::{InboundPlan, RequestStep, decide_inbound, decide_routed};
use casement_core::decide::routing::RequestState;
use casement_core::model::content::{Context, InboundContent, InboundMessage};
use casement_core::model::fate::Pace;
use casement_core::model::identity::{IssueId, IssueRef, Wamid};
use casement_core::model::ledger::{ClaimDecision, LedgerEntry, decide_claim};
use casement_core::model::timer;
use chrono::Duration;

use crate::calendar::Millis;
use crate::calls::{JIRA_READS, JIRA_WRITES, WHATSAPP_TAKES};
use crate::counts::PARTITIONS;
use crate::customer::{Seconds, identity, time};
use crate::limits::Endpoint;
use crate::worker::Job;
use crate::world::{Content, Function, Happening, Task, World};

/// The progress flag of a claimed message, which is in the index of unsettled messages.
const CLAIMED: u8 = 1;

impl World {
    pub(crate) fn receive(
        &mut self,
        job: &mut Job<Task>,
        number: u32,
        content: Content,
        now: Millis,
    ) -> Result<(), Pace> {
        let customer = job.customer;
        let partition = self.unsettled_partition(customer, number);
        if job.progress & CLAIMED == 0 {
            self.table_writes(1, now);
            self.counts.index(now, partition, 1);
            job.progress |= CLAIMED;
        } else {
            // The failed claim returns the earlier one, which is then renewed.
            self.table_writes(2, now);
        }
        let result = self.process(job, content, now);
        // The entry is settled, or released for the next attempt.
        self.table_writes(1, now);
        if result.is_ok() {
            self.counts.index(now, partition, 1);
            self.counts.in_jira.add(now, 1);
            let state = self.customer(customer);
            let is_next = number == state.in_jira + 1;
            state.in_jira = number;
            self.counts.out_of_order += u64::from(!is_next);
            // The read receipt.
            self.took += WHATSAPP_TAKES;
            self.counts.whatsapp_calls += 1;
        }
        result
    }

    /// Handles a webhook that is repeated long after: the ledger recognises the message.
    pub(crate) fn receive_again(
        &mut self,
        job: &Job<Task>,
        number: u32,
        now: Millis,
    ) -> Result<(), Pace> {
        self.table_writes(1, now);
        let is_settled = number <= self.customer(job.customer).in_jira;
        let claimed = LedgerEntry::claimed((), time(job.since));
        let entry = if is_settled {
            claimed.settled()
        } else {
            claimed
        };
        match decide_claim(&entry.claim, Duration::zero(), time(now)) {
            ClaimDecision::Settled => {
                self.counts.duplicates += 1;
                Ok(())
            }
            ClaimDecision::Wait(_) | ClaimDecision::Proceed => Err(Pace::Usual),
        }
    }

    fn process(&mut self, job: &Job<Task>, content: Content, now: Millis) -> Result<(), Pace> {
        let customer = job.customer;
        let message = self.message(customer, job.since, content);
        let number = self.number.clone();
        let current = self.customer(customer).conversation(customer, &number);
        let is_new = current.last_inbound_at.is_none();
        // The read is by the conversation's own key. A new customer may also be known by another
        // identifier.
        self.table_reads(if is_new { 2 } else { 1 }, now);
        let mut plan = decide_inbound(&current, &message, &self.settings, time(now));
        if is_new {
            // One transaction writes the conversation and checks its alias. Both count twice.
            self.table_writes(3, now);
        }
        self.save(customer, &plan.conversation, now);
        self.arm(customer, &plan, now);
        if let RequestStep::Ask(issue) = plan.request.clone() {
            self.asks(Endpoint::GetIssue, JIRA_READS, now)?;
            let done_since = self.customer(customer).done_since.time();
            let done = |since| RequestState::Done { since: Some(since) };
            let state = done_since.map_or(RequestState::Open, done);
            let before = plan.conversation.clone();
            plan = decide_routed(plan, &issue, state, &message, &self.settings, time(now));
            if plan.conversation != before {
                // The opening state is not stored here: the simulated Jira either opens the request
                // or certainly does not.
                self.save(customer, &plan.conversation, now);
            }
        }
        self.request(customer, &mut plan, now)?;
        self.asks(Endpoint::AddComment, JIRA_WRITES, now)?;
        self.post_echo(now);
        if plan.release_held {
            self.aws_call();
            self.send(Function::Outbound, customer, Task::Release, now, now);
        }
        Ok(())
    }

    /// Opens or reopens the request, if needed.
    fn request(&mut self, customer: u32, plan: &mut InboundPlan, now: Millis) -> Result<(), Pace> {
        match &plan.request {
            RequestStep::Reopen { .. } => {
                self.asks(Endpoint::GetTransitions, JIRA_READS, now)?;
                self.asks(Endpoint::DoTransition, JIRA_WRITES, now)?;
                self.counts.reopened += 1;
                self.customer(customer).done_since = Seconds::default();
            }
            RequestStep::Open(_) => {
                self.asks(Endpoint::OpenRequest, JIRA_WRITES, now)?;
                let opening = plan.conversation.opening.as_ref();
                let follows = opening.is_some_and(|opening| opening.former.is_some());
                if follows && self.asks(Endpoint::LinkIssues, JIRA_WRITES, now).is_err() {
                    // The failure is only logged, since nothing depends on the link.
                }
                self.requests += 1;
                let issue = IssueRef {
                    id: IssueId::new(self.requests.to_string()),
                    key: format!("SUP-{}", self.requests),
                };
                // The link to the conversation is written, then the conversation with its request.
                self.table_writes(1, now);
                plan.conversation = plan.conversation.clone().in_request(issue);
                self.save(customer, &plan.conversation, now);
                self.counts.opened += 1;
                self.customer(customer).done_since = Seconds::default();
            }
            _ => {}
        }
        Ok(())
    }

    /// Sends timers that are due soon to the delay queue.
    fn arm(&mut self, customer: u32, plan: &InboundPlan, now: Millis) {
        let mut near = false;
        for (timer, due_at) in plan.armed.iter().filter(|(timer, _)| timer.is_exact()) {
            if let Some(delay) = timer::delay_until(*due_at, time(now)) {
                near = true;
                let at = now + delay.num_milliseconds() as Millis;
                let due_at = Seconds::of(*due_at);
                self.calendar
                    .plan(at, Happening::Rings(customer, *timer, due_at));
            }
        }
        if near {
            self.aws_call();
        }
    }

    fn message(&self, customer: u32, written: Millis, content: Content) -> InboundMessage {
        let body = match content {
            Content::Question => "Where is my parcel?",
            Content::Thanks => "👍",
        };
        InboundMessage {
            phone_number_id: self.number.clone(),
            wamid: Wamid::new("wamid.of-the-simulation"),
            from: identity(customer),
            profile_name: None,
            sent_at: time(written / 1000 * 1000),
            content: InboundContent::Text {
                body: body.to_owned(),
            },
            context: Context::default(),
        }
    }

    /// Returns a partition, spread as evenly as the product's fingerprints spread messages.
    fn unsettled_partition(&self, customer: u32, number: u32) -> usize {
        let mixed = customer.wrapping_mul(0x9E37_79B1) ^ number.wrapping_mul(0x85EB_CA6B);
        PARTITIONS / 2 + (mixed >> 16) as usize % (PARTITIONS / 2)
    }
}
