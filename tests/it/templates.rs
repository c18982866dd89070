use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const HOUR: Duration = Duration::from_secs(3600);

async fn chat(stack: &Stack) -> Vec<Value> {
    let path = format!("/api/customers/{ANA}/messages");
    let chat = stack.api(Method::GET, &path, json!(null)).await;
    chat.as_array().unwrap().clone()
}

/// Opens a conversation and lets its window close. Returns the key of its request.
async fn closed(stack: &Stack) -> String {
    stack.customer_wrote(ANA, "My order is late").await;
    stack.advance(25 * HOUR).await;
    stack.request().await.key
}

/// Writes an agent's internal note, waits until everything is done, and returns the notes.
async fn noted(stack: &Stack, key: &str, note: &str) -> Vec<String> {
    stack.agent_writes(key, note, false).await;
    stack.done().await;
    let requests = stack.requests().await;
    let request = requests.iter().find(|request| request.key == key).unwrap();
    request.internal().into_iter().map(str::to_owned).collect()
}

async fn with_reopening_template(stack: &Stack) {
    let settings = stack.try_api(Method::GET, "/api/settings", json!(null));
    let document = settings.await.text().await.unwrap();
    let response = stack
        .client()
        .put(stack.url("/api/settings"))
        .body(format!(
            "{document}\n[number.reopening_template]\nname = \"answer_waiting\"\nlanguage = \"en_US\"\n"
        ))
        .send()
        .await
        .unwrap();
    assert!(
        response.status().is_success(),
        "{}",
        response.text().await.unwrap()
    );
}

#[tokio::test]
async fn a_template_reaches_a_customer_whose_window_is_closed() {
    let stack = Stack::start().await;
    let key = closed(&stack).await;
    let command = "/template order_update en_US “4711” “Ana” “next Monday” “4711”";
    let notes = noted(&stack, &key, command).await;
    let shown = "Order 4711\nHello Ana, your order arrives on next Monday.\nThe shop";
    assert_eq!(stack.received(ANA).await, [shown]);
    let told = notes.last().unwrap();
    assert!(
        told.starts_with("Template sent on WhatsApp: Order 4711"),
        "{told}"
    );
    let chat = chat(&stack).await;
    let message = chat.last().unwrap();
    assert_eq!(message["template"]["name"], "order_update");
    assert_eq!(message["status"], "delivered");
    let conversation = &stack.state().await["conversations"][0];
    assert_eq!(conversation["window"], "closed");

    let tap = json!({"wamid": message["wamid"], "button_id": "Thanks"});
    stack
        .api(Method::POST, &format!("/api/customers/{ANA}/tap"), tap)
        .await;
    stack.done().await;
    stack.agent_wrote(&key, "You are welcome").await;
    assert_eq!(stack.received(ANA).await, [shown, "You are welcome"]);
}

#[tokio::test]
async fn a_wrong_command_is_answered_with_what_would_be_right() {
    let stack = Stack::start().await;
    let key = closed(&stack).await;
    for (command, expected) in [
        (
            "/template order_updte en_US",
            "The nearest are: order_update (de, en_US)",
        ),
        ("/template order_update fr \"a\"", "It exists in: de, en_US"),
        (
            "/template order_update en_US \"4711\"",
            "/template order_update en_US \"4711\" \"Ana\" \"Monday\" \"4711\"",
        ),
        (
            "/template payment_reminder en_US",
            "WhatsApp says that it is paused",
        ),
        (
            "/template winter_sale en_US",
            "WhatsApp says that it is rejected",
        ),
    ] {
        let notes = noted(&stack, &key, command).await;
        assert!(notes.last().unwrap().contains(expected), "{notes:#?}");
    }
    assert!(stack.received(ANA).await.is_empty());
}

#[tokio::test]
async fn a_template_with_a_file_and_one_with_names() {
    let stack = Stack::start().await;
    let key = closed(&stack).await;
    let note = json!({
        "text": "/template damage_report en_US \"4711\" header=photo.jpg",
        "public": false, "author": "agent",
        "attachments": [{"filename": "photo.jpg", "mime_type": "image/jpeg", "base64": "/9j/4AAQ"}],
    });
    stack
        .api(Method::POST, &format!("/api/requests/{key}/comments"), note)
        .await;
    stack.done().await;
    noted(
        &stack,
        &key,
        "/template appointment en_US day=Monday customer=\"Ana Lima\"",
    )
    .await;
    assert_eq!(
        stack.received(ANA).await,
        [
            "This is what we found on order 4711.",
            "Hello Ana Lima, we expect you on Monday."
        ]
    );
}

#[tokio::test]
async fn an_agent_writes_first_and_the_answer_comes_into_the_request() {
    let stack = Stack::start().await;
    let open = |phone: &str| json!({"summary": "Call Ana back", "phone": phone});
    for (phone, expected) in [
        ("0151 12345678", Some("country code")),
        ("+49 151 12345678", None),
    ] {
        let opened = stack.api(Method::POST, "/api/requests", open(phone)).await;
        let key = opened["key"].as_str().unwrap();
        let notes = noted(&stack, key, "/template hello_world en_US").await;
        let Some(expected) = expected else {
            assert!(
                notes.last().unwrap().contains("window stays closed"),
                "{notes:#?}"
            );
            stack.customer_wrote(ANA, "Who is this?").await;
            stack.agent_wrote(key, "The shop").await;
            let requests = stack.requests().await;
            assert_eq!(requests.len(), 2, "{requests:#?}");
            assert_eq!(requests[1].public(), ["Who is this?", "The shop"]);
            continue;
        };
        assert!(notes.last().unwrap().contains(expected), "{notes:#?}");
    }
    let hello = "Hello\nThis is a message from our shop.\nThe shop";
    assert_eq!(stack.received(ANA).await, [hello, "The shop"]);
}

#[tokio::test]
async fn held_replies_are_announced_once_and_released_by_the_button() {
    let stack = Stack::start().await;
    with_reopening_template(&stack).await;
    let key = closed(&stack).await;
    stack.agent_wrote(&key, "It was in the wrong van").await;
    stack.agent_wrote(&key, "It comes tomorrow").await;
    let template = "We have an answer to your question.";
    assert_eq!(stack.received(ANA).await, [template]);
    let request = stack.request().await;
    let told = |note: &&&str| note.starts_with("The customer was told on WhatsApp");
    assert_eq!(request.internal().iter().filter(told).count(), 1);

    let chat = chat(&stack).await;
    let message = chat.last().unwrap();
    assert_eq!(
        message["buttons"],
        json!([{"id": "Show it", "title": "Show it"}])
    );
    let tap = json!({"wamid": message["wamid"], "button_id": "Show it"});
    stack
        .api(Method::POST, &format!("/api/customers/{ANA}/tap"), tap)
        .await;
    stack.done().await;
    assert_eq!(
        stack.received(ANA).await,
        [template, "It was in the wrong van", "It comes tomorrow"]
    );
    stack.advance(25 * HOUR).await;
    stack.agent_wrote(&key, "Did it come?").await;
    assert_eq!(stack.received(ANA).await.last().unwrap(), template);
}

#[tokio::test]
async fn a_paused_template_is_not_used_from_then_on() {
    let stack = Stack::start().await;
    with_reopening_template(&stack).await;
    let key = closed(&stack).await;
    noted(&stack, &key, "/template hello_world en_US").await;
    for template in ["hello_world", "answer_waiting"] {
        let path = format!("/api/whatsapp/templates/{template}/en_US/status");
        let answer = stack
            .api(Method::POST, &path, json!({"status": "PAUSED"}))
            .await;
        assert_eq!(answer["webhook_status"], 200);
    }
    stack.done().await;
    let notes = noted(&stack, &key, "/template hello_world en_US").await;
    assert!(notes.last().unwrap().contains("it is paused"), "{notes:#?}");
    stack.agent_wrote(&key, "Too late").await;
    let request = stack.request().await;
    let notes = request.internal();
    assert!(
        notes.last().unwrap().contains("The reply is still held"),
        "{notes:#?}"
    );
    assert_eq!(stack.received(ANA).await.len(), 1);
    assert_eq!(stack.state().await["conversations"][0]["held"], 1);
}
