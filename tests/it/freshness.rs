//! Webhooks that arrive late, out of order, or years later.

use std::time::Duration;

use casement_tests::Stack;
use casement_tests::meta::{change, message, webhook};
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const MOVED: &str = "4915187654321";
const DAY: Duration = Duration::from_secs(86_400);

/// Returns the stack's time some seconds ago, as a Unix timestamp.
async fn ago(stack: &Stack, seconds: i64) -> String {
    let clock = stack.api(Method::GET, "/api/clock", Value::Null).await;
    let now = clock["now"].as_str().unwrap();
    let now = chrono::DateTime::parse_from_rfc3339(now).unwrap();
    (now.timestamp() - seconds).to_string()
}

/// Delivers a text that was sent some seconds ago.
async fn comes(stack: &Stack, wamid: &str, text: &str, seconds: i64) {
    let text = json!({"type": "text", "text": {"body": text},
        "timestamp": ago(stack, seconds).await});
    let body = webhook(vec![change(
        json!({"messages": [message(ANA, wamid, text)]}),
    )]);
    // The webhook goes through the simulated phone, so that the window opens there too.
    stack
        .api(Method::POST, "/api/webhooks/whatsapp", body)
        .await;
    stack.settle().await;
}

async fn is_done(stack: &Stack) -> bool {
    let requests = stack.api(Method::GET, "/api/requests", Value::Null).await;
    requests[0]["status_category"] == "done"
}

#[tokio::test]
async fn an_old_message_reopens_nothing_and_leaves_a_note() {
    let stack = Stack::start().await;
    comes(&stack, "wamid.1", "My order is late", 0).await;
    let request = stack.request().await;
    stack.agent_wrote(&request.key, "It is on its way").await;
    let transition = format!("/api/requests/{}/transition", request.key);
    let done = json!({"to": "done"});
    stack.api(Method::POST, &transition, done).await;

    // An old message that was never seen; and, after a month, the first one again.
    comes(&stack, "wamid.0", "Hello from long ago", 40 * 86_400).await;
    stack.advance(40 * DAY).await;
    stack.settle().await;
    comes(&stack, "wamid.1", "My order is late", 40 * 86_400).await;

    assert!(is_done(&stack).await);
    let request = stack.request().await;
    assert_eq!(request.public(), ["My order is late", "It is on its way"]);
    let noted = request.internal();
    let noted = noted.iter().filter(|note| note.contains("An old message"));
    assert!((1..=2).contains(&noted.count()), "{request:#?}");
}

#[tokio::test]
async fn a_comment_of_three_months_ago_is_not_sent_again() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    let id = stack.agent_writes(&key, "It is on its way", true).await;
    stack.done().await;
    let requests = stack.api(Method::GET, "/api/requests", Value::Null).await;
    let issue = requests[0]["id"].clone();

    stack.advance(95 * DAY).await;
    stack.settle().await;
    stack.customer_wrote(ANA, "Thanks again").await;
    let again = json!({"webhookEvent": "comment_created", "issue": {"id": issue},
        "comment": {"id": id}});
    stack.api(Method::POST, "/api/webhooks/jira", again).await;
    stack.settle().await;
    let received = stack.received(ANA).await;
    let sent = received.iter().filter(|text| *text == "It is on its way");
    assert_eq!(sent.count(), 1, "{received:?}");
}

#[tokio::test]
async fn the_wish_that_was_sent_last_counts() {
    let stack = Stack::start().await;
    comes(&stack, "wamid.1", "My order is late", 60).await;
    comes(&stack, "wamid.3", "STOP", 10).await;
    comes(&stack, "wamid.2", "START", 20).await;
    let request = stack.request().await;
    assert_eq!(request.public(), ["My order is late", "STOP", "START"]);
    let received = stack.received(ANA).await;
    assert_eq!(received.len(), 1, "{received:?}");
    stack.advance(Duration::from_secs(3_600)).await;
    assert_eq!(stack.received(ANA).await.len(), 1, "still opted out");
}

#[tokio::test]
async fn a_change_older_than_the_latest_message_moves_nothing() {
    for seconds in [600, 40 * 86_400] {
        let stack = Stack::start().await;
        comes(&stack, "wamid.1", "My order is late", 60).await;
        let system = json!({"type": "system", "timestamp": ago(&stack, seconds).await,
            "system": {"type": "user_changed_number", "wa_id": MOVED}});
        let lists = json!({"messages": [message(ANA, "wamid.S", system)]});
        stack.meta_posted(&webhook(vec![change(lists)])).await;
        stack.settle().await;
        let request = stack.request().await;
        stack.agent_wrote(&request.key, "It is on its way").await;
        assert_eq!(stack.received(ANA).await, ["It is on its way"]);
        assert!(stack.received(MOVED).await.is_empty());
        let noted = stack.request().await;
        let noted = noted.internal().join("");
        assert!(
            noted.contains("An old change of the customer's number"),
            "{noted}"
        );
    }
}

#[tokio::test]
async fn a_conversation_goes_on_for_months_while_its_ledger_is_forgotten() {
    let stack = Stack::start().await;
    comes(&stack, "wamid.1", "My order is late", 0).await;
    let key = stack.request().await.key;
    stack.agent_wrote(&key, "It is on its way").await;
    let mut texts = vec!["My order is late".to_owned(), "It is on its way".to_owned()];
    let mut passed = 0;
    // After 14, 30 and 90 days: within the ledger's memory, after it, and after that of replies.
    for days in [15, 30, 60] {
        stack.advance(days * DAY).await;
        stack.settle().await;
        passed += i64::from(days) * 86_400;
        let (question, answer) = (format!("After {days}?"), format!("Soon, after {days}"));
        comes(&stack, &format!("wamid.{days}"), &question, 0).await;
        comes(&stack, "wamid.1", "My order is late", passed).await;
        stack.agent_wrote(&key, &answer).await;
        texts.extend([question, answer.clone()]);
        assert_eq!(stack.request().await.public(), texts, "{days}");
        assert_eq!(stack.received(ANA).await.last(), Some(&answer), "{days}");
    }
    let request = stack.request().await;
    let noted = request.internal();
    let noted = noted.iter().filter(|note| note.contains("An old message"));
    assert_eq!(noted.count(), 2, "{request:#?}");
}
