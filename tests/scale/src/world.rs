//! The stack in virtual time: the ways in, the queues, the functions and the events to come.

use casement_core::decide::backoff::backoff;
use casement_core::model::fate::Pace;
use casement_core::model::identity::PhoneNumberId;
use casement_core::model::timer::Timer;
use casement_core::settings::{NumberSettings, Settings, SettingsError};
use fastrand::Rng;

use crate::calendar::{Calendar, Event, Millis};
use crate::calls::AWS_TAKES;
use crate::counts::Counts;
use crate::customer::{Customer, Seconds};
use crate::limits::{Bucket, Jira};
use crate::scenario::Scenario;
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

/// One in this many customers has opted out.
const OPTED_OUT: u32 = 200;

/// The content of a customer's message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Question,
    Thanks,
}

/// The delivery state of our message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    Sent,
    Delivered,
    Read,
}

/// The task in a queue message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Message { number: u32, content: Content },
    Again { number: u32 },
    Reply { number: u32 },
    Release,
    Notice { generation: u32 },
    KeepOpen { ends: Seconds },
    Alert { ends: Seconds },
    Report(News),
    Ring(Timer, Seconds),
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
}

/// An event.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Happening {
    Minute,
    HasAQuestion(u32),
    Writes(u32),
    SaysThanks(u32),
    Answers(u32, bool),
    IsDone(u32),
    /// A webhook arrives at the API, after this many refusals.
    Posted(u32, Post, u8),
    Ended(Function, u32),
    ComesBack(Function, u32),
    Rings(u32, Timer, Seconds),
}

/// The content of a webhook.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Post {
    Message(Content, Millis),
    Again(u32),
    Report(News),
    Reply(Millis),
}

/// The stack and everybody around it.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) scenario: Scenario,
    pub(crate) settings: NumberSettings,
    pub(crate) number: PhoneNumberId,
    pub(crate) rng: Rng,
    pub(crate) calendar: Calendar<Happening>,
    pub(crate) customers: Vec<Customer>,
    workers: Vec<Worker<Task>>,
    pub(crate) whatsapp_route: Bucket,
    pub(crate) jira_route: Bucket,
    pub(crate) jira: Jira,
    pub(crate) meta: Bucket,
    pub(crate) counts: Counts,
    /// The customers, by the minute in which one of their timers is due.
    pub(crate) due: Vec<Vec<u32>>,
    pub(crate) requests: u32,
    /// The time at which customers stop writing.
    pub(crate) end: Millis,
    /// The duration of the current attempt so far, in milliseconds.
    pub(crate) took: f64,
}

impl World {
    pub(crate) fn new(scenario: Scenario) -> Result<Self, SettingsError> {
        let number = PhoneNumberId::new("1065");
        let settings = Settings::from_toml(SETTINGS)?;
        let settings = settings.numbers()[0].clone();
        let seconds = (scenario.days as usize + 1) * 86_400;
        let quotas = &scenario.quotas;
        let customers = scenario.customers as usize;
        let route = || Bucket::new(quotas.api_rate, Some(quotas.api_burst));
        Ok(Self {
            rng: Rng::with_seed(scenario.seed),
            calendar: Calendar::new(seconds),
            customers: (0..scenario.customers)
                .map(|customer| Customer::new(customer, &number, customer % OPTED_OUT == 199))
                .collect(),
            workers: vec![
                Worker::new("inbound-message", Some(customers), quotas.inbound),
                Worker::new("outbound-message", Some(customers), quotas.outbound),
                Worker::new("message-status", None, quotas.status),
                Worker::new("due-timer", None, quotas.delay),
            ],
            whatsapp_route: route(),
            jira_route: route(),
            jira: Jira::new(quotas.jira),
            meta: Bucket::new(quotas.meta, None),
            counts: Counts::default(),
            due: vec![Vec::new(); seconds / 60 + 2],
            requests: 0,
            end: scenario.days * 86_400_000,
            took: 0.0,
            settings,
            number,
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
                Happening::Posted(customer, post, times) => self.posted(customer, post, times, at),
                Happening::Ended(function, place) => self.ended(function, place, at),
                Happening::ComesBack(function, place) => {
                    self.worker_mut(function).comes_back(place);
                    self.pump(function, at);
                }
                Happening::Rings(customer, timer, due_at) => {
                    self.send(Function::Delay, customer, Task::Ring(timer, due_at), at, at);
                }
            }
        }
    }

    fn minute(&mut self, now: Millis) {
        self.calendar.plan(now + 60_000, Happening::Minute);
        if now < self.end {
            self.talks_begin(now);
        }
        self.sweep(now);
    }

    pub(crate) fn customer(&mut self, customer: u32) -> &mut Customer {
        &mut self.customers[customer as usize]
    }

    pub(crate) fn customers(&self) -> &[Customer] {
        &self.customers
    }

    pub(crate) fn worker(&self, function: Function) -> &Worker<Task> {
        &self.workers[function as usize]
    }

    fn worker_mut(&mut self, function: Function) -> &mut Worker<Task> {
        &mut self.workers[function as usize]
    }

    /// Puts a task on a function's queue. `since` is the time of the event that it is about.
    pub(crate) fn send(
        &mut self,
        function: Function,
        customer: u32,
        task: Task,
        since: Millis,
        now: Millis,
    ) {
        *self.calls(function) += 1;
        let job = Job {
            customer,
            task,
            since,
            receives: 0,
            progress: 0,
        };
        self.worker_mut(function).send(job, now);
        self.pump(function, now);
    }

    /// Returns the count of calls to SQS for the function's kind of queue, since prices differ.
    fn calls(&mut self, function: Function) -> &mut u64 {
        match function {
            Function::Inbound | Function::Outbound => &mut self.counts.fifo_calls,
            Function::Status | Function::Delay => &mut self.counts.standard_calls,
        }
    }

    /// Starts as many invocations as the concurrency allows.
    fn pump(&mut self, function: Function, now: Millis) {
        while let Some(mut batch) = self.worker_mut(function).take(now) {
            // One call receives the batch, and one deletes the finished messages.
            *self.calls(function) += 2;
            let mut longest = 0.0_f64;
            for (job, again) in &mut batch {
                self.took = AWS_TAKES;
                job.receives += 1;
                let result = self.attempt(job, now);
                if let Err(pace) = result {
                    let random = self.rng.f64();
                    let wait = backoff(pace, job.receives, random);
                    *again = Some(Millis::try_from(wait.as_millis()).unwrap_or(Millis::MAX));
                    *self.calls(function) += 1;
                }
                longest = longest.max(self.took * self.slowness());
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

    fn attempt(&mut self, job: &mut Job<Task>, now: Millis) -> Result<(), Pace> {
        match job.task {
            Task::Message { number, content } => self.receive(job, number, content, now),
            Task::Again { number } => self.receive_again(job, number, now),
            Task::Reply { number } => self.deliver(job, number, now),
            Task::Release => self.release(job.customer, now),
            Task::Notice { generation } => self.deliver_notice(job, generation, now),
            Task::KeepOpen { ends } => self.ask_to_keep_open(job, ends, now),
            Task::Alert { ends } => self.alert_agents(job, ends, now),
            Task::Report(news) => {
                self.record(news, now);
                Ok(())
            }
            Task::Ring(timer, due_at) => {
                self.ring(job.customer, timer, due_at, now);
                Ok(())
            }
        }
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
        let state = self.customer(job.customer);
        match job.task {
            Task::Message { number, .. } => {
                state.in_jira = number;
                self.counts.dead[0] += 1;
            }
            Task::Reply { number } => {
                state.replied = number;
                self.counts.dead[1] += 1;
            }
            _ => {}
        }
    }
}
