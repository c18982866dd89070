use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const DAY: Duration = Duration::from_secs(25 * 3600);

/// Starts a stack in which a customer has written. Returns the key of the request.
async fn asked() -> (Stack, String) {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    (stack, key)
}

async fn edit(stack: &Stack, key: &str, id: &str, change: Value) {
    let path = format!("/api/requests/{key}/comments/{id}");
    stack.api(Method::PUT, &path, change).await;
    stack.done().await;
}

async fn delete(stack: &Stack, key: &str, id: &str) {
    let path = format!("/api/requests/{key}/comments/{id}");
    stack.api(Method::DELETE, &path, Value::Null).await;
    stack.done().await;
}

async fn held(stack: &Stack) -> Value {
    stack.state().await["conversations"][0]["held"].clone()
}

/// Counts the internal notes with this beginning.
async fn notes(stack: &Stack, begin: &str) -> usize {
    let request = stack.request().await;
    let notes = request.internal().into_iter();
    notes.filter(|note| note.starts_with(begin)).count()
}

#[tokio::test]
async fn what_the_customer_has_stays_and_the_agent_is_told_once() {
    let (stack, key) = asked().await;
    let id = stack.agent_writes(&key, "It ships on Monday", true).await;
    stack.done().await;
    for text in ["It ships on Tuesday", "It ships on Wednesday"] {
        edit(&stack, &key, &id, json!({"text": text})).await;
    }
    edit(&stack, &key, &id, json!({"public": false})).await;
    assert_eq!(
        notes(&stack, "The customer still sees the earlier text.").await,
        1
    );
    delete(&stack, &key, &id).await;
    assert_eq!(
        notes(&stack, "The customer still sees the deleted reply.").await,
        1
    );
    assert_eq!(stack.received(ANA).await, ["It ships on Monday"]);
}

#[tokio::test]
async fn a_reply_that_is_saved_again_unchanged_is_not_called_changed() {
    let (stack, key) = asked().await;
    // Jira may count setting a property as an edit of the comment.
    let options = json!({"properties_edit_comments": true});
    stack.api(Method::POST, "/api/jira/options", options).await;
    let id = stack.agent_writes(&key, "It ships on Monday", true).await;
    stack.done().await;
    edit(&stack, &key, &id, json!({"text": "It ships on Monday"})).await;
    assert!(stack.request().await.internal().is_empty());
    // After the comment was made internal and public again, one note says so, though its text is
    // unchanged.
    for public in [false, true] {
        edit(&stack, &key, &id, json!({"public": public})).await;
        let told = notes(&stack, "The customer still sees the earlier text.").await;
        assert_eq!(told, 1);
    }
    assert_eq!(stack.received(ANA).await, ["It ships on Monday"]);
}

#[tokio::test]
async fn an_internal_note_goes_out_when_it_is_made_public() {
    let (stack, key) = asked().await;
    let id = stack.agent_writes(&key, "It ships today", false).await;
    stack.done().await;
    assert!(stack.received(ANA).await.is_empty());
    edit(&stack, &key, &id, json!({"public": true})).await;
    assert_eq!(stack.received(ANA).await, ["It ships today"]);
    assert!(notes(&stack, "The customer").await == 0);
}

#[tokio::test]
async fn a_held_reply_that_is_deleted_or_made_internal_is_withdrawn() {
    let (stack, key) = asked().await;
    stack.advance(DAY).await;
    let mut ids = Vec::new();
    for text in ["one", "two", "three"] {
        ids.push(stack.agent_writes(&key, text, true).await);
        stack.done().await;
    }
    assert_eq!(held(&stack).await, 3);
    delete(&stack, &key, &ids[0]).await;
    edit(&stack, &key, &ids[1], json!({"public": false})).await;
    assert_eq!(held(&stack).await, 1);
    assert_eq!(notes(&stack, "A held reply was withdrawn.").await, 2);
    stack.customer_wrote(ANA, "Hello?").await;
    assert_eq!(stack.received(ANA).await, ["three"]);
}

#[tokio::test]
async fn an_internal_cancel_takes_back_all_that_is_held() {
    let (stack, key) = asked().await;
    stack.advance(DAY).await;
    let mut ids = Vec::new();
    for text in ["one", "two"] {
        ids.push(stack.agent_writes(&key, text, true).await);
        stack.done().await;
    }
    stack.agent_writes(&key, "/cancel", false).await;
    stack.done().await;
    assert_eq!(held(&stack).await, 0);
    assert_eq!(notes(&stack, "2 held replies are cancelled.").await, 1);

    edit(&stack, &key, &ids[0], json!({"text": "edited"})).await;
    stack.customer_wrote(ANA, "Hello?").await;
    assert!(stack.received(ANA).await.is_empty());
    stack.agent_wrote(&key, "three").await;
    assert_eq!(stack.received(ANA).await, ["three"]);
}

#[tokio::test]
async fn a_request_that_is_deleted_takes_its_replies_along() {
    let (stack, key) = asked().await;
    stack.agent_wrote(&key, "It ships today").await;
    stack.advance(DAY).await;
    stack.agent_wrote(&key, "late").await;
    assert_eq!(held(&stack).await, 1);
    stack
        .api(Method::DELETE, &format!("/api/requests/{key}"), Value::Null)
        .await;
    stack.settle().await;
    let state = stack.state().await;
    assert_eq!(state["conversations"][0]["held"], 0, "{state:#}");
    assert_eq!(state["dead_letters"], json!([]));
}
