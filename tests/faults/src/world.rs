//! A reusable local stack, and the actions on it.

use std::time::Duration;

use casement_tests::Stack;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use reqwest::Method;
use serde_json::{Value, json};

/// How long the stack may take to become quiet, in seconds.
const PATIENCE_S: u32 = 900;

/// How often [`World::settle`] moves the clock to the next waiting message before it gives up.
const MOVES: usize = 400;

/// The customer of most scenarios.
pub(crate) const ANA: &str = "4915112345678";

/// A failure to drive the stack. It says nothing about the product.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Trouble {
    /// A call of the control API got no answer.
    #[error("the stack does not answer: {0}")]
    Unreachable(#[from] reqwest::Error),
    /// A call of the control API was refused, or its answer is unexpected.
    #[error("{0}")]
    Unexpected(String),
}

pub(crate) type Done<T = ()> = Result<T, Trouble>;

pub(crate) struct World {
    stack: Stack,
}

impl World {
    /// Starts a stack that prints nothing. The functions must already be built.
    pub(crate) async fn start() -> Self {
        Self {
            stack: Stack::start_built(&["--quiet"]).await,
        }
    }

    /// Starts a stack for more calls than it keeps.
    pub(crate) async fn start_for_long() -> Self {
        let Self { stack } = Self::start().await;
        Self {
            stack: stack.for_long(),
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Done<Value> {
        self.api(Method::GET, path, Value::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Done<Value> {
        self.api(Method::POST, path, body).await
    }

    /// Calls the control API.
    pub(crate) async fn api(&self, method: Method, path: &str, body: Value) -> Done<Value> {
        let mut request = self
            .stack
            .client()
            .request(method.clone(), self.stack.url(path));
        if !body.is_null() {
            request = request.json(&body);
        }
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        if !status.is_success() {
            return Err(Trouble::Unexpected(format!(
                "{method} {path}: {status} {text}"
            )));
        }
        Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    /// Resets the stack, with these settings, to a Tuesday at 11:00 in Berlin, just after the
    /// minute, so that the work done every minute does not start within the next minute. The day is
    /// in the past, because moving the clock ahead would start that work too.
    pub(crate) async fn begin(&self, settings: &str) -> Done {
        self.post("/api/reset", Value::Null).await?;
        let request = self.stack.client().put(self.stack.url("/api/settings"));
        let response = request.body(settings.to_owned()).send().await?;
        if !response.status().is_success() {
            return Err(Trouble::Unexpected(response.text().await?));
        }
        self.post("/api/clock", json!({"set": "2026-03-03T10:00:01Z"}))
            .await?;
        self.quiet().await
    }

    /// Waits until nothing moves any more, except for what waits for a later time.
    pub(crate) async fn quiet(&self) -> Done {
        let wait = json!({"timeout_s": PATIENCE_S, "ignore_backoff": true});
        self.post("/api/idle", wait).await.map(drop)
    }

    /// Moves the clock ahead, and waits until everything that follows has happened.
    pub(crate) async fn advance(&self, time: Duration) -> Done {
        let move_on = json!({"advance_s": time.as_secs_f64()});
        self.post("/api/clock", move_on).await?;
        self.quiet().await
    }

    /// Waits until the queues are empty and every webhook is accepted. Moves the clock to the time
    /// of each pending repeat, and no further.
    pub(crate) async fn settle(&self) -> Done {
        self.settle_within(MOVES).await
    }

    /// Does the same as [`World::settle`], when there is more to do than usual.
    pub(crate) async fn settle_within(&self, moves: usize) -> Done {
        for _ in 0..moves {
            self.quiet().await?;
            let state = self.get("/api/state").await?;
            let Some(next) = self.next_return(&state).await? else {
                // A message may have become visible in the meantime.
                if sum(&state["queues"], "visible") > 0 {
                    continue;
                }
                return Ok(());
            };
            if next > self.now().await? {
                // A little later, so that rounding never makes it too early.
                let next = next + TimeDelta::milliseconds(20);
                let next = next.to_rfc3339_opts(SecondsFormat::Millis, true);
                self.post("/api/clock", json!({"set": next})).await?;
            }
        }
        let state = self.get("/api/state").await?;
        Err(Trouble::Unexpected(format!(
            "it does not come to an end: {}",
            state["queues"]
        )))
    }

    /// Redrives the dead letters, as an operator does, and waits until they are processed.
    pub(crate) async fn redrive(&self) -> Done {
        for queue in ["inbound", "outbound"] {
            self.post("/api/redrive", json!({"queue": queue})).await?;
        }
        self.settle().await
    }

    /// Has every customer read all messages, then runs the work that is done every minute and every
    /// five minutes.
    pub(crate) async fn finish(&self) -> Done {
        let customers = self.get("/api/customers").await?;
        for customer in customers.as_array().into_iter().flatten() {
            let phone = customer["customer"].as_str().unwrap_or_default();
            let path = format!("/api/customers/{phone}/read");
            self.post(&path, Value::Null).await?;
        }
        self.settle().await?;
        self.advance(Duration::from_secs(301)).await?;
        self.settle().await
    }

    /// Returns the stack's time.
    pub(crate) async fn now(&self) -> Done<DateTime<Utc>> {
        let clock = self.get("/api/clock").await?;
        time(&clock["now"]).ok_or_else(|| Trouble::Unexpected(format!("no time: {clock}")))
    }

    /// Returns when the first waiting message or webhook is repeated. A delayed message in the
    /// delay queue is a timer, and does not count.
    async fn next_return(&self, state: &Value) -> Done<Option<DateTime<Utc>>> {
        let queues = state["queues"].as_object().into_iter().flatten();
        let waiting = queues.filter(|(name, queue)| {
            let delayed = queue["delayed"] != 0 && *name != "delay";
            queue["in_flight"] != 0 || delayed
        });
        let mut times: Vec<_> = waiting
            .filter_map(|(_, queue)| time(&queue["next_visible_at"]))
            .collect();
        for from in ["/api/webhooks/whatsapp", "/api/webhooks/jira"] {
            let deliveries = self.get(from).await?;
            let deliveries = deliveries.as_array().into_iter().flatten();
            times.extend(deliveries.filter_map(|one| time(&one["next_attempt_at"])));
        }
        Ok(times.into_iter().min())
    }
}

/// Actions of people.
impl World {
    /// Sends a text as a customer. If the webhook is not accepted at once, the simulator repeats
    /// it.
    pub(crate) async fn writes(&self, phone: &str, text: &str) -> Done {
        let message = json!({"type": "text", "text": {"body": text}, "profile_name": "Ana Lima"});
        self.post(&format!("/api/customers/{phone}/messages"), message)
            .await
            .map(drop)
    }

    /// Does the same as [`World::writes`], as the user with this WhatsApp user id.
    pub(crate) async fn writes_as(&self, phone: &str, user_id: &str, text: &str) -> Done {
        let message = json!({"type": "text", "text": {"body": text}, "profile_name": "Ana Lima",
            "user_id": user_id});
        self.post(&format!("/api/customers/{phone}/messages"), message)
            .await
            .map(drop)
    }

    /// Does the same as [`World::writes`], and waits for everything that follows.
    pub(crate) async fn wrote(&self, phone: &str, text: &str) -> Done {
        self.writes(phone, text).await?;
        self.settle().await
    }

    /// Reports, as Meta, that a customer has another number.
    pub(crate) async fn moves(&self, from: &str, to: &str) -> Done {
        let change = json!({"type": "system", "system": {"type": "user_changed_number",
            "body": "Ana changed her number", "wa_id": to}});
        self.post(&format!("/api/customers/{from}/messages"), change)
            .await
            .map(drop)
    }

    /// Delivers a START that was sent at `sent`.
    pub(crate) async fn started(&self, phone: &str, sent: DateTime<Utc>) -> Done {
        let start = json!({"type": "text", "text": {"body": "START"},
            "timestamp": sent.timestamp().to_string()});
        self.post(&format!("/api/customers/{phone}/messages"), start)
            .await
            .map(drop)
    }

    /// Repeats every webhook sent so far.
    pub(crate) async fn all_comes_again(&self) -> Done {
        for from in ["whatsapp", "jira"] {
            self.post(&format!("/api/webhooks/{from}/replay"), Value::Null)
                .await?;
            self.quiet().await?;
        }
        Ok(())
    }

    /// Sends a file of a given size as a customer.
    pub(crate) async fn sends_file(&self, file: Value) -> Done {
        self.post(&format!("/api/customers/{ANA}/generated-files"), file)
            .await
            .map(drop)
    }

    /// Adds a comment. Returns its id.
    pub(crate) async fn comments(&self, key: &str, comment: Value) -> Done<String> {
        let path = format!("/api/requests/{key}/comments");
        let answer = self.post(&path, comment).await?;
        let id = answer["id"].as_str().map(str::to_owned);
        id.ok_or_else(|| Trouble::Unexpected(format!("no comment: {answer}")))
    }

    /// Answers in public as an agent.
    pub(crate) async fn answers(&self, key: &str, text: &str) -> Done<String> {
        let comment = json!({"text": text, "public": true, "author": "agent"});
        self.comments(key, comment).await
    }

    /// Returns the key of the oldest request.
    pub(crate) async fn key(&self) -> Done<String> {
        let requests = self.get("/api/requests").await?;
        let key = requests[0]["key"].as_str().map(str::to_owned);
        key.ok_or_else(|| Trouble::Unexpected(format!("no request: {requests}")))
    }

    /// Returns the chat of a customer.
    pub(crate) async fn chat(&self, phone: &str) -> Done<Vec<Value>> {
        let chat = self
            .get(&format!("/api/customers/{phone}/messages"))
            .await?;
        match chat {
            Value::Array(chat) => Ok(chat),
            other => Err(Trouble::Unexpected(format!("no chat: {other}"))),
        }
    }
}

/// Counts the messages of this kind in all queues.
fn sum(queues: &Value, kind: &str) -> u64 {
    let queues = queues.as_object().into_iter().flatten();
    queues.filter_map(|(_, queue)| queue[kind].as_u64()).sum()
}

/// Parses a time as the control API writes it.
pub(crate) fn time(value: &Value) -> Option<DateTime<Utc>> {
    value.as_str()?.parse().ok()
}
