//! The stack in virtual time: the ways in, the queues, the functions and the events to come.

use std::rc::Rc;
use std::time::Duration;

use casement_core::decide::backoff::backoff;
use casement_core::model::queue::OutboundQueueMessage;
use casement_core::model::status::Delivery;
use casement_core::model::timer::Timer;
use casement_core::settings::{NumberSettings, Settings, SettingsError};
use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;

use crate::calendar::{Calendar, Event, Millis};
use crate::counts::Counts;
use crate::customer::{Customer, time};
use crate::limits::Bucket;
use crate::scenario::Scenario;
use crate::services::{Sent, Services};
use crate::sweep::Search;
use crate::work::replied;
use crate::worker::{Job, RECEIVES, Worker};

/// The settings of the simulated number. Agents and customers live in one time zone.
const SETTINGS: &str = r#"
[[number]]
phone_number_id = "1065"
service_desk_id = "1"
request_type_id = "10"
delay_after = "30m"
quiet_hours = "22:00-08:00"
[number.hours]
monday = ["08:00-22:00"]
tuesday = ["08:00-22:00"]
wednesday = ["08:00-22:00"]
thursday = ["08:00-22:00"]
friday = ["08:00-22:00"]
saturday = ["08:00-22:00"]
sunday = ["10:00-20:00"]
"#;

/// How long things are kept in memory after nobody has asked for them.
const KEPT: TimeDelta = TimeDelta::hours(12);

/// The content of a customer's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Question,
    Thanks,
}

/// The task in a queue message.
#[derive(Clone, Debug)]
pub(crate) enum Task {
    Message {
        customer: u32,
        number: u32,
        content: Content,
        /// Whether its webhook came long before, too.
        is_repeated: bool,
    },
    Outbound(OutboundQueueMessage),
    Report(Rc<Sent>, Delivery, Millis),
    Ring(u32, Timer, DateTime<Utc>),
}

impl Task {
    /// Returns the group in a FIFO queue.
    fn group(&self) -> u32 {
        match self {
            Self::Message { customer, .. } => *customer,
            Self::Outbound(message) => message.group().as_str().parse().unwrap_or_default(),
            Self::Report(..) | Self::Ring(..) => 0,
        }
    }
}

/// A queue with its function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Inbound,
    Outbound,
    Status,
    Delay,
}

impl Function {
    pub(crate) const ALL: [Self; 4] = [Self::Inbound, Self::Outbound, Self::Status, Self::Delay];

    pub(crate) fn is_fifo(self) -> bool {
        matches!(self, Self::Inbound | Self::Outbound)
    }
}

/// An event.
#[derive(Clone, Debug)]
pub(crate) enum Happening {
    Minute,
    HasAQuestion(u32),
    Writes(u32),
    SaysThanks(u32),
    Answers(u32, bool),
    IsDone(u32),
    /// A webhook arrives at the API, after this many refusals.
    Posted(Post, u8),
    Ended(Function, u32),
    ComesBack(Function, u32),
    Rings(u32, Timer, DateTime<Utc>),
    /// The search for lost webhooks goes on.
    Searches,
}

/// The content of a webhook.
#[derive(Clone, Debug)]
pub(crate) enum Post {
    Message(u32, Content, Millis),
    Again(u32, u32, Content),
    Report(Rc<Sent>, Delivery),
    Reply(OutboundQueueMessage, Millis),
}

/// The stack and everybody around it.
pub(crate) struct World {
    pub(crate) scenario: Scenario,
    pub(crate) settings: NumberSettings,
    pub(crate) rng: Rng,
    pub(crate) calendar: Calendar<Happening>,
    customers: Vec<Customer>,
    workers: [Worker<Task>; 4],
    pub(crate) whatsapp_route: Bucket,
    pub(crate) jira_route: Bucket,
    /// The use cases, over all ports in memory.
    pub(crate) product: casement_testkit::World,
    pub(crate) services: Rc<Services>,
    pub(crate) search: Option<Search>,
    pub(crate) counts: Counts,
    /// The time at which customers stop writing.
    pub(crate) end: Millis,
}

impl World {
    pub(crate) fn new(scenario: Scenario) -> Result<Self, SettingsError> {
        let settings = Settings::from_toml(SETTINGS)?;
        let settings = settings.numbers()[0].clone();
        let seconds = (scenario.days as usize + 1) * 86_400;
        let quotas = &scenario.quotas;
        let route = || Bucket::new(quotas.api_rate, Some(quotas.api_burst));
        let services = Rc::new(Services::new(quotas));
        let product = casement_testkit::World::new();
        product.set_document(SETTINGS);
        product.set_transitions(&[("5", false)]);
        product.lengthen_pages();
        product.measure(Rc::<Services>::clone(&services));
        Ok(Self {
            rng: Rng::with_seed(scenario.seed),
            calendar: Calendar::new(seconds),
            customers: vec![Customer::default(); scenario.customers as usize],
            workers: [
                Worker::new("inbound-message", true, quotas.inbound),
                Worker::new("outbound-message", true, quotas.outbound),
                Worker::new("message-status", false, quotas.status),
                Worker::new("due-timer", false, quotas.delay),
            ],
            whatsapp_route: route(),
            jira_route: route(),
            product,
            services,
            search: None,
            counts: Counts::default(),
            end: scenario.days * 86_400_000,
            settings,
            scenario,
        })
    }

    /// Simulates all days, and one more in which nobody writes.
    pub(crate) fn run(&mut self) {
        self.calendar.plan(0, Happening::Minute);
        while let Some(Event { at, kind, .. }) = self.calendar.next() {
            match kind {
                Happening::Minute => self.minute(at),
                Happening::HasAQuestion(customer) => self.has_a_question(customer, at),
                Happening::Writes(customer) => self.writes(customer, at),
                Happening::SaysThanks(customer) => self.says_thanks(customer, at),
                Happening::Answers(customer, twice) => self.answers(customer, twice, at),
                Happening::IsDone(customer) => self.is_done(customer, at),
                Happening::Posted(post, times) => self.posted(post, times, at),
                Happening::Ended(function, place) => self.ended(function, place, at),
                Happening::ComesBack(function, place) => {
                    self.worker_mut(function).comes_back(place);
                    self.pump(function, at);
                }
                Happening::Rings(customer, timer, due_at) => {
                    self.rings(customer, timer, due_at, at);
                }
                Happening::Searches => self.searches(at),
            }
        }
    }

    fn minute(&mut self, now: Millis) {
        self.calendar.plan(now + 60_000, Happening::Minute);
        if now < self.end {
            self.talks_begin(now);
        }
        self.sweeps(now);
        if now.is_multiple_of(3_600_000) {
            self.product.forget(time(now) - KEPT);
        }
    }

    pub(crate) fn customer(&mut self, customer: u32) -> &mut Customer {
        &mut self.customers[customer as usize]
    }

    pub(crate) fn worker(&self, function: Function) -> &Worker<Task> {
        &self.workers[function as usize]
    }

    fn worker_mut(&mut self, function: Function) -> &mut Worker<Task> {
        &mut self.workers[function as usize]
    }

    /// Puts a task on a function's queue. `since` is the time of the event that it is about.
    pub(crate) fn send(&mut self, function: Function, task: Task, since: Millis, now: Millis) {
        let job = Job {
            group: task.group(),
            task,
            since,
            receives: 0,
        };
        self.worker_mut(function).send(job, now);
        self.pump(function, now);
    }

    /// Starts as many invocations as the concurrency allows.
    fn pump(&mut self, function: Function, now: Millis) {
        while let Some(mut batch) = self.worker_mut(function).take(now) {
            // One call receives the batch, and one deletes the finished messages.
            self.services.calls_sqs(function.is_fifo(), 2);
            let mut longest = 0.0_f64;
            for (job, again) in &mut batch {
                job.receives += 1;
                self.services.begin(now, None);
                let result = self.attempt(job, now);
                let took = self.services.took();
                if let Err(later) = result {
                    let random = self.rng.f64();
                    let exactly = later.after.and_then(|after| after.to_std().ok());
                    let usual = || backoff(later.pace, job.receives, random);
                    let wait: Duration = exactly.unwrap_or_else(usual);
                    *again = Some(Millis::try_from(wait.as_millis()).unwrap_or(Millis::MAX));
                    self.services.calls_sqs(function.is_fifo(), 1);
                }
                longest = longest.max(took * self.slowness());
            }
            let takes = longest.max(1.0) as Millis;
            let place = self.worker_mut(function).works_on(batch, takes);
            self.calendar
                .plan(now + takes, Happening::Ended(function, place));
        }
    }

    /// Draws a factor for network delays, mostly near 1 and sometimes 2.
    fn slowness(&mut self) -> f64 {
        let normal = (self.rng.f64() + self.rng.f64() + self.rng.f64() - 1.5) * 2.0;
        (0.3 * normal).exp()
    }

    fn ended(&mut self, function: Function, place: u32, now: Millis) {
        let batch = self.worker_mut(function).ended(place, now);
        for (job, again) in batch {
            match again {
                Some(wait) if job.receives < RECEIVES => {
                    let place = self.worker_mut(function).keeps_away(job, now);
                    let back = now.saturating_add(wait);
                    self.calendar
                        .plan(back, Happening::ComesBack(function, place));
                    continue;
                }
                Some(_) => {
                    self.is_dead(&job);
                }
                None => {
                    let worker = self.worker_mut(function);
                    worker.latency.add(now - job.since);
                }
            }
            self.worker_mut(function).lets_go(&job);
        }
        self.pump(function, now);
    }

    /// Counts a dead letter. The later messages of its group go on without it.
    fn is_dead(&mut self, job: &Job<Task>) {
        match &job.task {
            Task::Message {
                customer, number, ..
            } => {
                self.customer(*customer).in_jira = *number;
                self.counts.dead[0] += 1;
            }
            Task::Outbound(message) => {
                if let Some((customer, number)) = replied(message) {
                    self.customer(customer).replied = number;
                    self.counts.dead[1] += 1;
                }
            }
            Task::Report(..) | Task::Ring(..) => {}
        }
    }
}
