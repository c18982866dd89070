use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const BEN: &str = "4915187654321";

#[tokio::test]
async fn an_expired_token_keeps_replies_in_order_for_hours_and_lets_messages_in() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "hello").await;
    let key = stack.request().await.key;
    stack
        .fault(
            json!({"target": "whatsapp", "kind": "status", "status": 401,
        "body": {"error": {"message": "expired", "type": "OAuthException", "code": 190}}}),
        )
        .await;
    for reply in ["one", "two", "three"] {
        stack.agent_writes(&key, reply, true).await;
        stack.quiet().await;
    }
    for _ in 0..10 {
        stack.advance(Duration::from_secs(1_800)).await;
    }
    for (customer, question) in [(ANA, "anyone?"), (BEN, "good morning")] {
        assert_eq!(stack.customer_writes(customer, question).await, 200);
        stack.quiet().await;
    }
    let requests = stack.requests().await;
    let asked: Vec<_> = requests.iter().map(|one| one.public().len()).collect();
    assert_eq!(asked, [5, 1], "{requests:#?}");
    assert!(stack.received(ANA).await.is_empty());
    let logged = stack.logged();
    assert!(logged.contains("sending_paused"), "{logged}");

    stack.fair_weather().await;
    stack.settle().await;
    assert_eq!(stack.received(ANA).await, ["one", "two", "three"]);
    let dead = &stack.state().await["dead_letters"];
    assert_eq!(*dead, json!([]));
}

#[tokio::test]
async fn a_customer_over_the_pair_limit_waits_and_nobody_else_does() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "Please send me the terms").await;
    stack.customer_wrote(BEN, "Hello").await;
    let keys: Vec<_> = stack.requests().await.into_iter().map(|r| r.key).collect();
    // Each reply is eight messages. WhatsApp takes 45 at once, and then one every six seconds.
    for number in 0..7 {
        let text = format!("{number} {}", "word ".repeat(6_000));
        stack.agent_writes(&keys[0], &text, true).await;
    }
    stack.quiet().await;
    let taken = stack.received(ANA).await.len();
    assert!((45..56).contains(&taken), "{taken}");
    stack.agent_writes(&keys[1], "Hello Ben", true).await;
    stack.quiet().await;
    assert_eq!(stack.received(BEN).await, ["Hello Ben"]);

    stack.settle().await;
    let received = stack.received(ANA).await;
    let marks = (0..7).flat_map(|_| (1..=8).map(|part| format!("({part}/8)")));
    let marks: Vec<_> = marks.collect();
    assert_eq!(received.len(), marks.len());
    for (text, mark) in received.iter().zip(&marks) {
        assert!(text.contains(mark.as_str()), "{mark}: {}", &text[..20]);
    }
    assert!(stack.requests().await[0].internal().is_empty());
}

/// Returns the properties that Casement stores with agents' comments on the only request.
async fn shown(stack: &Stack) -> Vec<Value> {
    let requests = stack.api(Method::GET, "/api/requests", Value::Null).await;
    let comments = requests[0]["comments"].as_array().unwrap().iter();
    let of_agents = comments.filter(|comment| comment["author"]["displayName"] != "Casement");
    let kept = of_agents.map(|comment| comment["properties"]["casement"].clone());
    kept.filter(|kept| kept["v"] == 1).collect()
}

#[tokio::test]
async fn a_comment_shows_how_far_it_has_come_and_stays_the_agents() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "hello").await;
    let key = stack.request().await.key;
    let comment = stack.agent_writes(&key, "hi", true).await;
    stack.done().await;
    let state = |shown: &[Value]| {
        let states = shown.iter().map(|one| one["state"].clone());
        states.collect::<Vec<_>>()
    };
    assert_eq!(state(&shown(&stack).await), ["delivered"]);
    let read = format!("/api/customers/{ANA}/read");
    stack.api(Method::POST, &read, Value::Null).await;
    stack.done().await;
    let now = shown(&stack).await;
    assert_eq!(state(&now), ["read"]);
    assert_eq!(now[0]["parts"][0]["state"], "read");
    let text = now[0].to_string();
    assert!(!text.contains("wamid") && !text.contains("49151"), "{text}");

    let edited = format!("/api/requests/{key}/comments/{comment}");
    stack
        .api(Method::PUT, &edited, json!({"text": "hi there"}))
        .await;
    stack.done().await;
    let notes = stack.request().await;
    let notes = notes.internal();
    assert!(
        notes[0].starts_with("The customer still sees the earlier text."),
        "{notes:?}"
    );
}

#[tokio::test]
async fn a_reply_whose_parts_all_fail_leaves_one_note() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "hello").await;
    let key = stack.request().await.key;
    let options = json!({"fail_next": [131_026, 131_026, 131_026]});
    stack
        .api(Method::POST, "/api/whatsapp/options", options)
        .await;
    let text = "word ".repeat(2_000);
    stack.agent_writes(&key, &text, true).await;
    stack.settle().await;
    let request = stack.request().await;
    let notes = request.internal();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].contains("131026"), "{notes:?}");
    let shown = shown(&stack).await;
    assert_eq!(shown[0]["state"], "failed");
    assert_eq!(shown[0]["parts"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn the_customer_sees_that_messages_were_read() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "hello").await;
    assert_eq!(stack.phone(ANA).await[0].status, "read");
    // A failed read receipt stops nothing.
    stack
        .fault(json!({"target": "whatsapp", "kind": "cut_after"}))
        .await;
    stack.customer_wrote(ANA, "anyone?").await;
    assert_eq!(stack.request().await.public(), ["hello", "anyone?"]);
}
