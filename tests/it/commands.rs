//! Commands in every form that an agent's editor may give them, through the real functions.

use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";

fn marked(words: &str, mark: &str) -> Value {
    json!({"type": "text", "text": words, "marks": [{"type": mark}]})
}

fn plain(words: &str) -> Value {
    json!({"type": "text", "text": words})
}

fn paragraph(content: Value) -> Value {
    json!({"type": "paragraph", "content": content})
}

fn mention() -> Value {
    json!({"type": "mention", "attrs": {"id": "5b10", "text": "@Casement"}})
}

/// Formats a command in every way that an editor can.
fn looks(command: &str) -> Vec<(&'static str, Value)> {
    let item = json!({"type": "listItem", "content": [paragraph(json!([plain(command)]))]});
    vec![
        ("bold", paragraph(json!([marked(command, "strong")]))),
        ("code", paragraph(json!([marked(command, "code")]))),
        (
            "half of it in bold",
            paragraph(json!([
                marked(&command[..3], "strong"),
                plain(&command[3..])
            ])),
        ),
        (
            "after a mention",
            paragraph(json!([mention(), plain(&format!(" {command}"))])),
        ),
        (
            "heading",
            json!({"type": "heading", "attrs": {"level": 2}, "content": [plain(command)]}),
        ),
        (
            "list",
            json!({"type": "bulletList", "content": [item.clone()]}),
        ),
        ("numbers", json!({"type": "orderedList", "content": [item]})),
        (
            "quotation",
            json!({"type": "blockquote", "content": [paragraph(json!([plain(command)]))]}),
        ),
        (
            "code block",
            json!({"type": "codeBlock", "content": [plain(command)]}),
        ),
        (
            "panel",
            json!({"type": "panel", "attrs": {"panelType": "info"},
                "content": [paragraph(json!([plain(command)]))]}),
        ),
        (
            "task",
            json!({"type": "taskList", "attrs": {"localId": "a"}, "content": [
                {"type": "taskItem", "attrs": {"localId": "b", "state": "TODO"},
                    "content": [plain(command)]}]}),
        ),
    ]
}

async fn note(stack: &Stack, key: &str, block: Value) {
    let document = json!({"type": "doc", "version": 1, "content": [block]});
    let note = json!({"adf": document, "public": false, "author": "agent"});
    let path = format!("/api/requests/{key}/comments");
    stack.api(Method::POST, &path, note).await;
    stack.done().await;
}

async fn held(stack: &Stack) -> Value {
    stack.state().await["conversations"][0]["held"].clone()
}

#[tokio::test]
async fn a_cancel_in_any_look_takes_back_what_is_held() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack.advance(Duration::from_secs(25 * 3_600)).await;
    for (number, (look, block)) in looks("/cancel").into_iter().enumerate() {
        stack
            .agent_wrote(&key, &format!("Late answer {number}"))
            .await;
        assert_eq!(held(&stack).await, 1, "{look}");
        note(&stack, &key, block).await;
        assert_eq!(held(&stack).await, 0, "{look}");
        let request = stack.request().await;
        let told = request.internal().last().copied().unwrap_or_default();
        assert!(
            told.starts_with("1 held reply is cancelled."),
            "{look}: {told}"
        );
    }
    stack.customer_wrote(ANA, "Hello?").await;
    assert!(stack.received(ANA).await.is_empty());
}

#[tokio::test]
async fn a_window_in_any_look_is_answered() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    for (look, block) in looks("/window") {
        let before = stack.request().await.internal().len();
        note(&stack, &key, block).await;
        let request = stack.request().await;
        let [_, answer] = request.internal()[before..] else {
            panic!("{look}: {request:#?}")
        };
        assert!(answer.starts_with("Open until "), "{look}: {answer}");
    }
    assert!(stack.received(ANA).await.is_empty());
}

/// A misspelt command gets the list of commands, however it is formatted.
#[tokio::test]
async fn a_misspelt_command_in_any_look_gets_the_list() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    for (look, block) in looks("/cancle") {
        let before = stack.request().await.internal().len();
        note(&stack, &key, block).await;
        let request = stack.request().await;
        let [_, answer] = request.internal()[before..] else {
            panic!("{look}: {request:#?}")
        };
        assert!(
            answer.contains("/cancel – cancels all held"),
            "{look}: {answer}"
        );
    }
}
