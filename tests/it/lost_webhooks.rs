use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const MINUTE: Duration = Duration::from_secs(60);

/// Turns the loss of Jira's webhooks on or off.
async fn lose_webhooks(stack: &Stack, lost: bool) {
    let options = json!({"webhooks_lost": lost});
    stack.api(Method::POST, "/api/jira/options", options).await;
}

async fn failed_sweeps(stack: &Stack) -> usize {
    let ended = stack.api(Method::GET, "/api/invocations", json!({})).await;
    let ended = ended.as_array().unwrap();
    let failed = |run: &&Value| run["function"] == "timer-sweep" && !run["error"].is_null();
    ended.iter().filter(failed).count()
}

/// Starts a stack in which a customer has written and the reconciliation mark is set.
async fn conversation() -> (Stack, String) {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack.advance(MINUTE).await;
    (stack, key)
}

#[tokio::test]
async fn a_reply_whose_webhook_is_lost_arrives_all_the_same_and_once() {
    let (stack, key) = conversation().await;
    lose_webhooks(&stack, true).await;
    stack.agent_writes(&key, "It arrives tomorrow", true).await;
    stack.agent_writes(&key, "between us", false).await;
    stack.done().await;
    assert!(stack.received(ANA).await.is_empty());

    stack.advance(5 * MINUTE).await;
    stack.done().await;
    assert_eq!(stack.received(ANA).await, ["It arrives tomorrow"]);
    for _ in 0..3 {
        stack.advance(5 * MINUTE).await;
    }
    assert_eq!(stack.received(ANA).await, ["It arrives tomorrow"]);
}

#[tokio::test]
async fn what_came_by_webhook_is_not_sent_again() {
    let (stack, key) = conversation().await;
    stack.agent_wrote(&key, "It arrives tomorrow").await;
    for _ in 0..3 {
        stack.advance(5 * MINUTE).await;
    }
    assert_eq!(stack.received(ANA).await, ["It arrives tomorrow"]);
}

#[tokio::test]
async fn an_edit_whose_webhook_is_lost_is_told_when_jira_answers_again() {
    let (stack, key) = conversation().await;
    let id = stack.agent_writes(&key, "It arrives tomorow", true).await;
    stack.done().await;
    lose_webhooks(&stack, true).await;
    let comment = format!("/api/requests/{key}/comments/{id}");
    let edit = json!({"text": "It arrives on Friday"});
    stack.api(Method::PUT, &comment, edit).await;
    // While Jira is down the mark stays in place.
    stack
        .fault(json!({"target": "jira", "kind": "status", "status": 503, "count": 500}))
        .await;
    stack.advance(20 * MINUTE).await;
    assert_eq!(
        failed_sweeps(&stack).await,
        0,
        "timers need nothing from Jira"
    );
    stack.fair_weather().await;
    stack.advance(5 * MINUTE).await;
    stack.done().await;
    assert_eq!(stack.received(ANA).await, ["It arrives tomorow"]);
    let request = stack.request().await;
    let notes = request.internal();
    let told = |note: &&&str| note.starts_with("The customer still sees the earlier text.");
    assert_eq!(notes.iter().filter(told).count(), 1, "{notes:#?}");
}
