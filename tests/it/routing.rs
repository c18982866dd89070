use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const NEW_NUMBER: &str = "4915187654321";
const HOUR: Duration = Duration::from_secs(3600);

/// Starts a stack with a request that was answered and resolved.
async fn resolved() -> (Stack, String) {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack.agent_wrote(&key, "It arrives today").await;
    let path = format!("/api/requests/{key}/transition");
    stack.api(Method::POST, &path, json!({"to": "done"})).await;
    stack.quiet().await;
    (stack, key)
}

/// Returns a request with everything that Jira stores for it.
async fn whole(stack: &Stack, key: &str) -> Value {
    let path = format!("/api/requests/{key}");
    stack.api(Method::GET, &path, Value::Null).await
}

#[tokio::test]
async fn a_request_that_was_resolved_yesterday_is_reopened() {
    let (stack, key) = resolved().await;
    stack.advance(24 * HOUR).await;
    stack.customer_wrote(ANA, "It did not come").await;
    let request = stack.request().await;
    assert_eq!(request.public().last(), Some(&"It did not come"));
    assert!(request.internal().is_empty(), "{request:#?}");
    assert_ne!(whole(&stack, &key).await["status_category"], "done");
}

#[tokio::test]
async fn a_request_that_was_resolved_last_week_is_followed_by_a_new_one() {
    let (stack, key) = resolved().await;
    stack.advance(7 * 24 * HOUR).await;
    stack.customer_wrote(ANA, "I have another question").await;
    let requests = stack.requests().await;
    assert_eq!(requests.len(), 2, "{requests:#?}");
    assert_eq!(requests[1].public(), ["I have another question"]);
    assert_eq!(whole(&stack, &key).await["status_category"], "done");
    let new = whole(&stack, &requests[1].key).await;
    let description = new["description"].as_str().unwrap();
    let names_it = format!("It follows {key}, which is done.");
    assert!(description.contains(&names_it), "{description}");
    assert_eq!(new["linked"], json!([key]));
}

#[tokio::test]
async fn thanks_after_the_end_leave_the_request_done() {
    let (stack, key) = resolved().await;
    stack.customer_wrote(ANA, "Thanks! 🙏").await;
    let request = stack.request().await;
    assert_eq!(request.public().last(), Some(&"Thanks! 🙏"));
    assert_eq!(whole(&stack, &key).await["status_category"], "done");
    stack.advance(HOUR).await;
    assert_eq!(stack.received(ANA).await, ["It arrives today"], "no notice");
}

#[tokio::test]
async fn a_deleted_request_is_followed_by_a_new_one() {
    let (stack, key) = resolved().await;
    let path = format!("/api/requests/{key}");
    stack.api(Method::DELETE, &path, Value::Null).await;
    stack.customer_wrote(ANA, "Hello?").await;
    let request = stack.request().await;
    assert_ne!(request.key, key);
    assert_eq!(request.public(), ["Hello?"]);
    let description = whole(&stack, &request.key).await["description"].to_string();
    assert!(description.contains(&key), "{description}");
}

#[tokio::test]
async fn after_a_change_of_number_replies_go_to_the_new_one() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    let system = json!({"type": "system", "system": {
        "type": "user_changed_number", "body": "Ana changed her number", "wa_id": NEW_NUMBER}});
    let path = format!("/api/customers/{ANA}/messages");
    stack.api(Method::POST, &path, system).await;
    stack.quiet().await;
    let request = stack.request().await;
    assert_eq!(request.public(), ["My order is late"]);
    let notes = request.internal();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0].contains("+4915187654321") && notes[0].contains("…678"),
        "{notes:?}"
    );
    assert!(!notes[0].contains(ANA), "{notes:?}");

    stack
        .customer_wrote(NEW_NUMBER, "This is my new number")
        .await;
    stack.agent_wrote(&key, "It arrives today").await;
    let request = stack.request().await;
    assert_eq!(request.public()[1], "This is my new number");
    assert_eq!(stack.received(NEW_NUMBER).await, ["It arrives today"]);
    assert!(stack.received(ANA).await.is_empty());
}
