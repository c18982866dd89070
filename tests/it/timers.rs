//! Timers that fire while a customer waits, and later.

use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// Starts a stack at noon, so that no quiet hours are near, with `lines` in its settings.
async fn stack_with(lines: &str) -> Stack {
    let stack = Stack::start().await;
    let noon = json!({"set": "2027-03-02T12:00:00Z"});
    stack.api(Method::POST, "/api/clock", noon).await;
    let document = stack.client().get(stack.url("/api/settings"));
    let document = document.send().await.unwrap().text().await.unwrap();
    // The number's keys precede its tables.
    let (head, tail) = document.split_once("delay_after").unwrap();
    let rest = tail.split_once('\n').unwrap().1;
    let settings = stack.client().put(stack.url("/api/settings"));
    let document = format!("{head}{lines}{rest}");
    let response = settings.body(document).send().await.unwrap();
    assert_eq!(response.status(), 200, "{}", response.text().await.unwrap());
    stack
}

/// Returns our messages on the phone, as the simulator stores them.
async fn ours(stack: &Stack) -> Vec<Value> {
    let path = format!("/api/customers/{ANA}/messages");
    let chat = stack.api(Method::GET, &path, Value::Null).await;
    let chat = chat.as_array().unwrap().iter();
    chat.filter(|message| message["direction"] == "out")
        .cloned()
        .collect()
}

async fn notes(stack: &Stack, beginning: &str) -> Vec<String> {
    let request = stack.request().await;
    let notes = request.internal().into_iter();
    notes
        .filter(|note| note.contains(beginning))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn a_tap_on_the_question_keeps_the_window_open() {
    let stack = stack_with("").await;
    stack.customer_wrote(ANA, "My order is late").await;
    stack.advance(31 * MINUTE).await;
    assert_eq!(ours(&stack).await.len(), 1, "the delay notice");
    stack.advance(21 * HOUR + 20 * MINUTE).await;
    assert_eq!(ours(&stack).await.len(), 1, "it is not two hours yet");
    stack.advance(10 * MINUTE).await;
    let messages = ours(&stack).await;
    let [_, question] = &messages[..] else {
        panic!("{messages:#?}")
    };
    assert_eq!(question["buttons"][0]["id"], "keep-open");
    assert_eq!(question["buttons"][0]["title"], "Still need help");
    assert_eq!(
        notes(&stack, "the customer was asked on WhatsApp")
            .await
            .len(),
        1
    );

    let tap = json!({"wamid": question["wamid"], "button_id": "keep-open"});
    let path = format!("/api/customers/{ANA}/tap");
    stack.api(Method::POST, &path, tap).await;
    stack.done().await;
    let request = stack.request().await;
    let tapped = request.public().pop().unwrap().to_owned();
    assert!(
        tapped.contains("Tapped the button: Still need help"),
        "{tapped}"
    );

    // The first window would be closed by now.
    stack.advance(10 * HOUR).await;
    stack.agent_wrote(&request.key, "It arrives today").await;
    assert_eq!(stack.received(ANA).await.pop().unwrap(), "It arrives today");
    stack.advance(15 * HOUR).await;
    assert_eq!(ours(&stack).await.len(), 3, "nobody waits any more");
}

#[tokio::test]
async fn the_assignee_is_warned_once_in_a_window() {
    let stack = stack_with("").await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    let path = format!("/api/requests/{key}/assignee");
    stack.api(Method::PUT, &path, json!({"to": "agent"})).await;
    stack.advance(19 * HOUR + 50 * MINUTE).await;
    let warning = "the window closes soon. An answer can reach the customer until";
    assert!(notes(&stack, warning).await.is_empty());
    for advance in [15 * MINUTE, HOUR, HOUR] {
        stack.advance(advance).await;
        let warnings = notes(&stack, warning).await;
        assert_eq!(warnings.len(), 1, "{warnings:#?}");
        assert!(warnings[0].starts_with("@Agent Ada "), "{warnings:#?}");
    }
    // A new window brings a new warning.
    stack.customer_wrote(ANA, "Hello?").await;
    stack.advance(20 * HOUR + MINUTE).await;
    assert_eq!(notes(&stack, warning).await.len(), 2);
}

#[tokio::test]
async fn a_reply_that_nobody_fetched_is_given_up_and_said_to_be() {
    let stack = stack_with("").await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack.advance(25 * HOUR).await;
    let id = stack
        .agent_writes(&key, "It was in the wrong van", true)
        .await;
    stack.done().await;
    let held = async || stack.state().await["conversations"][0]["held"].clone();
    stack.advance(14 * 24 * HOUR - 5 * MINUTE).await;
    assert_eq!(held().await, 1);
    stack.advance(6 * MINUTE).await;
    assert_eq!(held().await, 0);
    assert_eq!(notes(&stack, "A held reply was never sent.").await.len(), 1);

    // Neither an edit nor a new message brings the reply back.
    let path = format!("/api/requests/{key}/comments/{id}");
    let same = json!({"text": "It was in the wrong van!"});
    stack.api(Method::PUT, &path, same).await;
    stack.done().await;
    stack.customer_wrote(ANA, "Hello?").await;
    assert!(stack.received(ANA).await.is_empty());
}

#[tokio::test]
async fn a_lost_message_of_the_delay_queue_is_made_good() {
    let stack = stack_with("delay_after = \"10m\"\n").await;
    // SQS claims to have the message, but has not. The first call is the webhook's.
    let body = json!({"Failed": [], "Successful": [
        {"Id": "0", "MessageId": "1", "MD5OfMessageBody": "d41d8cd98f00b204e9800998ecf8427e"}]});
    stack
        .fault(
            json!({"target": "sqs", "match": "SendMessageBatch", "kind": "status",
            "status": 200, "body": body, "after_calls": 1, "count": 1}),
        )
        .await;
    stack.customer_wrote(ANA, "My order is late").await;
    let state = stack.state().await;
    assert_eq!(state["queues"]["delay"]["delayed"], 0, "{state:#}");
    assert_eq!(state["timers"][0]["timer"], "delay_notice");
    stack.advance(9 * MINUTE).await;
    assert!(ours(&stack).await.is_empty());
    stack.advance(2 * MINUTE).await;
    assert_eq!(ours(&stack).await.len(), 1);
}

#[tokio::test]
async fn timers_ring_on_the_second() {
    for (delay_after, before) in [("10m", 10 * MINUTE), ("3h", 180 * MINUTE)] {
        let stack = stack_with(&format!("delay_after = \"{delay_after}\"\n")).await;
        // On a slow machine a notice may be late, but never early.
        let mut least = i64::MAX;
        for _ in 0..3 {
            let sent = ours(&stack).await.len();
            stack.customer_wrote(ANA, "My order is late").await;
            let state = stack.state().await;
            let due_at = state["timers"][0]["due_at"].as_i64().unwrap();
            stack.advance(before - 40 * Duration::from_secs(1)).await;
            assert_eq!(ours(&stack).await.len(), sent, "too early");
            let left = due_at - now(&stack).await;
            stack
                .advance(Duration::from_secs(u64::try_from(left - 1).unwrap_or(0)))
                .await;
            while ours(&stack).await.len() == sent {
                stack.done().await;
            }
            let notice = ours(&stack).await.pop().unwrap();
            let late = notice["timestamp"].as_i64().unwrap() - due_at;
            assert!(late >= 0, "{late} s");
            least = least.min(late);
            let key = stack.request().await.key;
            stack.agent_wrote(&key, "Here I am").await;
        }
        assert!(least <= 2, "{delay_after}: {least} s late");
    }
}

/// Returns the stack's time.
async fn now(stack: &Stack) -> i64 {
    let clock = stack.api(Method::GET, "/api/clock", Value::Null).await;
    let now = clock["now"].as_str().unwrap();
    chrono::DateTime::parse_from_rfc3339(now)
        .unwrap()
        .timestamp()
}

#[tokio::test]
async fn the_request_shows_the_end_of_the_window() {
    let stack = stack_with("window_field = \"customfield_10054\"\n").await;
    stack.customer_wrote(ANA, "My order is late").await;
    stack.customer_wrote(ANA, "Hello?").await;
    let shown = async || {
        let requests = stack.api(Method::GET, "/api/requests", Value::Null).await;
        requests[0]["fields"]["customfield_10054"].clone()
    };
    assert_eq!(shown().await, Value::Null);
    stack.advance(3 * MINUTE).await;
    let ends = stack.state().await["conversations"][0]["window_expires_at"].clone();
    let ends = chrono::DateTime::from_timestamp(ends.as_i64().unwrap(), 0).unwrap();
    let expected = ends.format("%Y-%m-%dT%H:%M:%S.000+0000").to_string();
    assert_eq!(shown().await, json!(expected));
}
