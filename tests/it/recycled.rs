//! Reassigned phone numbers, customers who hide theirs, and words of somebody else.

use casement_tests::Stack;
use casement_tests::meta::{message, text, webhook_of};
use reqwest::Method;
use serde_json::json;

const ANA: &str = "4915112345678";
const NEW_NUMBER: &str = "4915187654321";

/// WhatsApp reports that Ana has the new number.
async fn change_number(stack: &Stack) {
    let system = json!({"type": "system", "system": {
        "type": "user_changed_number", "body": "Ana changed her number", "wa_id": NEW_NUMBER}});
    let path = format!("/api/customers/{ANA}/messages");
    stack.api(Method::POST, &path, system).await;
    stack.quiet().await;
}

/// Starts a stack in which Ana has written and then changed her number.
async fn moved() -> (Stack, String) {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    change_number(&stack).await;
    stack
        .customer_wrote(NEW_NUMBER, "This is my new number")
        .await;
    (stack, key)
}

#[tokio::test]
async fn the_next_owner_of_a_number_has_a_request_and_answers_of_their_own() {
    let (stack, key) = moved().await;
    // Without a user id, only the number identifies the sender.
    let mut from_b = text(ANA, "wamid.NEXT", "Do you have it in red?");
    let later = chrono::Utc::now().timestamp() + 60;
    from_b["timestamp"] = json!(later.to_string());
    stack.meta_posted(&webhook_of(vec![from_b])).await;
    stack.settle().await;
    let requests = stack.requests().await;
    assert_eq!(requests.len(), 2, "{requests:#?}");
    assert_eq!(
        requests[0].public(),
        ["My order is late", "This is my new number"]
    );
    assert_eq!(requests[1].public(), ["Do you have it in red?"]);
    stack.agent_wrote(&key, "Ana, it arrives today").await;
    stack.agent_wrote(&requests[1].key, "Yes, we do").await;
    assert_eq!(stack.received(NEW_NUMBER).await, ["Ana, it arrives today"]);
    assert_eq!(stack.received(ANA).await, ["Yes, we do"]);
}

#[tokio::test]
async fn an_answer_held_for_a_former_number_goes_out_where_the_customer_has_written() {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack
        .advance(std::time::Duration::from_secs(25 * 3600))
        .await;
    stack.agent_wrote(&key, "Ana, it arrives today").await;
    assert!(stack.received(ANA).await.is_empty(), "held");
    stack
        .customer_wrote(NEW_NUMBER, "This is my new number")
        .await;
    change_number(&stack).await;
    stack.done().await;
    assert_eq!(stack.received(NEW_NUMBER).await, ["Ana, it arrives today"]);
}

#[tokio::test]
async fn a_template_for_a_former_number_leaves_the_conversation_where_it_is() {
    let (stack, key) = moved().await;
    let open = json!({"summary": "Call back", "phone": format!("+{ANA}")});
    let opened = stack.api(Method::POST, "/api/requests", open).await;
    let other = opened["key"].as_str().unwrap();
    stack
        .agent_writes(other, "/template hello_world en_US", false)
        .await;
    stack.done().await;
    let requests = stack.requests().await;
    let notes = requests[1].internal();
    assert!(notes.iter().any(|note| note.contains("…678")), "{notes:#?}");
    let former = requests[0].internal();
    assert!(
        !former.iter().any(|note| note.contains("goes on in")),
        "{former:#?}"
    );
    stack.agent_wrote(&key, "Ana, it arrives today").await;
    assert_eq!(stack.received(NEW_NUMBER).await, ["Ana, it arrives today"]);
    assert_eq!(stack.received(ANA).await.len(), 1, "the template alone");
}

#[tokio::test]
async fn an_answer_that_names_another_customers_message_quotes_nothing() {
    let stack = Stack::start().await;
    let secret = "My IBAN is DE02120300000000202051";
    stack
        .meta_posted(&webhook_of(vec![text(ANA, "wamid.SECRET", secret)]))
        .await;
    stack.settle().await;
    let about = |kind: &str| match kind {
        "answer" => json!({"type": "text", "text": {"body": "Yes"},
            "context": {"id": "wamid.SECRET", "from": ANA}}),
        "deletion" => json!({"type": "revoke",
            "revoke": {"original_message_id": "wamid.SECRET"}}),
        "change" => json!({"type": "edit", "edit": {"original_message_id": "wamid.SECRET",
            "message": {"type": "text", "text": {"body": "Well"}}}}),
        _ => json!({"type": "reaction",
            "reaction": {"message_id": "wamid.SECRET", "emoji": "👍"}}),
    };
    for kind in ["answer", "deletion", "change", "reaction"] {
        let sent = message(NEW_NUMBER, &format!("wamid.{kind}"), about(kind));
        stack.meta_posted(&webhook_of(vec![sent])).await;
    }
    stack.settle().await;
    let requests = stack.requests().await;
    assert_eq!(requests.len(), 2, "{requests:#?}");
    assert!(
        !requests[1]
            .public()
            .iter()
            .any(|words| words.contains("IBAN")),
        "{requests:#?}"
    );
}

#[tokio::test]
async fn a_blocked_customer_who_hides_the_number_stays_blocked() {
    for unwanted in ["record", "ignore"] {
        let stack = Stack::start().await;
        let settings = stack.try_api(Method::GET, "/api/settings", json!(null));
        let document = settings.await.text().await.unwrap();
        let blocking = format!("[[number]]\nblocked = [\"+{ANA}\"]\nunwanted = \"{unwanted}\"\n");
        let response = stack
            .client()
            .put(stack.url("/api/settings"))
            .body(document.replacen("[[number]]\n", &blocking, 1))
            .send()
            .await
            .unwrap();
        assert!(response.status().is_success());
        let mut shown = text(ANA, "wamid.SHOWN", "Buy now");
        shown["from_user_id"] = json!("DE.1");
        let mut hidden = text(ANA, "wamid.HIDDEN", "Buy now");
        hidden["from_user_id"] = json!("DE.1");
        hidden.as_object_mut().unwrap().remove("from");
        for message in [shown, hidden] {
            stack.meta_posted(&webhook_of(vec![message])).await;
            stack.settle().await;
        }
        assert!(stack.requests().await.is_empty(), "{unwanted}");
    }
}
