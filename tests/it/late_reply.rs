use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::json;

const ANA: &str = "4915112345678";
const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_late_reply_is_held_and_delivered_when_the_customer_writes_again() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack.advance(25 * HOUR).await;
    stack.agent_wrote(&key, "It was in the wrong van").await;

    assert!(stack.received(ANA).await.is_empty());
    let notes = stack.request().await;
    assert!(
        notes
            .internal()
            .iter()
            .any(|note| note.starts_with("Not sent yet")),
        "{notes:#?}"
    );
    assert_eq!(stack.state().await["conversations"][0]["held"], 1);
    let shown = stack.casement(&["conversation", "show", ANA]).await;
    assert!(shown.text.contains("answered, not received"), "{shown:?}");

    stack.customer_wrote(ANA, "Still waiting").await;
    assert_eq!(stack.received(ANA).await, ["It was in the wrong van"]);
    assert_eq!(stack.state().await["conversations"][0]["held"], 0);
}

#[tokio::test]
async fn held_replies_keep_their_order_and_follow_edits_and_deletions() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack.advance(25 * HOUR).await;
    let first = stack.agent_writes(&key, "frist", true).await;
    stack.quiet().await;
    let second = stack.agent_writes(&key, "a mistake", true).await;
    stack.quiet().await;
    stack.agent_wrote(&key, "third").await;
    let comment = |id: &str| format!("/api/requests/{key}/comments/{id}");
    stack
        .api(Method::PUT, &comment(&first), json!({"text": "first"}))
        .await;
    stack
        .api(Method::DELETE, &comment(&second), json!(null))
        .await;
    stack.quiet().await;
    stack.customer_wrote(ANA, "Hello?").await;
    assert_eq!(stack.received(ANA).await, ["first", "third"]);
}

#[tokio::test]
async fn meta_has_the_last_word_about_the_window() {
    for mode in ["sync", "async"] {
        let stack = Stack::start().await;
        stack.customer_wrote(ANA, "My order is late").await;
        let key = stack.request().await.key;
        // Meta's clock is ahead of ours: the simulator opened its window more than a day ago.
        stack
            .api(
                Method::POST,
                "/api/whatsapp/options",
                json!({"window_error": mode}),
            )
            .await;
        stack.fault(json!({"target": "whatsapp", "kind": "status", "status": 400, "count": 2,
            "body": {"error": {"message": "Re-engagement message", "type": "OAuthException", "code": 131_047}}})).await;
        stack.agent_writes(&key, "Here is the answer", true).await;
        stack.settle().await;
        assert!(stack.received(ANA).await.is_empty(), "{mode}");
        assert_eq!(stack.state().await["conversations"][0]["held"], 1, "{mode}");
        stack.customer_wrote(ANA, "Yes?").await;
        assert_eq!(stack.received(ANA).await, ["Here is the answer"], "{mode}");
    }
}
