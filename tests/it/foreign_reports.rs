//! Reports and changes for others who share a Meta app with us.

use std::time::Duration;

use casement_core::model::fingerprint::FingerprintKey;
use casement_core::model::ledger::callback::sealed_under;
use casement_tests::Stack;
use casement_tests::meta::{NUMBER, change, now, webhook};
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";

/// Builds a status of somebody's message from this business number.
fn report(number: &str, status: &str, callback: &str) -> Value {
    let mut change = change(json!({"statuses": [{"id": "wamid.THEIRS", "status": status,
        "timestamp": now(), "recipient_id": ANA, "biz_opaque_callback_data": callback}]}));
    change["value"]["metadata"]["phone_number_id"] = json!(number);
    webhook(vec![change])
}

#[tokio::test]
async fn a_report_of_another_number_or_deployment_settles_nothing() {
    let key_of_the_stack =
        FingerprintKey::new("local-fingerprint-key-for-development-only").unwrap();
    for (number, status, sealed) in [
        ("999000111222333", "delivered", true),
        ("999000111222333", "failed", false),
        (NUMBER, "delivered", false),
        (NUMBER, "failed", false),
    ] {
        let stack = Stack::start().await;
        let quiet = json!({"statuses": "none"});
        stack
            .api(Method::POST, "/api/whatsapp/options", quiet)
            .await;
        stack.customer_wrote(ANA, "My order is late").await;
        let key = stack.request().await.key;
        // Whether Meta has accepted the message is unknown.
        stack
            .fault(
                json!({"target": "whatsapp", "match": "/messages", "kind": "status",
                "status": 500, "count": 2}),
            )
            .await;
        let id = stack.agent_writes(&key, "It is on its way", true).await;
        stack.quiet().await;
        let callback = format!("comment:{id}/0");
        let callback = if sealed {
            sealed_under(&key_of_the_stack, &callback)
        } else {
            callback
        };
        stack.meta_posted(&report(number, status, &callback)).await;
        stack.quiet().await;
        stack.advance(Duration::from_secs(1_200)).await;
        stack.settle().await;
        let received = stack.received(ANA).await;
        let ours = received.iter().filter(|text| *text == "It is on its way");
        assert_eq!(ours.count(), 1, "{number} {status}: {received:?}");
        let request = stack.request().await;
        assert!(
            !request
                .internal()
                .iter()
                .any(|note| note.contains("did not get")),
            "{request:#?}"
        );
    }
}
