use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";

/// Returns the id of the customer's first message, and the message that ours with this text
/// answers.
async fn first_and_answered(stack: &Stack, text: &str) -> (Value, Value) {
    let path = format!("/api/customers/{ANA}/messages");
    let chat = stack.api(Method::GET, &path, Value::Null).await;
    let chat = chat.as_array().unwrap();
    let ours = chat.iter().find(|message| message["text"] == text);
    let ours = ours.unwrap_or_else(|| panic!("{text}: {chat:#?}"));
    (chat[0]["wamid"].clone(), ours["context_wamid"].clone())
}

#[tokio::test]
async fn a_reply_quotes_what_it_answers() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack.agent_wrote(&key, "/reply We look into it").await;
    let (asked, answered) = first_and_answered(&stack, "We look into it").await;
    assert_eq!(answered, asked);
    stack.agent_wrote(&key, "It arrives tomorrow").await;
    let (_, answered) = first_and_answered(&stack, "It arrives tomorrow").await;
    assert_eq!(answered, Value::Null);

    // A reply to a message that Meta no longer lets us quote goes out without the quotation.
    stack
        .fault(json!({"target": "whatsapp", "kind": "status", "status": 400, "count": 1,
            "body": {"error": {"message": "Parameter value is not valid", "type": "OAuthException", "code": 131_009}}}))
        .await;
    stack.agent_wrote(&key, "/reply By noon").await;
    let (_, answered) = first_and_answered(&stack, "By noon").await;
    assert_eq!(answered, Value::Null);
}

#[tokio::test]
async fn an_agent_asks_how_a_conversation_stands() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack.agent_wrote(&key, "It arrives tomorrow").await;
    for command in ["/window", "/windw", "/var/log"] {
        stack.agent_writes(&key, command, false).await;
        stack.done().await;
    }
    let request = stack.request().await;
    let notes = request.internal();
    let answers: Vec<_> = notes.iter().filter(|note| !note.starts_with('/')).collect();
    assert_eq!(answers.len(), 2, "{notes:#?}");
    assert!(answers[0].starts_with("Open until "), "{notes:#?}");
    assert!(answers[0].contains("No reply is held."), "{notes:#?}");
    assert!(answers[1].starts_with("Casement does not know this command."));
    assert_eq!(stack.received(ANA).await, ["It arrives tomorrow"]);
}
