//! An account with all the required permissions, and without the recommended ones.

use std::time::Duration;

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// Starts a stack whose account has the permissions of a standard service project scheme.
async fn as_in_a_standard_scheme() -> Stack {
    let stack = Stack::start().await;
    let options = json!({"edit_all_comments": false, "link_issues": false});
    stack.api(Method::POST, "/api/jira/options", options).await;
    stack
}

/// Returns the sum of a metric for this reason or code.
async fn counted(stack: &Stack, name: &str, by: &str) -> f64 {
    let metrics = stack.api(Method::GET, "/api/metrics", Value::Null).await;
    let all = metrics.as_array().unwrap().iter();
    let wanted = all.filter(|one| one["name"] == name && one.to_string().contains(by));
    wanted.filter_map(|one| one["sum"].as_f64()).sum()
}

/// Counts the calls that store something with a comment.
async fn calls_about_properties(stack: &Stack) -> usize {
    let calls = stack.api(Method::GET, "/api/calls", Value::Null).await;
    let calls = calls.as_array().unwrap().iter();
    let puts = calls.filter(|call| {
        call["operation"].as_str().is_some_and(|operation| {
            operation.starts_with("PUT") && operation.contains("/properties/")
        })
    });
    puts.count()
}

/// Counts the processes of these functions.
async fn workers(stack: &Stack, functions: &[&str]) -> usize {
    let health = stack.api(Method::GET, "/api/health", Value::Null).await;
    let warm = functions
        .iter()
        .filter_map(|name| health["functions"][name]["warm"].as_u64());
    usize::try_from(warm.sum::<u64>()).unwrap()
}

#[tokio::test]
async fn without_edit_all_comments_replies_go_out_and_nobody_is_called() {
    let stack = as_in_a_standard_scheme().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    for text in ["one", "two", "three"] {
        stack.agent_wrote(&key, text).await;
    }
    let read = format!("/api/customers/{ANA}/read");
    stack.api(Method::POST, &read, Value::Null).await;
    stack.done().await;
    // A failing reply gets its note, and its state is not written again and again.
    let undeliverable =
        json!({"message": "Undeliverable", "type": "OAuthException", "code": 131_026});
    stack
        .fault(
            json!({"target": "whatsapp", "match": "/messages", "kind": "status", "status": 400,
            "count": 1, "body": {"error": undeliverable}}),
        )
        .await;
    stack.agent_wrote(&key, "four").await;

    assert_eq!(stack.received(ANA).await, ["one", "two", "three"]);
    let request = stack.request().await;
    assert_eq!(request.internal().len(), 1, "{request:#?}");
    let calls = calls_about_properties(&stack).await;
    // Each worker that shows states was refused at most once.
    let workers = workers(&stack, &["outbound-message", "message-status"]).await;
    assert!((1..=workers).contains(&calls), "{calls} of {workers}");
    assert!(counted(&stack, "NotShown", "edit_all_comments").await >= 3.0);
    assert_eq!(counted(&stack, "JiraRefused", "").await, 0.0);

    let said = stack.casement(&["check"]).await;
    assert_eq!(said.code, 0, "{}", said.text);
    assert!(
        said.text.contains("hint   Jira, recommended"),
        "{}",
        said.text
    );
    assert!(said.text.contains("Edit all comments"), "{}", said.text);

    // The permission takes effect without a restart.
    let options = json!({"edit_all_comments": true});
    stack.api(Method::POST, "/api/jira/options", options).await;
    stack.advance(Duration::from_secs(3_600)).await;
    stack.agent_wrote(&key, "five").await;
    let requests = stack.api(Method::GET, "/api/requests", Value::Null).await;
    let comments = requests[0]["comments"].as_array().unwrap().clone();
    let last = comments.iter().find(|one| one["text"] == "five").unwrap();
    assert_eq!(last["properties"]["casement"]["state"], "delivered");
}

#[tokio::test]
async fn a_request_that_could_not_be_linked_says_so() {
    let stack = as_in_a_standard_scheme().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack.agent_wrote(&key, "It arrives today").await;
    let path = format!("/api/requests/{key}/transition");
    stack.api(Method::POST, &path, json!({"to": "done"})).await;
    stack.quiet().await;
    stack.advance(7 * DAY).await;
    stack.customer_wrote(ANA, "I have another question").await;
    let requests = stack.requests().await;
    assert_eq!(requests.len(), 2, "{requests:#?}");
    assert_eq!(requests[1].public(), ["I have another question"]);
    let notes = requests[1].internal();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(
        notes[0].contains(&key) && notes[0].contains("Link issues"),
        "{notes:?}"
    );
}
