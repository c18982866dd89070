//! What each main flow asks of others, call by call.

use std::collections::BTreeMap;
use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const PHOTO: (&str, &str, &[u8]) = ("IMG 1.jpg", "image/jpeg", b"\xff\xd8\xff a photo");

/// Calls by function and kind.
type Calls = BTreeMap<String, usize>;

/// The flows of one conversation, in their order.
struct Story {
    first_text: Calls,
    known_text: Calls,
    photo: Calls,
    notice: Calls,
    reply: Calls,
    late_reply: Calls,
    release: Calls,
}

/// Counts since the last look.
struct Counter<'a> {
    stack: &'a Stack,
    seen: usize,
}

impl Counter<'_> {
    async fn all(&self) -> Vec<Value> {
        let calls = self.stack.api(Method::GET, "/api/calls", json!(null)).await;
        calls.as_array().unwrap().clone()
    }

    async fn forget(&mut self) {
        self.seen = self.all().await.len();
    }

    /// All that was asked since, but for the minute's sweep, which nobody asked for, and the
    /// secret, which is read every five minutes.
    async fn new(&mut self) -> Calls {
        let all = self.all().await;
        let mut calls = Calls::new();
        for call in &all[self.seen..] {
            let text = |name: &str| call[name].as_str().unwrap();
            if text("function") == "timer-sweep" || text("service") == "secrets" {
                continue;
            }
            let what = match text("service") {
                "jira" | "whatsapp" => text("method"),
                _ => text("operation"),
            };
            let kind = format!("{}: {} {what}", text("function"), text("service"));
            *calls.entry(kind).or_default() += 1;
        }
        self.seen = all.len();
        calls
    }
}

impl Story {
    async fn of(stack: &Stack, phone: &str) -> Self {
        let mut counter = Counter { stack, seen: 0 };
        counter.forget().await;
        stack.customer_wrote(phone, "My order is late").await;
        let first_text = counter.new().await;
        stack.customer_wrote(phone, "Are you there?").await;
        let known_text = counter.new().await;
        stack.customer_sends_file(phone, PHOTO, None).await;
        stack.done().await;
        let photo = counter.new().await;
        stack.advance(31 * MINUTE).await;
        let notice = counter.new().await;
        let key = stack.requests().await.pop().unwrap().key;
        stack.agent_wrote(&key, "We look into it").await;
        counter.forget().await;
        stack.agent_wrote(&key, "It comes tomorrow").await;
        let reply = counter.new().await;
        stack.advance(25 * HOUR).await;
        counter.forget().await;
        stack.agent_wrote(&key, "It was in the wrong van").await;
        let late_reply = counter.new().await;
        stack.customer_wrote(phone, "Still waiting").await;
        let release = counter.new().await;
        // Nothing is due afterwards.
        stack.agent_wrote(&key, "Sorry").await;
        Self {
            first_text,
            known_text,
            photo,
            notice,
            reply,
            late_reply,
            release,
        }
    }
}

fn calls(expected: &[(&str, usize)]) -> Calls {
    let expected = expected.iter();
    expected
        .map(|(kind, count)| ((*kind).to_owned(), *count))
        .collect()
}

#[tokio::test]
async fn every_flow_costs_what_it_must_and_no_more() {
    // With every feature that has to do with the window: what they need is for later.
    let settings = std::env::temp_dir().join(format!("casement-costs-{}.toml", std::process::id()));
    let document = include_str!("../../infra/local/settings.toml");
    let field = "window_field = \"customfield_10054\"\ndelay_after";
    std::fs::write(&settings, document.replace("delay_after", field)).unwrap();
    let stack = Stack::start_with(&["--settings", settings.to_str().unwrap()]).await;
    std::fs::remove_file(&settings).unwrap();
    // What reports of delivery cost depends on how they come together in batches.
    let options = json!({"statuses": "none"});
    stack
        .api(Method::POST, "/api/whatsapp/options", options)
        .await;
    // A slow machine may make an attempt of one message fail; it does not make one cheaper.
    let mut stories = Vec::new();
    for phone in ["4915100000001", "4915100000002", "4915100000003"] {
        stories.push(Story::of(&stack, phone).await);
    }
    let cheapest = |flow: fn(&Story) -> &Calls| {
        let flows = stories.iter().map(flow);
        flows
            .min_by_key(|calls| calls.values().sum::<usize>())
            .unwrap()
            .clone()
    };
    println!("first {:#?}", cheapest(|story| &story.first_text));
    println!("known {:#?}", cheapest(|story| &story.known_text));
    println!("photo {:#?}", cheapest(|story| &story.photo));
    println!("notice {:#?}", cheapest(|story| &story.notice));
    println!("reply {:#?}", cheapest(|story| &story.reply));
    println!("late {:#?}", cheapest(|story| &story.late_reply));
    println!("release {:#?}", cheapest(|story| &story.release));
}
