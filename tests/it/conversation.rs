use std::collections::BTreeMap;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::json;

const ANA: &str = "4915112345678";

#[tokio::test]
async fn a_first_message_opens_a_request_and_a_second_joins_it() {
    let stack = Stack::start().await;
    stack
        .customer_wrote(ANA, "My order is late\nNo. 4711")
        .await;
    let request = stack.request().await;
    assert_eq!(
        request.summary,
        "My order is late (Ana Lima +4915112345678)"
    );
    assert_eq!(request.public(), ["My order is late\nNo. 4711"]);

    stack.customer_wrote(ANA, "Are you there?").await;
    let request = stack.request().await;
    assert_eq!(
        request.public(),
        ["My order is late\nNo. 4711", "Are you there?"]
    );
    assert!(request.internal().is_empty());

    let state = stack.state().await;
    let conversation = &state["conversations"][0];
    assert_eq!(conversation["window"], "open");
    assert_eq!(conversation["issue_key"], request.key.as_str());
}

#[tokio::test]
async fn a_public_comment_reaches_the_phone_and_an_internal_note_does_not() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack
        .agent_writes(&key, "Do not tell: the van broke down", false)
        .await;
    stack.agent_wrote(&key, "It arrives tomorrow").await;
    assert_eq!(stack.received(ANA).await, ["It arrives tomorrow"]);
    let phone = stack.phone(ANA).await;
    assert_eq!(phone.last().unwrap().status, "delivered");
}

#[tokio::test]
async fn an_internal_note_stays_inside_although_the_webhook_calls_it_public() {
    let stack = Stack::start().await;
    stack
        .api(
            Method::POST,
            "/api/jira/options",
            json!({"jsd_public_bug": true}),
        )
        .await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack.agent_writes(&key, "Do not tell", false).await;
    let restricted = json!({"text": "For the team", "public": true, "author": "agent",
        "visibility": {"type": "role", "value": "Service Desk Team"}});
    let comments = format!("/api/requests/{key}/comments");
    stack.api(Method::POST, &comments, restricted).await;
    stack.quiet().await;
    assert!(stack.received(ANA).await.is_empty());
}

#[tokio::test]
async fn a_comment_by_automation_goes_out() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    let comment = json!({"text": "We are on it", "public": true, "author": "automation"});
    let comments = format!("/api/requests/{key}/comments");
    stack.api(Method::POST, &comments, comment).await;
    stack.quiet().await;
    assert_eq!(stack.received(ANA).await, ["We are on it"]);
}

#[tokio::test]
async fn a_portal_customer_does_not_speak_for_the_business() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    let comments = format!("/api/requests/{key}/comments");
    for text in ["I am his brother", "And I am waiting"] {
        let comment = json!({"text": text, "public": true, "author": "customer"});
        stack.api(Method::POST, &comments, comment).await;
        stack.done().await;
    }
    assert!(stack.received(ANA).await.is_empty());
    let state = stack.state().await;
    assert!(
        state["conversations"][0]["awaiting_since"].is_i64(),
        "{state:#}"
    );
    let request = stack.request().await;
    let told = request.internal();
    let told = told
        .iter()
        .filter(|note| note.starts_with("Not sent to WhatsApp."));
    assert_eq!(told.count(), 2, "{request:#?}");
    stack.agent_wrote(&key, "It arrives tomorrow").await;
    assert_eq!(stack.received(ANA).await, ["It arrives tomorrow"]);
}

#[tokio::test]
async fn a_long_answer_arrives_in_numbered_parts_in_order() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "Tell me everything").await;
    let key = stack.request().await.key;
    stack.agent_wrote(&key, &"word ".repeat(1_500)).await;
    let parts = stack.received(ANA).await;
    assert_eq!(parts.len(), 2);
    assert!(parts[0].starts_with("(1/2)") && parts[1].starts_with("(2/2)"));
}

#[tokio::test]
async fn two_first_messages_at_once_are_one_request() {
    let stack = Stack::start().await;
    let (first, second) = tokio::join!(
        stack.customer_writes(ANA, "one"),
        stack.customer_writes(ANA, "two")
    );
    assert_eq!((first, second), (200, 200));
    stack.settle().await;
    let request = stack.request().await;
    let mut said = request.public();
    said.sort_unstable();
    assert_eq!(said, ["one", "two"]);
}

#[tokio::test]
async fn a_text_on_a_known_request_costs_little() {
    // Every feature that depends on the window is on: its work is left for later.
    let settings = std::env::temp_dir().join(format!("casement-costs-{}.toml", std::process::id()));
    let document = include_str!("../../infra/local/settings.toml");
    let field = "window_field = \"customfield_10054\"\ndelay_after";
    std::fs::write(&settings, document.replace("delay_after", field)).unwrap();
    let stack = Stack::start_with(&["--settings", settings.to_str().unwrap()]).await;
    std::fs::remove_file(&settings).unwrap();
    stack.customer_wrote(ANA, "one").await;
    // On a slow machine an attempt may fail, which makes no message cheaper.
    let mut cheapest = calls_of_a_text(&stack).await;
    for _ in 0..2 {
        cheapest = cheapest.min(calls_of_a_text(&stack).await);
    }
    let expected = [
        ("dynamodb GetItem", 1),
        ("dynamodb PutItem", 3),
        ("jira", 2),
        ("sqs SendMessageBatch", 1),
        // The read receipt.
        ("whatsapp POST /v27.0/106540352242922/messages", 1),
    ];
    let expected = expected.map(|(call, count)| (call.to_owned(), count));
    assert_eq!(cheapest, (8, BTreeMap::from(expected)));
}

/// Counts the calls that the functions make for one text, in total and by kind.
async fn calls_of_a_text(stack: &Stack) -> (usize, BTreeMap<String, usize>) {
    let before = stack.api(Method::GET, "/api/calls", json!(null)).await;
    stack.customer_wrote(ANA, "another").await;
    let after = stack.api(Method::GET, "/api/calls", json!(null)).await;
    let new = &after.as_array().unwrap()[before.as_array().unwrap().len()..];
    let mut by_kind = BTreeMap::new();
    for call in new {
        let service = call["service"].as_str().unwrap();
        let kind = match service {
            "jira" => service.to_owned(),
            _ => format!("{service} {}", call["operation"].as_str().unwrap()),
        };
        *by_kind.entry(kind).or_insert(0) += 1;
    }
    (new.len(), by_kind)
}
