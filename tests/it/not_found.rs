//! Jira answers 404 for things that exist.

use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

async fn options(stack: &Stack, options: Value) {
    stack.api(Method::POST, "/api/jira/options", options).await;
}

/// Moves the dead letters back to their queues and lets them be handled.
async fn redrive(stack: &Stack) {
    for queue in ["inbound", "outbound"] {
        stack
            .api(Method::POST, "/api/redrive", json!({"queue": queue}))
            .await;
    }
    stack.settle().await;
}

#[tokio::test]
async fn a_404_for_a_call_or_some_hours_makes_no_second_request() {
    let stack = Stack::start().await;
    for (number, (time, count)) in [
        (Duration::ZERO, Some(1)),
        (5 * MINUTE, None),
        (6 * HOUR, None),
    ]
    .into_iter()
    .enumerate()
    {
        let customer = format!("49151123456{number:02}");
        stack
            .fault(
                json!({"target": "jira", "match": "/rest/api/3/issue/", "kind": "status",
                "status": 404, "count": count, "body": "{\"errorMessages\":[\"Issue does not exist\"]}"}),
            )
            .await;
        for text in ["one", "two"] {
            stack.customer_writes(&customer, text).await;
            stack.quiet().await;
        }
        let mut passed = Duration::ZERO;
        while passed < time {
            stack.advance(5 * MINUTE).await;
            passed += 5 * MINUTE;
        }
        stack.fair_weather().await;
        stack.settle().await;
        redrive(&stack).await;
        let requests = stack.requests().await;
        assert_eq!(requests.len(), number + 1, "{time:?}: {requests:#?}");
        assert_eq!(requests[number].public(), ["one", "two"], "{time:?}");
    }
}

#[tokio::test]
async fn a_reply_in_a_request_that_is_hidden_for_a_while_arrives() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    options(&stack, json!({"hidden_issues": true})).await;
    stack.agent_writes(&key, "It arrives today", true).await;
    stack.quiet().await;
    stack.customer_writes(ANA, "Hello?").await;
    for _ in 0..6 {
        stack.advance(HOUR).await;
    }
    assert!(
        stack
            .received(ANA)
            .await
            .iter()
            .all(|text| text != "It arrives today")
    );
    options(&stack, json!({"hidden_issues": false})).await;
    stack.settle().await;
    redrive(&stack).await;
    let request = stack.request().await;
    assert_eq!(request.public().last(), Some(&"Hello?"));
    let received = stack.received(ANA).await;
    assert_eq!(
        received.last().map(String::as_str),
        Some("It arrives today")
    );
}

#[tokio::test]
async fn an_opening_whose_answer_is_lost_is_found_however_late_the_search_is() {
    let stack = Stack::start().await;
    for (number, lag) in [5, 30, 60, 120, 600].into_iter().enumerate() {
        options(&stack, json!({"search_lag_ms": lag * 1_000})).await;
        stack
            .fault(
                json!({"target": "jira", "match": "POST /rest/servicedeskapi/request",
                "kind": "cut_after", "count": 1}),
            )
            .await;
        stack
            .customer_writes(&format!("49151123456{number:02}"), "one")
            .await;
        stack.settle().await;
        let requests = stack.requests().await;
        assert_eq!(requests.len(), number + 1, "{lag} s");
        assert_eq!(requests[number].public(), ["one"], "{lag} s");
        stack.fair_weather().await;
    }
}
