//! Jira is down while customers continue to write.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::audit::{Verdict, audit};
use crate::soak::{journals, keep, phone, token};
use crate::world::{Done, Trouble, World};

const SETTINGS: &str = "[[number]]\nphone_number_id = \"106540352242922\"\nservice_desk_id = \"1\"\n\
    request_type_id = \"10\"\ndelay_after = \"23h\"\nkeep_open_times = 0\nalert_lead = \"0s\"\n";

/// The most webhooks under way: fewer than the concurrency that the template reserves for them.
/// At twenty messages a second, about one is under way.
const AT_ONCE: usize = 40;

/// The load of the outage, and Jira's limit afterwards.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    /// How many minutes Jira is down, by the stack's clock.
    pub minutes: usize,
    pub customers: usize,
    /// Sent as fast as they are accepted, with nothing in the rest of the minute.
    pub messages_per_minute: usize,
    /// How many calls per second Jira takes once it is back.
    pub jira_calls_per_second: u32,
}

/// The outcome of an outage.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    load: Load,
    posts: usize,
    refused: usize,
    slowest: Duration,
    limited: u64,
    too_early: u64,
    early_calls: Vec<String>,
    recovery: chrono::TimeDelta,
    took: Duration,
    verdict: Verdict,
}

/// Runs and judges an outage.
///
/// # Errors
/// The stack could not be driven.
pub(crate) async fn run(load: Load) -> Done<Report> {
    let began = Instant::now();
    let world = Arc::new(World::start_for_long().await);
    world.begin(SETTINGS).await?;
    let mut next = 0;
    let mut posts = post(&world, load, &mut next, load.customers).await?;
    world.settle().await?;
    let down = json!({"target": "jira", "kind": "refuse"});
    world.post("/api/faults", down).await?;
    for minute in 0..load.minutes {
        posts.extend(post(&world, load, &mut next, load.messages_per_minute).await?);
        world.quiet().await?;
        world.advance(Duration::from_secs(60)).await?;
        if minute % 10 == 9 {
            eprintln!("minute {} of {}", minute + 1, load.minutes);
        }
    }
    let limit = json!({"calls_per_second": load.jira_calls_per_second});
    world.post("/api/jira/options", limit).await?;
    world
        .api(Method::DELETE, "/api/faults", Value::Null)
        .await?;
    let back = world.now().await?;
    // Jira's limit spreads the backlog over a long time.
    world.settle_within(posts.len().max(1_000)).await?;
    let recovery = world.now().await? - back;
    let rate = world.get("/api/jira/rate").await?;
    let journals = journals(&world).await?;
    let verdict = audit(&journals);
    if !verdict.is_right() {
        keep(&journals, &world).await?;
    }
    Ok(Report {
        load,
        posts: posts.len(),
        refused: posts.iter().filter(|(status, _)| *status != 200).count(),
        slowest: posts
            .iter()
            .map(|(_, took)| *took)
            .max()
            .unwrap_or_default(),
        limited: rate["limited"].as_u64().unwrap_or_default(),
        too_early: rate["too_early"].as_u64().unwrap_or_default(),
        early_calls: rate["early_calls"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|call| call.as_str().unwrap_or_default().to_owned())
            .collect(),
        recovery,
        took: began.elapsed(),
        verdict,
    })
}

/// Posts this many messages, one customer after the other. Returns the statuses of the webhooks,
/// and how long each took.
async fn post(world: &Arc<World>, load: Load, next: &mut usize, count: usize) -> Done<Vec<Post>> {
    let mut under_way = JoinSet::new();
    let mut posts = Vec::new();
    for _ in 0..count {
        if under_way.len() >= AT_ONCE {
            posts.extend(posted(&mut under_way).await?);
        }
        let customer = *next % load.customers;
        let text = format!("{} where is my order?", token(customer, *next));
        *next += 1;
        let world = Arc::clone(world);
        under_way.spawn(async move {
            let began = Instant::now();
            let message = json!({"type": "text", "text": {"body": text}});
            let path = format!("/api/customers/{}/messages", phone(customer));
            let answer = world.post(&path, message).await?;
            let status = answer["webhook_status"].as_u64().unwrap_or_default();
            Ok((status, began.elapsed()))
        });
    }
    while let Some(post) = posted(&mut under_way).await? {
        posts.push(post);
    }
    Ok(posts)
}

/// Returns the next finished post, if there is one.
async fn posted(under_way: &mut JoinSet<Done<Post>>) -> Done<Option<Post>> {
    let ended = |error| Trouble::Unexpected(format!("a post has ended: {error}"));
    let done = under_way.join_next().await.transpose().map_err(ended)?;
    done.transpose()
}

/// The status of a webhook, and how long it took.
type Post = (u64, Duration);

impl Report {
    /// Returns whether nothing was refused, lost or out of order, and Jira's limit was respected.
    pub(crate) fn is_right(&self) -> bool {
        self.refused == 0 && self.too_early == 0 && self.verdict.is_right()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Load {
            minutes,
            customers,
            messages_per_minute,
            jira_calls_per_second,
        } = self.load;
        writeln!(
            f,
            "Jira is down for {minutes} minutes; {customers} customers write {messages_per_minute} messages in each, as fast as \
             they are taken. After that Jira takes {jira_calls_per_second} calls a second.\n\n| | |\n|---|---:|"
        )?;
        for (what, figure) in [
            ("webhooks posted", self.posts.to_string()),
            ("not answered with 200", self.refused.to_string()),
            (
                "slowest answer to a webhook",
                format!("{} ms", self.slowest.as_millis()),
            ),
            (
                "until all was written, by the stack's clock",
                format!("{} min", self.recovery.num_minutes()),
            ),
            (
                "calls that Jira answered with 429",
                self.limited.to_string(),
            ),
            (
                "of those, repeated before Retry-After",
                self.too_early.to_string(),
            ),
        ] {
            writeln!(f, "| {what} | {figure} |")?;
        }
        for call in &self.early_calls {
            writeln!(f, "too early: {call}")?;
        }
        writeln!(f, "\n{} s. {}", self.took.as_secs(), self.verdict)
    }
}
