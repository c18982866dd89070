//! The work of the functions on their records: the use cases themselves.

use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use casement_core::model::content::{self, InboundContent, InboundMessage, Via};
use casement_core::model::identity::IssueId;
use casement_core::model::queue::{DelayQueueMessage, OutboundQueueMessage, WaitTask};
use casement_core::model::status::{Delivery, StatusReport};
use casement_core::model::timer::Timer;
use casement_service::{Attempt, Done, Ignored, Later, Outcome};
use chrono::{DateTime, Utc};

use crate::calendar::Millis;
use crate::customer::{customer_of, identity, key, number, reply_of, time, wamid};
use crate::services::Sent;
use crate::worker::{Job, RECEIVES};
use crate::world::{Content, Function, Happening, Post, Task, World};

/// How often message-status takes a report that is ahead of its ledger entry.
const MOST_RECEIVES_OF_REPORTS: u32 = 5;

/// One in this many customers has opted out.
const OPTED_OUT: u32 = 200;

/// Returns the result of work in the world in memory, where nothing is waited for but others' turns.
pub(crate) fn done<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(result) = work.as_mut().poll(&mut context) {
            return result;
        }
    }
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
                let result = done(self.product.inbound().receive(&message, attempt));
                result.map(|outcome| self.received(*customer, *number, outcome, now))
            }
            Task::Outbound(message) => {
                let result = done(self.product.outbound().carry_out(message, attempt));
                self.carried_out(message, result, now)
            }
            Task::Report(message, news, at) => {
                let report = report(message, *news, time(*at));
                done(self.product.statuses().record(&report, attempt)).map(drop)
            }
            Task::Ring(customer, timer, due_at) => {
                let message = DelayQueueMessage::TimerDue {
                    conversation: key(*customer),
                    timer: *timer,
                    due_at: *due_at,
                };
                let result = done(self.product.ring(&message));
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
        from: identity(customer),
        via: Via::Direct,
        profile_name: Some("A customer's name".to_owned().into()),
        sent_at: time(written / 1000 * 1000),
        content: InboundContent::Text {
            body: body.to_owned(),
        },
        context: content::Context::default(),
    }
}

fn report(message: &Sent, news: Delivery, at: DateTime<Utc>) -> StatusReport {
    StatusReport {
        phone_number_id: Some(number()),
        wamid: message.wamid.clone(),
        recipient: None,
        callback: Some(message.callback.clone()),
        price: None,
        delivery: news,
        at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer::comment;
    use crate::scenario::{Quotas, Scenario};

    /// Does a task, and returns its units written and read, and its calls to Jira and WhatsApp.
    fn cost(world: &mut World, task: Task, now: Millis) -> [u64; 4] {
        let services = Rc::clone(&world.services);
        let counted = || {
            let requests = services.requests();
            [
                requests.table_writes.total(),
                requests.half_reads.total() / 2,
                requests.jira_calls,
                requests.whatsapp_calls,
            ]
        };
        let before = counted();
        services.begin(now, None);
        let job = Job {
            group: 0,
            task,
            since: now,
            receives: 1,
        };
        world.attempt(&job, now).unwrap();
        let after = counted();
        std::array::from_fn(|index| after[index] - before[index])
    }

    /// These are the numbers of `tests/it`, which counts the calls of the real functions.
    #[test]
    fn a_message_costs_what_the_stories_count() {
        let scenario = Scenario {
            customers: 1,
            messages_per_day: 1.0,
            seed: 1,
            days: 1,
            quotas: Quotas::as_deployed(),
        };
        let mut world = World::new(scenario).unwrap();
        let text = |number| Task::Message {
            customer: 0,
            number,
            content: Content::Question,
            is_repeated: false,
        };
        // A transaction of four items begins the conversation: eight units in one of five calls.
        assert_eq!(cost(&mut world, text(1), 36_000_000), [4 + 8, 4, 2, 1]);
        assert_eq!(cost(&mut world, text(2), 36_060_000), [3, 1, 2, 1]);
        let issue = world.request_of(0).unwrap();
        for (reply, now, expected) in [(1, 36_120_000, [4, 2, 2, 1]), (2, 36_130_000, [3, 2, 2, 1])]
        {
            let id = comment(0, reply);
            let written = world
                .product
                .comment_on(&issue, &id, "Tomorrow", time(now), |_| ());
            assert_eq!(cost(&mut world, Task::Outbound(written), now), expected);
        }
    }
}
