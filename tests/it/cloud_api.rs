//! Jira behind the cloud API, which three of four kinds of account use.

use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const PHOTO: (&str, &str, &[u8]) = (
    "IMG 1.jpg",
    "image/jpeg",
    b"\xff\xd8\xff not much of a photo",
);

/// Returns the only request, with everything that Jira stores for it.
async fn whole(stack: &Stack) -> Value {
    let requests = stack.api(Method::GET, "/api/requests", Value::Null).await;
    requests[0].clone()
}

/// Returns the state that Casement stores with a comment.
async fn state_of(stack: &Stack, comment: &str) -> Value {
    let request = whole(stack).await;
    let comments = request["comments"].as_array().unwrap();
    let found = comments.iter().find(|one| one["id"] == comment).unwrap();
    found["properties"]["casement"]["state"].clone()
}

async fn agent_writes_adf(stack: &Stack, key: &str, content: Value) {
    let document = json!({"type": "doc", "version": 1,
        "content": [{"type": "paragraph", "content": content}]});
    let path = format!("/api/requests/{key}/comments");
    let comment = json!({"adf": document, "public": true, "author": "agent"});
    stack.api(Method::POST, &path, comment).await;
    stack.done().await;
}

#[tokio::test]
async fn a_conversation_at_the_cloud_api_is_like_any_other() {
    let stack = Stack::start_with(&["--cloud-api"]).await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;

    let reply = stack.agent_writes(&key, "It ships on Monday", true).await;
    stack.done().await;
    assert_eq!(stack.received(ANA).await, ["It ships on Monday"]);
    assert_eq!(state_of(&stack, &reply).await, "delivered");

    let path = format!("/api/requests/{key}/comments/{reply}");
    stack
        .api(Method::PUT, &path, json!({"text": "It ships on Tuesday"}))
        .await;
    stack.done().await;
    let request = stack.request().await;
    let note = request.internal()[0].to_owned();
    assert!(note.starts_with("The customer still sees the earlier text."));

    stack
        .customer_sends_file(ANA, PHOTO, Some("the wheel"))
        .await;
    stack.done().await;
    let files = stack.attachments(&key).await;
    assert_eq!((files.len(), files[0].size), (1, PHOTO.2.len() as u64));

    let offer = json!({"text": "our offer", "public": true, "author": "agent", "attachments": [
        {"filename": "offer.pdf", "mime_type": "application/pdf", "base64": "JVBERi0xLjc="}]});
    let comments = format!("/api/requests/{key}/comments");
    stack.api(Method::POST, &comments, offer).await;
    stack.done().await;
    let path = format!("/api/customers/{ANA}/messages");
    let chat = stack.api(Method::GET, &path, Value::Null).await;
    let last = chat.as_array().unwrap().last().unwrap();
    assert_eq!(last["media"]["filename"], "offer.pdf", "{last}");
    assert_eq!(last["media"]["size"], 8, "{last}");

    stack.advance(Duration::from_secs(25 * 3_600)).await;
    let template = "/template order_update en_US \"4711\" \"Ana\" \"Monday\" \"4711\"";
    stack.agent_writes(&key, template, false).await;
    stack.done().await;
    let shown = "Order 4711\nHello Ana, your order arrives on Monday.\nThe shop";
    let received = stack.received(ANA).await;
    assert_eq!(received.last().map(String::as_str), Some(shown));

    let late = stack.agent_writes(&key, "It was in the wrong van", true);
    let late = late.await;
    stack.done().await;
    assert_eq!(stack.state().await["conversations"][0]["held"], 1);
    assert_eq!(state_of(&stack, &late).await, Value::Null);
    stack.customer_wrote(ANA, "Still waiting").await;
    let received = stack.received(ANA).await;
    assert_eq!(
        received.last().map(String::as_str),
        Some("It was in the wrong van")
    );
    assert_eq!(state_of(&stack, &late).await, "delivered");
}

#[tokio::test]
async fn the_inside_of_the_site_stays_inside_behind_either_address() {
    let inside = "https://casement-local.atlassian.net/browse/SUP-7";
    let portal = "https://casement-local.atlassian.net/servicedesk/customer/portal/1/SUP-7";
    let other = "https://other.atlassian.net/browse/AB-1";
    let link = |text: &str, href: &str| {
        json!({"type": "text", "text": text,
            "marks": [{"type": "link", "attrs": {"href": href}}]})
    };
    for options in [&["--cloud-api"][..], &[]] {
        let stack = Stack::start_with(options).await;
        stack.customer_wrote(ANA, "My order is late").await;
        let key = stack.request().await.key;
        stack.agent_wrote(&key, &format!("See {inside} now")).await;
        for content in [
            json!([{"type": "text", "text": "See "}, {"type": "inlineCard", "attrs": {"url": inside}}]),
            json!([link("the ticket", inside)]),
            json!([link("write us", "mailto:us@shop.example")]),
            json!([link("the portal", portal)]),
            json!([link("the others", other)]),
        ] {
            agent_writes_adf(&stack, &key, content).await;
        }
        let received = stack.received(ANA).await;
        assert_eq!(received.len(), 6, "{received:?}");
        assert!(!received.concat().contains(inside), "{received:?}");
        assert_eq!(
            received[2..],
            [
                "the ticket (SUP-7)".to_owned(),
                "write us (us@shop.example)".to_owned(),
                format!("the portal ({portal})"),
                format!("the others ({other})"),
            ]
        );
    }
}

#[tokio::test]
async fn a_reply_waits_until_the_site_is_known() {
    let stack = Stack::start_with(&["--cloud-api"]).await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack
        .fault(json!({"target": "jira", "match": "/serverInfo", "kind": "status", "status": 404}))
        .await;
    let inside = "https://casement-local.atlassian.net/browse/SUP-7";
    let text = format!("See {inside} now");
    stack.agent_writes(&key, &text, true).await;
    stack.quiet().await;
    assert!(stack.received(ANA).await.is_empty());
    stack.fair_weather().await;
    stack.settle().await;
    assert_eq!(stack.received(ANA).await, ["See SUP-7 now"]);
}
