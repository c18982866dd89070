//! Automation rules that comment in public: they tell the customer something, and answer nobody.

use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

const AUTO_REPLY: &str = "Thank you, we have your message and will answer soon.";

const SETTINGS: &str = r#"
[[number]]
phone_number_id = "106540352242922"
service_desk_id = "1"
request_type_id = "10"
quiet_hours = "none"
"#;

async fn with_rule(rule: &str, settings: &str) -> Stack {
    let stack = Stack::start().await;
    let put = stack.client().put(stack.url("/api/settings"));
    let response = put.body(format!("{SETTINGS}{settings}")).send().await;
    assert_eq!(response.unwrap().status(), 200);
    let options = json!({"automation": rule});
    stack.api(Method::POST, "/api/jira/options", options).await;
    stack
}

async fn conversation(stack: &Stack) -> Value {
    stack.state().await["conversations"][0].clone()
}

/// Counts the notes that contain `words`.
async fn noted(stack: &Stack, words: &str) -> usize {
    let request = stack.request().await;
    let notes = request.internal().into_iter();
    notes.filter(|note| note.contains(words)).count()
}

#[tokio::test]
async fn an_auto_reply_goes_out_once_and_the_alarm_for_agents_goes_on() {
    let stack = with_rule("auto_reply", "").await;
    for text in ["My order is late", "Hello?", "Is anybody there?"] {
        stack.customer_wrote(ANA, text).await;
        stack.advance(5 * MINUTE).await;
    }
    assert_eq!(stack.received(ANA).await, [AUTO_REPLY]);
    assert!(conversation(&stack).await["awaiting_since"].is_i64());

    // Two hours before the window ends the customer is asked, and four hours before, the agents.
    stack.advance(22 * HOUR).await;
    let received = stack.received(ANA).await;
    assert_eq!(received.len(), 2, "no delay notice: {received:?}");
    assert_eq!(noted(&stack, "the window closes soon").await, 1);
    assert_eq!(noted(&stack, "was asked on WhatsApp").await, 1);
    assert_eq!(noted(&stack, "Delay notice sent").await, 0);

    let key = stack.request().await.key;
    stack.agent_wrote(&key, "It arrives today").await;
    assert_eq!(stack.received(ANA).await[2], "It arrives today");
    assert!(conversation(&stack).await["awaiting_since"].is_null());
    stack.customer_wrote(ANA, "And the invoice?").await;
    assert_eq!(stack.received(ANA).await[3], AUTO_REPLY, "a new wait");
}

#[tokio::test]
async fn over_a_weekend_the_customer_hears_the_rule_once_and_the_agents_are_warned() {
    const WEEK: &str = "time_zone = \"Europe/Berlin\"\n[number.hours]\n\
                        monday = [\"09:00-18:00\"]\nfriday = [\"09:00-18:00\"]\n";
    let stack = with_rule("auto_reply", WEEK).await;
    let friday = json!({"set": "2027-03-05T17:05:00Z"});
    stack.api(Method::POST, "/api/clock", friday).await;
    // Friday 18:05, Saturday 17:05 and Sunday 16:05, each within the window of the one before.
    stack.customer_wrote(ANA, "My order is late").await;
    for text in ["Hello?", "Is anybody there?"] {
        stack.advance(23 * HOUR).await;
        stack.customer_wrote(ANA, text).await;
    }
    // Monday, 09:35.
    stack.advance(17 * HOUR + 30 * MINUTE).await;
    let received = stack.received(ANA).await;
    let automatic = received.iter().filter(|text| *text == AUTO_REPLY).count();
    assert_eq!(automatic, 1, "{received:?}");
    assert_eq!(noted(&stack, "Delay notice sent").await, 0);
    assert_eq!(noted(&stack, "the window closes soon").await, 2);
    assert_eq!(noted(&stack, "was asked on WhatsApp").await, 2);
    assert!(conversation(&stack).await["awaiting_since"].is_i64());

    let key = stack.request().await.key;
    stack.agent_wrote(&key, "It arrives today").await;
    assert!(conversation(&stack).await["awaiting_since"].is_null());
    let received = stack.received(ANA).await;
    assert_eq!(received.last().unwrap(), "It arrives today");
}

#[tokio::test]
async fn an_auto_reply_may_count_as_the_answer() {
    let stack = with_rule("auto_reply", "automation_comments = \"answer\"").await;
    for text in ["My order is late", "Hello?"] {
        stack.customer_wrote(ANA, text).await;
    }
    assert_eq!(stack.received(ANA).await, [AUTO_REPLY; 2]);
    assert!(conversation(&stack).await["awaiting_since"].is_null());
    stack.advance(23 * HOUR).await;
    assert_eq!(stack.received(ANA).await.len(), 2, "nobody waits");
}

#[tokio::test]
async fn after_stop_only_people_write() {
    let stack = with_rule("auto_reply", "").await;
    stack.customer_wrote(ANA, "STOP").await;
    let confirmed = stack.received(ANA).await;
    for text in ["My order is late", "Hello?"] {
        stack.customer_wrote(ANA, text).await;
    }
    assert_eq!(stack.received(ANA).await, confirmed);
    assert_eq!(noted(&stack, "An automatic comment was not sent").await, 1);
    let key = stack.request().await.key;
    stack.agent_wrote(&key, "It arrives today").await;
    assert_eq!(
        stack.received(ANA).await.last().unwrap(),
        "It arrives today"
    );
}

#[tokio::test]
async fn a_rule_that_answers_our_notes_does_not_go_round_for_ever() {
    let stack = with_rule("on_notes", "").await;
    stack.customer_wrote(ANA, "My order is late").await;
    // Each comment that is held makes a note, and each note another comment.
    stack.advance(25 * HOUR).await;
    stack.settle().await;
    let before = stack.request().await;
    let key = &before.key;
    stack.agent_writes(key, "/window", false).await;
    stack.settle().await;
    let request = stack.request().await;
    assert_eq!(noted(&stack, "An automatic comment was not sent").await, 1);
    assert!(request.internal().len() < 12, "{request:#?}");
    let held = &conversation(&stack).await["held_replies"];
    assert!(
        held.as_array().is_some_and(|held| held.len() <= 3),
        "{held}"
    );
    assert!(conversation(&stack).await["awaiting_since"].is_i64());
}

#[tokio::test]
async fn a_rule_sends_a_template_to_any_request_with_a_phone_number_even_without_its_webhook() {
    let stack = Stack::start().await;
    let lost = json!({"webhooks_lost": true});
    let opened = json!({"summary": "Order 4711", "phone": "+4915112345678"});
    let opened = stack.api(Method::POST, "/api/requests", opened).await;
    let key = opened["key"].as_str().unwrap().to_owned();
    stack.advance(MINUTE).await;
    stack.api(Method::POST, "/api/jira/options", lost).await;
    let text =
        "/template order_update en_US \"4711\" \"Ana \"the boss\" Lima\" \"two\nlines\" \"4711\"";
    let note = json!({"text": text, "public": false, "author": "automation"});
    let comments = format!("/api/requests/{key}/comments");
    let comment = stack.api(Method::POST, &comments, note).await;
    stack.done().await;
    assert!(stack.phone(ANA).await.is_empty());

    stack.advance(6 * MINUTE).await;
    stack.settle().await;
    let shown =
        "Order 4711\nHello Ana \"the boss\" Lima, your order arrives on two lines.\nThe shop";
    assert_eq!(stack.received(ANA).await, [shown]);
    let request = &stack.whole_requests().await[0];
    let [note] = &request["comments"].as_array().unwrap()[..] else {
        panic!("the rule's note alone: {request:#}")
    };
    assert_eq!(note["id"], comment["id"]);
    assert_eq!(
        note["properties"]["casement"]["state"], "delivered",
        "{note:#}"
    );
    stack.advance(6 * MINUTE).await;
    assert_eq!(stack.received(ANA).await.len(), 1);
}
