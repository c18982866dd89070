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

    // All output of the functions: log lines and metrics.
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

/// Message groups of the queues and keys of the table identify nobody.
#[tokio::test]
async fn groups_of_the_queues_and_keys_of_the_ledger_name_nobody() {
    let (ana, ben) = ("4915112345678", "4915187654321");
    let data = std::env::temp_dir().join(format!("casement-groups-{}", std::process::id()));
    let stack = Stack::start_with(&["--data", data.to_str().unwrap()]).await;
    for customer in [ana, ben, ana] {
        stack.customer_wrote(customer, "Where is it?").await;
    }
    let key = stack.requests().await[0].key.clone();
    stack.agent_wrote(&key, "It arrives tomorrow").await;
    stack.settle().await;

    let journal = std::fs::read_to_string(data.join("sqs.journal")).unwrap();
    let entries = journal.lines().flat_map(|line| {
        let entries: Vec<Value> = serde_json::from_str(line).unwrap();
        entries
    });
    let arrived: Vec<_> = entries
        .filter(|one| one["change"]["type"] == "arrived")
        .collect();
    let ids = |queue: &str, id: &str| -> Vec<String> {
        let sent = arrived.iter().filter(|one| one["queue"] == queue);
        let ids = sent.filter_map(|one| one["change"][id].as_str());
        ids.map(str::to_owned).collect()
    };
    for queue in ["inbound.fifo", "outbound.fifo", "status"] {
        let groups = ids(queue, "message_group_id");
        assert!(!groups.is_empty(), "{queue}");
        for group in groups {
            let is_fingerprint = group.len() == 20 && hex::decode(&group).is_ok();
            assert!(is_fingerprint, "{queue}: {group}");
        }
        for id in ids(queue, "message_deduplication_id") {
            let names = [ana, ben, "wamid"].iter().any(|part| id.contains(part));
            assert!(!names, "{queue}: {id}");
        }
    }
    let groups = ids("inbound.fifo", "message_group_id");
    assert_eq!((groups.len(), &groups[0]), (3, &groups[2]));
    assert_ne!(groups[0], groups[1]);

    let table = stack.api(Method::GET, "/api/table", Value::Null).await;
    let items = table["items"].as_array().unwrap().iter();
    let keys: Vec<_> = items.map(|item| item["pk"].as_str().unwrap()).collect();
    // Keys for two customers' messages, our message, and sent replies.
    let ledger = ["MSG#", "OUT#", "NOTE#"];
    let ledger = keys
        .iter()
        .filter(|key| ledger.iter().any(|kind| key.starts_with(kind)));
    assert!(ledger.clone().count() >= 5, "{}", ledger.count());
    for key in ledger {
        let names = [ana, ben, "wamid"].iter().any(|part| key.contains(part));
        assert!(!names, "{key}");
    }
    drop(stack);
    std::fs::remove_dir_all(data).unwrap();
}
