//! A whole weekend: nobody is at work, yet the customer is told, and the window is open when the
//! agents come back.

use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

const SETTINGS: &str = r#"
[[number]]
phone_number_id = "106540352242922"
service_desk_id = "1"
request_type_id = "10"
time_zone = "Europe/Berlin"

[number.hours]
monday = ["09:00-18:00"]
tuesday = ["09:00-18:00"]
wednesday = ["09:00-18:00"]
thursday = ["09:00-18:00"]
friday = ["09:00-18:00"]
"#;

/// Starts a stack on a Friday at 18:05 in Berlin, five minutes after closing time.
async fn friday_evening() -> Stack {
    let stack = Stack::start().await;
    let settings = stack.client().put(stack.url("/api/settings"));
    let response = settings.body(SETTINGS).send().await.unwrap();
    assert_eq!(response.status(), 200, "{}", response.text().await.unwrap());
    let friday = json!({"set": "2027-03-05T17:05:00Z"});
    stack.api(Method::POST, "/api/clock", friday).await;
    stack
}

/// Taps the button of our latest message.
async fn tap(stack: &Stack) {
    let chat = format!("/api/customers/{ANA}/messages");
    let chat = stack.api(Method::GET, &chat, Value::Null).await;
    let question = chat.as_array().unwrap().last().unwrap().clone();
    let button = &question["buttons"][0]["id"];
    let tap = json!({"wamid": question["wamid"], "button_id": button});
    stack
        .api(Method::POST, &format!("/api/customers/{ANA}/tap"), tap)
        .await;
    stack.done().await;
}

#[tokio::test]
async fn the_window_is_open_when_the_agents_are_back_on_monday() {
    let stack = friday_evening().await;
    stack.customer_wrote(ANA, "My order is late").await;
    stack.advance(MINUTE).await;
    let received = stack.received(ANA).await;
    let [notice] = &received[..] else {
        panic!("{received:?}")
    };
    assert!(
        notice.contains("Monday, 8 March") && notice.contains("09:00"),
        "{notice}"
    );

    // Saturday, 16:06: two hours before the window ends, and two hours after the alert.
    stack.advance(21 * HOUR).await;
    stack.advance(HOUR).await;
    assert_eq!(stack.received(ANA).await.len(), 2);
    tap(&stack).await;
    // Sunday, 14:07: the second and last question in this wait.
    stack.advance(21 * HOUR).await;
    stack.advance(HOUR + MINUTE).await;
    assert_eq!(stack.received(ANA).await.len(), 3);
    tap(&stack).await;

    // Monday, 09:30. No second notice was sent, although opening hours began half an hour ago.
    stack.advance(19 * HOUR + 23 * MINUTE).await;
    assert_eq!(stack.received(ANA).await.len(), 3);
    let request = stack.request().await;
    assert_eq!(stack.state().await["conversations"][0]["window"], "open");
    stack.agent_wrote(&request.key, "It arrives today").await;
    let received = stack.received(ANA).await;
    assert_eq!(received.len(), 4);
    assert_eq!(received[3], "It arrives today");
    let notes = request.internal();
    let told = |beginning: &str| notes.iter().filter(|note| note.contains(beginning)).count();
    assert_eq!(told("Delay notice sent"), 1, "{notes:#?}");
    assert_eq!(told("was asked on WhatsApp"), 2, "{notes:#?}");
    assert_eq!(told("the window closes soon"), 2, "{notes:#?}");
}
