//! `casement erase`: the data deleted for one customer, the data kept for others, and the receipt.

use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const BEN: &str = "4915187654321";

/// Starts a stack with two customers who were answered, each with an undelivered reply. Ana also
/// has a held reply.
async fn two_customers() -> Stack {
    let stack = Stack::start().await;
    for phone in [ANA, BEN] {
        stack.customer_wrote(phone, "My order is late").await;
        let requests = stack.requests().await;
        let key = &requests.last().unwrap().key;
        stack.agent_wrote(key, "It arrives today").await;
        undelivered(&stack, key).await;
    }
    let key = stack.requests().await[0].key.clone();
    stack.advance(Duration::from_secs(90_000)).await;
    stack.agent_wrote(&key, "Did it come?").await;
    stack
}

/// Sends a reply that WhatsApp accepts and does not deliver. The agents get one note about it.
async fn undelivered(stack: &Stack, key: &str) {
    let options = json!({"fail_next": [131_026]});
    stack
        .api(Method::POST, "/api/whatsapp/options", options)
        .await;
    stack.agent_wrote(key, "Did it arrive?").await;
}

/// Counts the table's items of a kind.
async fn items(stack: &Stack, prefix: &str) -> usize {
    let table = stack
        .api(Method::GET, "/api/table?limit=2000", Value::Null)
        .await;
    let items = table["items"].as_array().unwrap().iter();
    let keys = items.map(|item| item["pk"].as_str().unwrap());
    keys.filter(|key| key.starts_with(prefix)).count()
}

#[tokio::test]
async fn erasing_a_customer_leaves_nothing_of_that_one_and_everything_of_others() {
    let stack = two_customers().await;
    let file = format!("casement-{}-receipt.json", std::process::id());
    let receipt = std::env::temp_dir().join(file);
    std::fs::write(&receipt, "").unwrap();
    assert_eq!(items(&stack, "NOTE#").await, 2, "one of each customer");
    let unasked = stack.casement(&["erase", ANA]).await;
    assert_eq!(unasked.code, 2, "{unasked:?}");
    assert_eq!(
        stack.state().await["conversations"]
            .as_array()
            .unwrap()
            .len(),
        2
    );

    let arguments = [
        "erase",
        ANA,
        "--yes",
        "--json",
        "--receipt",
        receipt.to_str().unwrap(),
    ];
    let said = stack.casement(&arguments).await;
    assert_eq!(said.code, 0, "{said:?}");
    let erased = said.json()["erased"].clone();
    for (kind, least) in [
        ("conversations", 1),
        ("held replies", 1),
        ("other identifiers", 1),
        ("links from requests", 1),
        ("ledger entries of internal notes", 1),
        // Ana's message, our reply by its comment and by its wamid, and the notice or the held
        // reply.
        ("ledger entries", 3),
    ] {
        assert!(
            erased[kind].as_u64().unwrap_or(0) >= least,
            "{kind}: {erased}"
        );
    }
    assert!(!said.text.contains(ANA), "{}", said.text);
    let remains = "after 30 days, in the log groups /aws/lambda/casement-local/whatsapp-webhook, ";
    assert!(said.text.contains(remains), "{}", said.text);
    assert_eq!(
        std::fs::read_to_string(&receipt).unwrap().trim(),
        said.text.trim()
    );

    assert_eq!(erased["ledger entries of internal notes"], 1, "{erased}");
    assert_eq!(items(&stack, "NOTE#").await, 1, "the other customer's");

    let again = stack.casement(&["erase", ANA, "--json"]).await;
    assert_eq!((again.code, &again.json()["erased"]), (0, &json!({})));
    assert_eq!(stack.casement(&["conversation", "show", ANA]).await.code, 1);
    assert_eq!(stack.casement(&["conversation", "show", BEN]).await.code, 0);
    let conversations = stack.state().await["conversations"]
        .as_array()
        .unwrap()
        .clone();
    assert_eq!(conversations.len(), 1, "{conversations:?}");

    // Her next message starts from scratch.
    stack.customer_wrote(ANA, "It is me again").await;
    let requests = stack.requests().await;
    assert_eq!(requests.last().unwrap().public(), ["It is me again"]);
}
