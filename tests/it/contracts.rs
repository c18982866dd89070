use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use casement_tests::Stack;
use casement_tests::contracts::Contracts;
use reqwest::Method;
use serde_json::{Value, json};

/// Starts a stack whose function has called a Jira operation that does not exist. Returns `None` if
/// the contracts are not available.
async fn stack_with_a_breach() -> Option<Stack> {
    Contracts::published()?;
    let stack = Stack::start().await;
    let url = stack.url("/_via/inbound-message/1/atlassian/rest/api/3/nonsense");
    stack.client().get(url).send().await.unwrap();
    Some(stack)
}

fn assert_names_the_breach(panic: &(dyn Any + Send)) {
    let told = panic.downcast_ref::<String>().unwrap();
    let breach = "\"inbound-message\" GET /rest/api/3/nonsense: no such operation is published";
    assert!(told.contains(breach), "{told}");
}

#[tokio::test]
async fn a_request_that_breaks_a_contract_fails_the_test_at_its_end() {
    let Some(stack) = stack_with_a_breach().await else {
        return;
    };
    let end = catch_unwind(AssertUnwindSafe(|| drop(stack)));
    assert_names_the_breach(&*end.unwrap_err());
}

#[tokio::test]
async fn a_reset_hides_no_breach() {
    let Some(stack) = stack_with_a_breach().await else {
        return;
    };
    let reset = tokio::spawn(async move {
        let answer = stack.try_api(Method::POST, "/api/reset", Value::Null);
        answer.await.status()
    });
    assert_names_the_breach(&*reset.await.unwrap_err().into_panic());
}

#[tokio::test]
async fn a_story_without_a_breach_ends_well() {
    let stack = Stack::start().await;
    stack.customer_wrote("4915112345678", "hello").await;
    let calls = stack.api(Method::GET, "/api/calls", Value::Null).await;
    let to_jira =
        calls.as_array().unwrap().iter().find(|call| {
            call["service"] == "jira" && call["path"] == "/rest/servicedeskapi/request"
        });
    assert_eq!(to_jira.unwrap()["content_type"], json!("application/json"));
}
