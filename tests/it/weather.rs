use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::json;

const ANA: &str = "4915112345678";
const BEN: &str = "4915187654321";

#[tokio::test]
async fn jira_is_down_for_a_while_and_then_everything_arrives_in_order() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "before").await;
    stack
        .fault(json!({"target": "jira", "kind": "refuse"}))
        .await;
    for text in ["one", "two", "three"] {
        assert_eq!(
            stack.customer_writes(ANA, text).await,
            200,
            "ingestion does not depend on Jira"
        );
        stack.quiet().await;
    }
    stack.customer_writes(BEN, "first of Ben").await;
    stack.quiet().await;
    assert_eq!(stack.request().await.public(), ["before"]);

    stack.advance(Duration::from_secs(3600)).await;
    stack.fair_weather().await;
    stack.settle().await;
    let requests = stack.requests().await;
    assert_eq!(requests.len(), 2, "{requests:#?}");
    assert_eq!(requests[0].public(), ["before", "one", "two", "three"]);
    assert_eq!(requests[1].public(), ["first of Ben"]);
    assert!(
        stack.state().await["dead_letters"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_lost_answer_makes_no_second_comment_and_no_second_request() {
    let stack = Stack::start().await;
    stack.fault(json!({"target": "jira", "match": "/servicedeskapi/request", "kind": "cut_after", "count": 1})).await;
    stack.customer_writes(ANA, "one").await;
    stack.settle().await;
    stack.fault(json!({"target": "jira", "match": "/comment", "kind": "status_after", "status": 502, "count": 1})).await;
    stack.customer_writes(ANA, "two").await;
    stack.settle().await;
    assert_eq!(stack.request().await.public(), ["one", "two"]);
}

#[tokio::test]
async fn after_a_lost_answer_of_whatsapp_the_reply_arrives_once() {
    for (statuses, kind) in [
        // Meta has accepted the message: a status says so, before or after the lost answer.
        ("ordered", "cut_after"),
        ("before_response", "status_after"),
        // Meta has not accepted it: no status arrives, and the message is sent again after the
        // grace time.
        ("none", "status"),
        ("ordered", "status"),
    ] {
        let stack = Stack::start().await;
        let options = json!({"statuses": statuses});
        stack
            .api(Method::POST, "/api/whatsapp/options", options)
            .await;
        stack.customer_wrote(ANA, "hello").await;
        let key = stack.request().await.key;
        stack
            .fault(json!({"target": "whatsapp", "kind": kind, "status": 502, "count": 1}))
            .await;
        stack.agent_writes(&key, "hi", true).await;
        stack.settle().await;
        assert_eq!(stack.received(ANA).await, ["hi"], "{statuses} {kind}");
        assert!(stack.request().await.internal().is_empty());
    }
}

#[tokio::test]
async fn a_process_killed_in_the_middle_loses_and_repeats_nothing() {
    let stack = Stack::start().await;
    stack.fault(json!({"target": "jira", "match": "/servicedeskapi/request", "kind": "kill_after", "count": 1})).await;
    stack.customer_writes(ANA, "one").await;
    stack.settle().await;
    assert_eq!(stack.request().await.public(), ["one"]);

    let key = stack.request().await.key;
    stack
        .fault(json!({"target": "whatsapp", "kind": "kill_after", "count": 1}))
        .await;
    stack.agent_writes(&key, "hi", true).await;
    stack.settle().await;
    assert_eq!(stack.received(ANA).await, ["hi"]);
}

#[tokio::test]
async fn a_webhook_that_comes_twice_is_harmless() {
    let stack = Stack::start().await;
    stack
        .api(
            Method::POST,
            "/api/whatsapp/options",
            json!({"duplicates": 2}),
        )
        .await;
    stack.customer_wrote(ANA, "one").await;
    stack.customer_wrote(ANA, "two").await;
    stack.settle().await;
    assert_eq!(stack.request().await.public(), ["one", "two"]);
}
