//! The operator's view: metrics, and one message's path through the log.

use std::collections::BTreeSet;
use std::time::Duration;

use casement_tests::Stack;
use casement_tests::meta::{text, webhook_of};
use reqwest::Method;
use serde_json::{Value, json};

const PHONE: &str = "4915112345678";

/// Returns the sum of a metric over the stack, or for one value of its dimension.
pub(crate) fn sum(metrics: &Value, name: &str, dimension: Option<(&str, &str)>) -> f64 {
    let mut dimensions = json!({"Stack": "casement-local"});
    if let Some((dimension, value)) = dimension {
        dimensions[dimension] = json!(value);
    }
    let sums = metrics.as_array().unwrap().iter();
    let found = sums.filter(|sum| {
        sum["namespace"] == "Casement" && sum["name"] == name && sum["dimensions"] == dimensions
    });
    found.map(|sum| sum["sum"].as_f64().unwrap()).sum()
}

#[tokio::test]
async fn the_main_flows_are_counted() {
    let stack = Stack::start().await;
    stack.customer_wrote(PHONE, "Where is my parcel?").await;
    let key = stack.request().await.key;
    stack.agent_wrote(&key, "It arrives today").await;
    let oddity = json!({"object": "whatsapp_business_account"});
    let forged = "/api/webhooks/whatsapp?sign=wrong";
    stack.api(Method::POST, forged, oddity).await;
    let refusal = json!({"target": "whatsapp", "match": "messages", "kind": "status",
        "status": 400, "count": 1, "body": {"error": {"code": 131_026}}});
    stack.fault(refusal).await;
    stack.agent_wrote(&key, "Did it arrive?").await;
    stack.customer_wrote(PHONE, "Not yet").await;
    stack.advance(Duration::from_secs(1_860)).await;
    stack.advance(Duration::from_secs(25 * 3_600)).await;
    stack.agent_wrote(&key, "We look into it").await;
    stack.customer_wrote(PHONE, "Hello?").await;

    let metrics = stack.api(Method::GET, "/api/metrics", Value::Null).await;
    for (name, dimension, expected) in [
        ("Received", None, 3.0),
        ("Rendered", None, 3.0),
        ("Sent", None, 2.0),
        ("Held", None, 1.0),
        ("WindowMissed", Some(("Reason", "our_clock")), 1.0),
        ("Released", None, 1.0),
        ("NoticeSent", None, 1.0),
        ("SendFailed", None, 1.0),
        ("SendFailed", Some(("Code", "131026")), 1.0),
        ("SignatureRefused", Some(("Reason", "whatsapp")), 1.0),
        ("DeadLettered", None, 0.0),
    ] {
        let counted = sum(&metrics, name, dimension);
        assert_eq!(counted, expected, "{name} {dimension:?}: {metrics:#}");
    }
    let way = Some(("Way", "to_jira"));
    assert!(sum(&metrics, "AgeAtDelivery", way) > 0.0, "{metrics:#}");
    let crowded = stack.logged().contains("CloudWatchMetrics");
    assert!(!crowded, "metrics are not among the lines that people read");
}

#[tokio::test]
async fn a_message_is_followed_by_one_id() {
    let stack = Stack::start().await;
    stack.customer_wrote(PHONE, "Where is my parcel?").await;
    let key = stack.request().await.key;
    let comment = stack.agent_writes(&key, "It arrives today", true).await;
    stack.done().await;
    let lines = stack.api(Method::GET, "/api/logs", Value::Null).await;
    let lines = lines.as_array().unwrap();
    let functions_with = |id: &str| -> BTreeSet<String> {
        let with_it = lines
            .iter()
            .filter(|line| line["text"].as_str().unwrap().contains(id));
        with_it
            .map(|line| line["function"].as_str().unwrap().to_owned())
            .collect()
    };
    let all = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let expected: BTreeSet<_> = all(&[
        "jira-webhook",
        "outbound-message",
        "whatsapp-webhook",
        "message-status",
    ]);
    assert_eq!(functions_with(&format!("comment:{comment}")), expected);

    let id_of = |line: &Value| -> Option<(String, String)> {
        let line: Value = serde_json::from_str(line["text"].as_str()?).ok()?;
        let id = line["span"]["correlation_id"].as_str()?;
        Some((line["kind"].as_str()?.to_owned(), id.to_owned()))
    };
    let ids: Vec<_> = lines.iter().filter_map(id_of).collect();
    let message = ids.iter().find(|(kind, _)| kind == "customer_message");
    let (_, id) = message.unwrap_or_else(|| panic!("the message is not in the log: {ids:?}"));
    assert!(id.starts_with("message:"), "{id}");
    let expected = all(&["whatsapp-webhook", "inbound-message"]);
    assert_eq!(functions_with(id), expected);
}

/// A hundred messages within an hour are handled like any others, and counted once.
#[tokio::test]
async fn a_customer_with_very_many_messages_is_seen() {
    let stack = Stack::start().await;
    let many = async |from: usize, count: usize, phone: &str| {
        let messages = (from..from + count).map(|n| {
            text(
                phone,
                &format!("wamid.{phone}.{n}"),
                &format!("Message {n}"),
            )
        });
        stack.meta_posted(&webhook_of(messages.collect())).await;
        stack.done().await;
        let metrics = stack.api(Method::GET, "/api/metrics", Value::Null).await;
        (
            sum(&metrics, "ManyMessages", None),
            sum(&metrics, "Rendered", None),
        )
    };
    assert_eq!(many(0, 99, PHONE).await, (0.0, 99.0));
    assert_eq!(
        many(0, 2, "4915187654321").await,
        (0.0, 101.0),
        "of another customer"
    );
    assert_eq!(many(99, 1, PHONE).await, (1.0, 102.0));
    assert_eq!(many(100, 10, PHONE).await, (1.0, 112.0));
}
