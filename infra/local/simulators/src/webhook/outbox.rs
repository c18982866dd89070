//! Deliveries of webhooks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use local_clock::Clock;
use tokio::sync::oneshot;

use super::activity::{Activity, Ticket};
use super::delivery::{Delivery, DeliveryState, Outcome, Parcel, Policy, Try, Verdict};
use super::journal::{Entry, Journal};
use crate::ids::Ids;
use crate::lock;

/// Sends webhooks and repeats them by its policy.
#[derive(Debug)]
pub(crate) struct Outbox {
    clock: Clock,
    http: reqwest::Client,
    timeout: Duration,
    policy: Policy,
    ids: Arc<Ids>,
    activity: Arc<Activity>,
    journal: Arc<Journal>,
    url: Mutex<Option<String>>,
    deliveries: Mutex<Deliveries>,
}

#[derive(Debug, Default)]
struct Deliveries {
    // Continues after a reset, so that an attempt that outlives the reset finds nothing to change.
    last_id: u64,
    list: BTreeMap<u64, Delivery>,
}

impl Outbox {
    /// Creates an outbox that waits at most `timeout` for each of Casement's answers.
    pub(crate) fn new(
        clock: Clock,
        http: reqwest::Client,
        timeout: Duration,
        policy: Policy,
        ids: Arc<Ids>,
    ) -> Arc<Self> {
        Arc::new(Self {
            activity: Activity::new(clock.clone()),
            clock,
            http,
            timeout,
            policy,
            ids,
            journal: Arc::default(),
            url: Mutex::default(),
            deliveries: Mutex::default(),
        })
    }

    /// Sets the URL that webhooks are sent to.
    pub(crate) fn set_url(&self, url: String) {
        *lock(&self.url) = Some(url);
    }

    pub(crate) fn url(&self) -> Option<String> {
        lock(&self.url).clone()
    }

    pub(crate) fn activity(&self) -> &Arc<Activity> {
        &self.activity
    }

    pub(crate) fn journal(&self) -> &Arc<Journal> {
        &self.journal
    }

    /// Ends all deliveries and forgets them and the journal. Keeps the URL.
    pub(crate) fn reset(&self) {
        self.activity.stop();
        self.journal.clear();
        lock(&self.deliveries).list.clear();
    }

    /// Sends `parcel` once, whatever the outcome.
    pub(crate) async fn send_once(&self, parcel: &Parcel) -> Outcome {
        let _ticket = self.activity.begin();
        let id = self.open(&parcel.subject);
        let outcome = self.attempt(parcel, id, 0).await;
        let verdict = match outcome.status() {
            Some(200..=299) => Verdict::Delivered,
            _ => Verdict::Dropped,
        };
        self.note(id, outcome.status(), verdict);
        outcome
    }

    /// Sends `parcel` in the background. The receiver gets the outcome of the first attempt.
    pub(crate) fn send(self: &Arc<Self>, parcel: Parcel) -> oneshot::Receiver<Outcome> {
        let (tell, first) = oneshot::channel();
        let ticket = self.activity.begin();
        let outbox = Arc::clone(self);
        self.activity.spawn(async move {
            outbox.deliver(parcel, &ticket, tell).await;
        });
        first
    }

    /// Sends `parcel` and returns the outcome of the first attempt.
    pub(crate) async fn send_now(self: &Arc<Self>, parcel: Parcel) -> Outcome {
        self.send(parcel).await.unwrap_or(Outcome::Unreachable)
    }

    /// Asks the address to confirm a subscription. Returns the body of a 200.
    ///
    /// Source: Meta, "Create a webhook endpoint", `hub.mode` and so on.
    pub(crate) async fn subscribe(
        &self,
        url: &str,
        token: &str,
        challenge: &str,
    ) -> Option<String> {
        let query = [
            ("hub.mode", "subscribe"),
            ("hub.challenge", challenge),
            ("hub.verify_token", token),
        ];
        let request = self.http.get(url).query(&query).timeout(self.timeout);
        let response = request.send().await.ok()?;
        if response.status().as_u16() != 200 {
            return None;
        }
        response.text().await.ok()
    }

    /// Returns all deliveries since the last reset, oldest first.
    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.deliveries).list.values().cloned().collect()
    }

    async fn deliver(&self, parcel: Parcel, ticket: &Ticket, tell: oneshot::Sender<Outcome>) {
        let id = self.open(&parcel.subject);
        if parcel.lost {
            self.note(id, None, Verdict::Dropped);
            // The caller may not be waiting for the outcome.
            drop(tell.send(Outcome::Unreachable));
            return;
        }
        let first_at = self.clock.now();
        let mut tell = Some(tell);
        let mut number = 0;
        loop {
            let outcome = self.attempt(&parcel, id, number).await;
            let verdict = (self.policy)(&Try {
                number,
                age: self.clock.now() - first_at,
                outcome: &outcome,
                chance: self.ids.chance(),
            });
            let next = self.note(id, outcome.status(), verdict);
            if let Some(tell) = tell.take() {
                // The caller may not be waiting for the outcome.
                drop(tell.send(outcome));
                for _ in 0..parcel.copies {
                    self.attempt(&parcel, id, 0).await;
                }
            }
            let Some(next) = next else { return };
            ticket.wait_until(next).await;
            number += 1;
        }
    }

    async fn attempt(&self, parcel: &Parcel, delivery: u64, number: u32) -> Outcome {
        let outcome = match self.url() {
            Some(url) => self.post(&url, parcel, number).await,
            None => Outcome::Unreachable,
        };
        self.journal.append(Entry::Delivery {
            at: self.clock.now(),
            delivery,
            subject: parcel.subject.clone(),
            attempt: number,
            body: String::from_utf8_lossy(&parcel.body).into_owned(),
            outcome: outcome.clone(),
        });
        outcome
    }

    async fn post(&self, url: &str, parcel: &Parcel, number: u32) -> Outcome {
        let mut request = self
            .http
            .post(url)
            .timeout(self.timeout)
            .body(parcel.body.clone());
        for (name, value) in &parcel.headers {
            request = request.header(*name, value);
        }
        if let Some(name) = parcel.retry_header.filter(|_| number > 0) {
            request = request.header(name, number.to_string());
        }
        let failed = |error: reqwest::Error| {
            if error.is_timeout() {
                Outcome::TimedOut
            } else {
                Outcome::Unreachable
            }
        };
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return failed(error),
        };
        let status = response.status().as_u16();
        match response.bytes().await {
            Ok(body) => Outcome::Answered {
                status,
                body: String::from_utf8_lossy(&body).into_owned(),
            },
            Err(error) => failed(error),
        }
    }

    fn open(&self, subject: &str) -> u64 {
        let mut deliveries = lock(&self.deliveries);
        deliveries.last_id += 1;
        let id = deliveries.last_id;
        let delivery = Delivery {
            id,
            subject: subject.to_owned(),
            state: DeliveryState::Sending,
            attempts: 0,
            last_status: None,
            next_attempt_at: None,
            began_at: self.clock.now(),
            taken_at: None,
        };
        deliveries.list.insert(id, delivery);
        id
    }

    /// Records the end of an attempt. Returns when the next one is due.
    fn note(&self, id: u64, status: Option<u16>, verdict: Verdict) -> Option<DateTime<Utc>> {
        let (state, next) = match verdict {
            Verdict::Delivered => (DeliveryState::Delivered, None),
            Verdict::Again(delay) => (DeliveryState::Waiting, Some(self.clock.now() + delay)),
            Verdict::Dropped => (DeliveryState::Dropped, None),
        };
        if let Some(delivery) = lock(&self.deliveries).list.get_mut(&id) {
            delivery.state = state;
            delivery.attempts += 1;
            delivery.last_status = status;
            delivery.next_attempt_at = next;
            delivery.taken_at = (verdict == Verdict::Delivered).then(|| self.clock.now());
        }
        next
    }
}
