//! A customer whom WhatsApp shows by a user id alone: agents hear of `/phone`, the customer shares
//! the phone number, and nobody gets anybody else's conversation.

use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const ANAS_ID: &str = "DE.77";
const BEN: &str = "4915187654321";

/// Writes as Ana, whose number WhatsApp hides or shows.
async fn ana_writes(stack: &Stack, text: &str, hides: bool) {
    let message = json!({"type": "text", "text": {"body": text}, "profile_name": "Ana Lima",
        "user_id": ANAS_ID, "hide_phone": hides});
    send(stack, message).await;
    stack.done().await;
}

async fn send(stack: &Stack, message: Value) {
    let path = format!("/api/customers/{ANA}/messages");
    let answer = stack.api(Method::POST, &path, message).await;
    assert_eq!(answer["webhook_status"], 200);
}

/// Writes from Ana's number alone, as an account without a user id does.
async fn number_writes(stack: &Stack, text: &str) {
    let message = json!({"type": "text", "text": {"body": text}, "profile_name": "Ana Lima",
        "user_id": null, "hide_phone": false});
    send(stack, message).await;
    stack.done().await;
}

async fn asks(stack: &Stack, key: &str) {
    stack.agent_writes(key, "/phone", false).await;
    stack.done().await;
}

/// Returns the question on Ana's phone.
async fn question(stack: &Stack) -> Value {
    let path = format!("/api/customers/{ANA}/messages");
    let chat = stack.api(Method::GET, &path, Value::Null).await;
    let mut chat = chat.as_array().unwrap().iter().rev();
    let asked = |message: &&Value| message["buttons"][0]["id"] == "request_contact_info";
    chat.find(asked).unwrap().clone()
}

/// Taps the button with which Ana shares her card.
async fn shares(stack: &Stack) {
    let tap = json!({"wamid": question(stack).await["wamid"], "button_id": "request_contact_info"});
    let path = format!("/api/customers/{ANA}/tap");
    let answer = stack.api(Method::POST, &path, tap).await;
    assert_eq!(answer["webhook_status"], 200);
    stack.done().await;
}

/// Returns the phone field of a request.
async fn field(stack: &Stack, key: &str) -> Value {
    let requests = stack.whole_requests().await;
    let mut requests = requests.iter();
    let request = requests.find(|one| one["key"] == key).unwrap();
    request["fields"]["customfield_10050"].clone()
}

/// Returns the notes that contain these words, of all requests.
async fn notes(stack: &Stack, words: &str) -> usize {
    let requests = stack.requests().await;
    let notes = requests.iter().flat_map(|request| request.internal());
    notes.filter(|note| note.contains(words)).count()
}

async fn conversations(stack: &Stack) -> usize {
    stack.state().await["conversations"]
        .as_array()
        .unwrap()
        .len()
}

const UNKNOWN: &str = "The customer's phone number is not known.";
const SHARED: &str = "The customer shared a phone number: it is now in the request.";

#[tokio::test]
async fn the_customer_shares_the_number_and_goes_on_from_it() {
    let stack = Stack::start().await;
    ana_writes(&stack, "My order is late", true).await;
    ana_writes(&stack, "Hello?", true).await;
    let key = stack.request().await.key;
    assert_eq!(notes(&stack, UNKNOWN).await, 1);
    assert_eq!(field(&stack, &key).await, Value::Null);

    asks(&stack, &key).await;
    let question = question(&stack).await;
    let text = question["text"].as_str().unwrap();
    assert!(
        text.contains("Ana Lima") && text.contains("button"),
        "{text}"
    );
    assert_eq!(
        notes(&stack, "was asked for the phone number on WhatsApp").await,
        1
    );

    shares(&stack).await;
    assert_eq!(field(&stack, &key).await, format!("+{ANA}"));
    assert_eq!(notes(&stack, SHARED).await, 1);
    assert_eq!(notes(&stack, ANA).await, 0, "numbers are masked");
    let request = stack.request().await;
    assert!(
        request.public().last().unwrap().contains(ANA),
        "{request:?}"
    );

    number_writes(&stack, "It is me").await;
    ana_writes(&stack, "And here", true).await;
    ana_writes(&stack, "And now you see my number", false).await;
    let request = stack.request().await;
    assert_eq!(request.public().len(), 6, "{request:?}");
    assert_eq!(conversations(&stack).await, 1);
    stack.agent_wrote(&key, "Thank you").await;
    assert_eq!(stack.received(ANA).await.last().unwrap(), "Thank you");

    asks(&stack, &key).await;
    assert_eq!(notes(&stack, "the phone number is known").await, 1);
    assert_eq!(stack.received(ANA).await.len(), 2, "she is not asked again");
}

#[tokio::test]
async fn the_card_of_somebody_else_changes_nothing() {
    let stack = Stack::start().await;
    stack.customer_wrote(BEN, "Where is my lamp?").await;
    ana_writes(&stack, "My order is late", true).await;
    let requests = stack.requests().await;
    let key = &requests
        .iter()
        .find(|one| one.summary.contains("order"))
        .unwrap()
        .key;
    asks(&stack, key).await;
    let question = question(&stack).await;
    let bens = json!({"phone": format!("+{BEN}"), "wa_id": BEN, "type": "CELL"});
    for (origin, answers) in [
        (json!("other"), true),
        (Value::Null, true),
        (json!("other"), false),
    ] {
        let card = json!({"name": {"formatted_name": "Ben"}, "origin": origin, "phones": [bens]});
        let mut message = json!({"type": "contacts", "contacts": [card]});
        if answers {
            message["context"] = json!({"id": question["wamid"]});
        }
        send(&stack, message).await;
        stack.done().await;
    }
    assert_eq!(field(&stack, key).await, Value::Null);
    assert_eq!(notes(&stack, "shared a phone number").await, 0);

    // Even WhatsApp's word does not give her the conversation of another user id.
    let forged = json!({"type": "contacts", "context": {"id": question["wamid"]},
        "contacts": [{"origin": "contact_request", "phones": [bens]}]});
    send(&stack, forged).await;
    stack.done().await;
    assert_eq!(field(&stack, key).await, Value::Null);
    assert_eq!(notes(&stack, "a phone number of another customer").await, 1);

    stack.customer_wrote(BEN, "It is blue").await;
    stack.agent_wrote(key, "For Ana").await;
    let requests = stack.requests().await;
    let bens = requests
        .iter()
        .find(|one| one.summary.contains("lamp"))
        .unwrap();
    assert_eq!(bens.public(), ["Where is my lamp?", "It is blue"]);
    assert!(stack.received(BEN).await.is_empty());
    assert_eq!(stack.received(ANA).await.last().unwrap(), "For Ana");
}

/// Makes a conversation of Ana's number in SUP-1, and another one of her user id in SUP-2, in which
/// she was asked.
async fn known_twice(first_is_done: bool) -> Stack {
    let stack = Stack::start().await;
    number_writes(&stack, "My first question").await;
    if first_is_done {
        let path = "/api/requests/SUP-1/transition";
        stack.api(Method::POST, path, json!({"to": "done"})).await;
        stack.done().await;
    }
    ana_writes(&stack, "My order is late", true).await;
    asks(&stack, "SUP-2").await;
    stack
}

#[tokio::test]
async fn a_conversation_without_an_open_request_goes_on_in_the_new_one() {
    let stack = known_twice(true).await;
    shares(&stack).await;
    assert_eq!(field(&stack, "SUP-2").await, format!("+{ANA}"));
    assert_eq!(notes(&stack, "The conversation goes on in SUP-2.").await, 1);
    assert_eq!(
        notes(&stack, "had a conversation already, in SUP-1.").await,
        1
    );
    number_writes(&stack, "From my number").await;
    ana_writes(&stack, "From my name", true).await;
    let requests = stack.requests().await;
    let last = requests.iter().find(|one| one.key == "SUP-2").unwrap();
    assert_eq!(last.public().len(), 4, "{last:?}");
    assert_eq!(last.public()[2..], ["From my number", "From my name"]);
}

#[tokio::test]
async fn two_open_requests_are_linked_and_stay_apart() {
    let stack = known_twice(false).await;
    shares(&stack).await;
    assert_eq!(field(&stack, "SUP-2").await, format!("+{ANA}"));
    assert_eq!(notes(&stack, "are linked and stay apart").await, 2);
    assert_eq!(notes(&stack, "another open request: SUP-2.").await, 1);
    assert_eq!(notes(&stack, "an open request already: SUP-1.").await, 1);
    for request in stack.whole_requests().await {
        assert_eq!(request["linked"].as_array().unwrap().len(), 1, "{request}");
    }
    number_writes(&stack, "From my number").await;
    ana_writes(&stack, "From my name", true).await;
    for (key, text) in [("SUP-1", "From my number"), ("SUP-2", "From my name")] {
        let requests = stack.requests().await;
        let request = requests.iter().find(|one| one.key == key).unwrap();
        assert_eq!(*request.public().last().unwrap(), text);
    }
}

#[tokio::test]
async fn a_closed_window_is_said_and_the_question_is_not_sent_later() {
    let stack = Stack::start().await;
    ana_writes(&stack, "My order is late", true).await;
    let key = stack.request().await.key;
    stack.advance(Duration::from_secs(25 * 3_600)).await;
    asks(&stack, &key).await;
    assert_eq!(notes(&stack, "Please write /phone again").await, 1);
    ana_writes(&stack, "Hello?", true).await;
    stack.settle().await;
    assert!(stack.received(ANA).await.is_empty());
}
