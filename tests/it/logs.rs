use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn logs_name_nobody_and_quote_nothing() {
    let phone = "4915112345678";
    let stack = Stack::start().await;
    stack.customer_wrote(phone, "a secret question").await;
    let key = stack.request().await.key;
    stack.agent_wrote(&key, "a secret answer").await;
    stack.fault(json!({"target": "jira", "kind": "status", "status": 500, "count": 2, "body": {"errorMessages": ["a secret error"]}})).await;
    stack
        .fault(
            json!({"target": "whatsapp", "kind": "status", "status": 400, "count": 1,
        "body": {"error": {"message": "to 4915112345678 failed", "code": 131_026}}}),
        )
        .await;
    stack
        .agent_writes(&key, "another secret answer", true)
        .await;
    stack
        .customer_writes(phone, "another secret question")
        .await;
    stack.settle().await;
    stack.advance(Duration::from_secs(25 * 3600)).await;
    stack.agent_wrote(&key, "a late secret").await;
    let broken = json!({"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": {"messages": [{"from": phone, "text": "a secret oddity"}]}}]}]});
    stack
        .api(Method::POST, "/api/webhooks/whatsapp", broken)
        .await;
    stack.settle().await;

    // Everything that the functions print: log lines and metrics.
    let printed = stack.api(Method::GET, "/api/logs", Value::Null).await;
    let printed = printed.as_array().unwrap().iter();
    let printed: Vec<_> = printed.map(|line| line["text"].as_str().unwrap()).collect();
    let logged = format!("{}\n{}", stack.logged(), printed.join("\n"));
    assert!(logged.contains("\"level\""), "the functions log: {logged}");
    assert!(logged.contains("CloudWatchMetrics"), "they count: {logged}");
    for word in [
        "secret",
        "49151123",
        "Ana",
        "Lima",
        "local-access-token",
        "local-jira-token",
        "wamid",
    ] {
        let line = logged.lines().find(|line| line.contains(word));
        assert!(line.is_none(), "{word} is in the log: {line:?}");
    }
}
