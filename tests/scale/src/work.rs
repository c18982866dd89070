//! The work of the functions on their records: the use cases themselves.

use std::future::Future;
use std::rc::Rc;

use casement_core::model::content::{Context, InboundContent, InboundMessage};
use casement_core::model::identity::{CustomerIdentity, IssueId};
use casement_core::model::queue::{DelayQueueMessage, OutboundQueueMessage, WaitTask};
use casement_core::model::status::{Delivery, StatusReport};
use casement_core::model::timer::Timer;
use casement_service::{Attempt, Done, Ignored, Later, Outcome};
use chrono::{DateTime, Utc};
use futures_util::FutureExt;

use crate::calendar::Millis;
use crate::customer::{customer_of, key, number, phone, reply_of, time, wamid};
use crate::services::Sent;
use crate::worker::{Job, RECEIVES};
use crate::world::{Content, Function, Happening, Post, Task, World};

/// How often message-status takes a report that is ahead of its ledger entry.
const MOST_RECEIVES_OF_REPORTS: u32 = 5;

/// One in this many customers has opted out.
const OPTED_OUT: u32 = 200;

/// Returns the result of work in the world in memory, which never waits.
pub(crate) fn at_once<T>(work: impl Future<Output = T>) -> T {
    let result = work.now_or_never();
    result.unwrap_or_else(|| unreachable!("the world in memory answers at once"))
}

impl World {
    /// Does a record's work, and sends on what comes of it.
    pub(crate) fn attempt(&mut self, job: &Job<Task>, now: Millis) -> Result<(), Later> {
        self.product.set_now(time(now));
        let last = match job.task {
            Task::Report(..) => MOST_RECEIVES_OF_REPORTS,
            _ => RECEIVES,
        };
        let attempt = if job.receives >= last {
            Attempt::Last
        } else {
            Attempt::Another
        };
        let result = match &job.task {
            Task::Message {
                customer,
                number,
                content,
                ..
            } => {
                let message = message(*customer, *number, *content, job.since);
                let result = at_once(self.product.inbound().receive(&message, attempt));
                result.map(|outcome| self.received(*customer, *number, outcome, now))
            }
            Task::Outbound(message) => {
                let result = at_once(self.product.outbound().carry_out(message, attempt));
                self.carried_out(message, result, now)
            }
            Task::Report(message, news, at) => {
                let report = report(message, *news, time(*at));
                at_once(self.product.statuses().record(&report, attempt)).map(drop)
            }
            Task::Ring(customer, timer, due_at) => {
                let message = DelayQueueMessage::TimerDue {
                    conversation: key(*customer),
                    timer: *timer,
                    due_at: *due_at,
                };
                let result = at_once(self.product.ring(&message));
                self.counts.timers_rung += 1;
                result.map(|outcome| {
                    let is_void = outcome == Outcome::Ignored(Ignored::Superseded);
                    self.counts.timers_void += u64::from(is_void);
                })
            }
        };
        self.sends_on(now);
        result
    }

    fn received(&mut self, customer: u32, number: u32, outcome: Outcome, now: Millis) {
        match outcome {
            Outcome::Done(Done::Received) => {
                self.counts.in_jira.add(now, 1);
                let state = self.customer(customer);
                let is_next = number == state.in_jira + 1;
                state.in_jira = number;
                self.counts.out_of_order += u64::from(!is_next);
                if number == 1 && customer % OPTED_OUT == OPTED_OUT - 1 {
                    self.opts_out(customer);
                }
            }
            Outcome::Ignored(Ignored::Duplicate) => self.counts.duplicates += 1,
            _ => {}
        }
    }

    fn opts_out(&mut self, customer: u32) {
        if let Some(mut conversation) = self.product.stored(&key(customer)) {
            conversation.opted_out = true;
            self.product.put(conversation);
        }
    }

    fn carried_out(
        &mut self,
        message: &OutboundQueueMessage,
        result: Result<Outcome, Later>,
        now: Millis,
    ) -> Result<(), Later> {
        let sent = self.plan_reports(now);
        if let OutboundQueueMessage::DelayNotice(WaitTask {
            conversation,
            generation,
            ..
        }) = message
            && sent > 0
        {
            // The note may still fail, but the customer has the notice.
            self.counts.notices += 1;
            let state = self.customer(customer_of(conversation));
            let is_second = *generation <= state.noticed;
            state.noticed = *generation;
            self.counts.second_notices += u64::from(is_second);
        }
        let outcome = result?;
        self.counts.held += u64::from(outcome == Outcome::Done(Done::Held));
        match outcome {
            Outcome::Done(Done::Sent | Done::Held) => {
                let reply = replied(message);
                if let Some((customer, number)) = reply {
                    self.counts.replied += 1;
                    let state = self.customer(customer);
                    let is_next = number == state.replied + 1;
                    state.replied = number;
                    self.counts.out_of_order += u64::from(!is_next);
                }
            }
            Outcome::Done(Done::AskedToKeepOpen) => self.counts.questions += 1,
            Outcome::Done(Done::AgentsAlerted) => self.counts.alerts += 1,
            _ => {}
        }
        Ok(())
    }

    /// Plans WhatsApp's reports about what it has accepted, and returns how much that is.
    fn plan_reports(&mut self, now: Millis) -> usize {
        let accepted = self.services.take_sent();
        let count = accepted.len();
        for message in accepted {
            let sent = now + 500 + self.rng.u32(..1_000);
            let delivered = sent + 300 + self.rng.u32(..3_000);
            let mut reports = vec![(sent, Delivery::Sent), (delivered, Delivery::Delivered)];
            if self.rng.u32(..100) < 85 {
                let read = delivered + self.rng.u32(1_000..1_200_000);
                reports.push((read, Delivery::Read));
            }
            for (at, news) in reports {
                let post = Post::Report(Rc::clone(&message), news);
                self.calendar.plan(at, Happening::Posted(post, 0));
            }
        }
        count
    }

    /// Sends on what use cases have put on queues, and delivers Jira's webhooks about our comments.
    pub(crate) fn sends_on(&mut self, now: Millis) {
        for message in self.product.take_outbound() {
            self.send(Function::Outbound, Task::Outbound(message), now, now);
        }
        for (message, arrives_at) in self.product.take_delayed() {
            let DelayQueueMessage::TimerDue {
                conversation,
                timer,
                due_at,
            } = message;
            // A delay is in whole seconds, and never too short.
            let wait = (arrives_at - time(now)).num_milliseconds().max(0) as Millis;
            let at = now + wait.div_ceil(1_000) * 1_000;
            let rings = Happening::Rings(customer_of(&conversation), timer, due_at);
            self.calendar.plan(at, rings);
        }
        for _ in 0..self.services.take_echoes() {
            self.post_echo(now);
        }
    }

    /// Returns the customer's request, if there is one.
    pub(crate) fn request_of(&self, customer: u32) -> Option<IssueId> {
        let conversation = self.product.stored(&key(customer))?;
        conversation.issue.map(|issue| issue.id)
    }

    /// Puts a ringing timer on the queue of due-timer.
    pub(crate) fn rings(
        &mut self,
        customer: u32,
        timer: Timer,
        due_at: DateTime<Utc>,
        now: Millis,
    ) {
        let task = Task::Ring(customer, timer, due_at);
        self.send(Function::Delay, task, now, now);
    }
}

/// Returns the customer and the number of the reply that a message is about.
pub(crate) fn replied(message: &OutboundQueueMessage) -> Option<(u32, u32)> {
    match message {
        OutboundQueueMessage::CommentCreated(event) => reply_of(event.comment_id.as_str()),
        _ => None,
    }
}

fn message(customer: u32, of: u32, content: Content, written: Millis) -> InboundMessage {
    let body = match content {
        Content::Question => "Where is my parcel?",
        Content::Thanks => "👍",
    };
    InboundMessage {
        phone_number_id: number(),
        wamid: wamid(customer, of),
        from: CustomerIdentity::of_phone(phone(customer)),
        profile_name: Some("A customer's name".to_owned().into()),
        sent_at: time(written / 1000 * 1000),
        content: InboundContent::Text {
            body: body.to_owned(),
        },
        context: Context::default(),
    }
}

fn report(message: &Sent, news: Delivery, at: DateTime<Utc>) -> StatusReport {
    StatusReport {
        phone_number_id: Some(number()),
        wamid: message.wamid.clone(),
        recipient: None,
        callback: Some(message.callback.clone()),
        delivery: news,
        at,
    }
}
