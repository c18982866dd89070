//! The calls that each main flow makes, counted by the stack.

use std::collections::BTreeMap;
use std::time::Duration;

use report::{Goal, Section};
use reqwest::Method;
use serde_json::{Value, json};

use crate::stack::Stack;

/// The title of the section.
pub(crate) const TITLE: &str = "Calls";

const ANA: &str = "4915112345678";
const BEN: &str = "4915187654321";
const COLUMNS: [&str; 6] = [
    "SQS sends",
    "DynamoDB writes",
    "DynamoDB reads",
    "Jira reads",
    "Jira writes",
    "WhatsApp",
];

/// A stack, with the calls counted so far.
struct Counted {
    stack: Stack,
    seen: usize,
    flows: Vec<(&'static str, BTreeMap<&'static str, usize>)>,
}

impl Counted {
    /// Ends a flow, which owns all calls since the previous one.
    async fn ends(&mut self, flow: &'static str) {
        self.stack.done().await;
        let calls = self.stack.get("/api/calls").await;
        let calls = calls.as_array().unwrap();
        let mut counts = BTreeMap::new();
        for call in &calls[self.seen..] {
            // The sweep runs every minute, whatever happens.
            if call["function"] != "timer-sweep"
                && let Some(kind) = kind(call)
            {
                *counts.entry(kind).or_default() += 1;
            }
        }
        self.seen = calls.len();
        self.flows.push((flow, counts));
    }

    fn count(&self, flow: &str, kinds: &[&str]) -> f64 {
        let (_, counts) = self.flows.iter().find(|(name, _)| *name == flow).unwrap();
        kinds
            .iter()
            .filter_map(|kind| counts.get(kind))
            .sum::<usize>() as f64
    }
}

/// Returns a call's column, or `None` for calls that are not counted, such as reading the secret.
fn kind(call: &Value) -> Option<&'static str> {
    let operation = call["operation"].as_str().unwrap();
    match call["service"].as_str().unwrap() {
        "sqs" => operation.starts_with("Send").then_some(COLUMNS[0]),
        "dynamodb" if ["GetItem", "Query", "BatchGetItem"].contains(&operation) => Some(COLUMNS[2]),
        "dynamodb" => Some(COLUMNS[1]),
        "jira" if call["method"] == "GET" => Some(COLUMNS[3]),
        "jira" => Some(COLUMNS[4]),
        "whatsapp" => Some(COLUMNS[5]),
        _ => None,
    }
}

/// Plays each flow once with warm functions.
pub(crate) async fn section() -> Section {
    let stack = Stack::start(None);
    warm_up(&stack).await;
    stack
        .api(
            Method::POST,
            "/api/whatsapp/options",
            json!({"statuses": "none"}),
        )
        .await;
    let seen = stack.get("/api/calls").await.as_array().unwrap().len();
    let mut counted = Counted {
        stack,
        seen,
        flows: Vec::new(),
    };

    counted.stack.customer_writes(ANA, "My order is late").await;
    counted.ends("first text, a new request").await;
    counted.stack.customer_writes(ANA, "Are you there?").await;
    counted.ends(KNOWN).await;
    let photo = json!({"type": "image", "mime_type": "image/jpeg", "size": 200_000});
    let photos = format!("/api/customers/{ANA}/generated-files");
    counted.stack.api(Method::POST, &photos, photo).await;
    counted.ends("photo on a known request").await;
    counted.stack.advance(Duration::from_secs(1_860)).await;
    counted.ends("delay notice").await;
    warm_up(&counted.stack).await;
    counted.ends("(warm again)").await;
    let key = counted.stack.key_of(ANA).await;
    counted.stack.agent_writes(&key, "It comes tomorrow").await;
    counted.ends(REPLY).await;
    counted.stack.agent_writes(&key, "From Berlin").await;
    counted.ends("one more reply").await;
    counted.stack.advance(Duration::from_secs(90_000)).await;
    warm_up(&counted.stack).await;
    counted.ends("(a day passes)").await;
    counted
        .stack
        .agent_writes(&key, "It was in the wrong van")
        .await;
    counted.ends("late reply, held").await;
    counted.stack.customer_writes(ANA, "Still waiting").await;
    counted.ends("text that releases it").await;
    report(&counted)
}

/// Lets the functions fill their caches with the settings and the secret.
async fn warm_up(stack: &Stack) {
    stack.customer_writes(BEN, "Is it open today?").await;
    stack.done().await;
    let key = stack.key_of(BEN).await;
    stack.agent_writes(&key, "Until six").await;
    stack.done().await;
}

const KNOWN: &str = "text on a known request";
const REPLY: &str = "agent reply";

fn report(counted: &Counted) -> Section {
    let mut section = Section::new(TITLE);
    section.say(
        "Requests of the functions for each flow, once warm: without the secret (read every five minutes), the settings \
         (every minute), the minute's sweep and delivery reports; the notice comes when the clock has moved, so that it has \
         the settings with it. `tests/it/costs.rs` holds the flows to exactly these.",
    );
    let flows = counted
        .flows
        .iter()
        .filter(|(flow, _)| !flow.starts_with('('));
    let rows = flows.map(|(flow, counts)| {
        let mut row = vec![(*flow).to_owned()];
        row.extend(COLUMNS.map(|kind| counts.get(kind).copied().unwrap_or_default().to_string()));
        row
    });
    let mut head = vec![""];
    head.extend(COLUMNS);
    section.table(&head, &rows.collect::<Vec<_>>());
    let limits: [(&str, &str, &[&str], f64); 9] = [
        (KNOWN, "SQS sends", &COLUMNS[..1], 1.0),
        (KNOWN, "DynamoDB writes", &COLUMNS[1..2], 3.0),
        (KNOWN, "DynamoDB reads", &COLUMNS[2..3], 2.0),
        (KNOWN, "Jira calls", &COLUMNS[3..5], 2.0),
        (REPLY, "SQS sends", &COLUMNS[..1], 1.0),
        (REPLY, "DynamoDB writes", &COLUMNS[1..2], 3.0),
        (REPLY, "DynamoDB reads", &COLUMNS[2..3], 3.0),
        (REPLY, "Jira reads", &COLUMNS[3..4], 2.0),
        (REPLY, "WhatsApp calls", &COLUMNS[5..], 1.0),
    ];
    let goals = limits.map(|(flow, what, kinds, limit)| {
        Goal::at_most(format!("{flow}: {what}"), limit, counted.count(flow, kinds))
    });
    section.goals(&goals);
    section
}
