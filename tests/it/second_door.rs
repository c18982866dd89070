//! Automation tells of comments where nobody may register a webhook. Whoever has its token can make
//! Casement read a comment, and nothing else.

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";
const TOKEN: &str = "local-automation-token";

/// Starts a stack with a token for Automation.
async fn with_token() -> Stack {
    let stack = Stack::start().await;
    let tokens = json!({"webhook": {"jira_automation_tokens": [TOKEN, "an-older-token-of-16"]}});
    stack.api(Method::PATCH, "/api/secrets", tokens).await;
    stack
}

async fn lose_webhooks(stack: &Stack, lost: bool) {
    let options = json!({"webhooks_lost": lost});
    stack.api(Method::POST, "/api/jira/options", options).await;
}

/// Posts a body as a rule does, and returns the status and the text of the answer.
async fn rule_posts(stack: &Stack, token: Option<&str>, body: &Value) -> (u16, String) {
    let mut request = stack.client().post(stack.url("/jira")).json(body);
    if let Some(token) = token {
        request = request.header("X-Casement-Token", token);
    }
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

/// What the rule of `casement connect jira --automation` sends.
fn hint(issue: &str, comment: &str) -> Value {
    json!({"webhookEvent": "comment_created", "issue": {"id": issue}, "comment": {"id": comment}})
}

/// The request's id.
async fn issue_id(stack: &Stack) -> String {
    let request = stack.whole_requests().await[0].clone();
    request["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_rule_tells_what_no_webhook_told_and_both_send_once() {
    let stack = with_token().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let (key, issue) = (stack.request().await.key, issue_id(&stack).await);

    lose_webhooks(&stack, true).await;
    let lost = stack.agent_writes(&key, "It arrives tomorrow", true).await;
    assert!(stack.received(ANA).await.is_empty());
    let posted = rule_posts(&stack, Some(TOKEN), &hint(&issue, &lost)).await;
    assert_eq!(posted, (200, String::new()));
    stack.done().await;
    assert_eq!(stack.received(ANA).await, ["It arrives tomorrow"]);

    lose_webhooks(&stack, false).await;
    let both = stack.agent_writes(&key, "At noon", true).await;
    for token in [TOKEN, "an-older-token-of-16"] {
        rule_posts(&stack, Some(token), &hint(&issue, &both)).await;
    }
    stack.done().await;
    assert_eq!(stack.received(ANA).await.len(), 2);

    let said = stack.casement(&["check"]).await;
    for whose in ["the webhook last told", "Automation last told"] {
        assert!(said.text.contains(whose), "{}", said.text);
    }
    assert_eq!(said.code, 0, "{}", said.text);
}

#[tokio::test]
async fn automations_own_issue_data_will_do() {
    let stack = with_token().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let (key, issue) = (stack.request().await.key, issue_id(&stack).await);
    lose_webhooks(&stack, true).await;
    let older = stack.agent_writes(&key, "Between us", false).await;
    let newest = stack.agent_writes(&key, "It arrives tomorrow", true).await;
    let id: u64 = issue.parse().unwrap();
    let comments = json!([{"id": newest, "body": "It arrives tomorrow"}, {"id": older}]);
    let data = json!({"self": "https://x.atlassian.net/rest/api/2/issue/1", "id": id, "key": key,
        "fields": {"summary": "x", "comment": {"comments": comments, "total": 2}}});
    assert_eq!(rule_posts(&stack, Some(TOKEN), &data).await.0, 200);
    stack.done().await;
    assert_eq!(stack.received(ANA).await, ["It arrives tomorrow"]);
}

#[tokio::test]
async fn without_the_token_nobody_gets_in_and_learns_nothing() {
    let stack = with_token().await;
    let body = hint("10001", "20001");
    let unsigned = rule_posts(&stack, None, &body).await;
    assert_eq!(unsigned.0, 401);
    for token in ["local-automation-toke", "LOCAL-AUTOMATION-TOKEN", ""] {
        assert_eq!(rule_posts(&stack, Some(token), &body).await, unsigned);
    }
    let none = json!({"webhook": {"jira_automation_tokens": []}});
    stack.api(Method::PATCH, "/api/secrets", none).await;
    let shut = rule_posts(&stack, Some(""), &body).await;
    assert_eq!(shut, unsigned);
}

#[tokio::test]
async fn whoever_has_the_token_can_make_casement_look_once() {
    let stack = with_token().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let (key, issue) = (stack.request().await.key, issue_id(&stack).await);
    lose_webhooks(&stack, true).await;
    let internal = stack.agent_writes(&key, "Between us", false).await;
    let public = stack.agent_writes(&key, "It arrives tomorrow", true).await;
    lose_webhooks(&stack, false).await;
    let calls = async || {
        let all = stack.api(Method::GET, "/api/calls", Value::Null).await;
        let all = all.as_array().unwrap().iter();
        let of_jira = all.filter(|call| call["service"] == "jira");
        let what = of_jira.map(|call| call["operation"].as_str().unwrap().to_owned());
        what.collect::<Vec<_>>()
    };
    let before = calls().await;
    for body in [
        // Requests and comments that are not ours, or do not exist.
        hint("999", "5"),
        hint("999", &internal),
        json!({"webhookEvent": "comment_deleted", "issue": {"id": "999"}, "comment": {"id": "5"}}),
        json!({"webhookEvent": "jira:issue_deleted", "issue": {"id": issue}}),
        json!({"id": 999, "fields": {}}),
        json!("nothing"),
    ] {
        assert_eq!(
            rule_posts(&stack, Some(TOKEN), &body).await.0,
            200,
            "{body}"
        );
    }
    stack.done().await;
    // Two looks at what does not exist: Jira is asked twice before a request counts as gone.
    let made = calls().await.split_off(before.len());
    let asks = |path: &str| made.iter().filter(|call| call.contains(path)).count();
    assert_eq!(asks("/comment/"), 2 * 2, "{made:?}");
    assert!(made.len() <= 2 * 6 + 1, "{made:?}");

    // One look at a request that is not ours, at both of Jira's APIs.
    let foreign = json!({"summary": "Between colleagues"});
    let foreign = stack.api(Method::POST, "/api/requests", foreign).await;
    let foreign_key = foreign["key"].as_str().unwrap();
    let words = stack.agent_writes(foreign_key, "Between us", true).await;
    stack.done().await;
    let id = stack.whole_requests().await;
    let id = id.iter().find(|request| request["key"] == foreign_key);
    let id = id.unwrap()["id"].as_str().unwrap().to_owned();
    let before = calls().await;
    let posted = rule_posts(&stack, Some(TOKEN), &hint(&id, &words)).await;
    assert_eq!(posted.0, 200);
    stack.done().await;
    let made = calls().await.split_off(before.len());
    assert_eq!(made.len(), 2, "{made:?}");
    for body in [
        hint(&issue, &internal),
        json!({"webhookEvent": "comment_deleted", "issue": {"id": issue},
            "comment": {"id": public}}),
        json!({"webhookEvent": "comment_created", "issue": {"id": issue},
            "comment": {"id": public, "author": {"accountId": "bridge"}}}),
    ] {
        rule_posts(&stack, Some(TOKEN), &body).await;
    }
    stack.done().await;
    assert_eq!(stack.received(ANA).await, ["It arrives tomorrow"]);
}

#[tokio::test]
async fn the_rule_is_printed_field_by_field() {
    let stack = Stack::start().await;
    let said = stack.casement(&["connect", "jira", "--automation"]).await;
    assert_eq!(said.code, 1, "{}", said.text);
    assert!(
        said.errors.contains("--only jira_automation_tokens"),
        "{}",
        said.errors
    );
    let stack = with_token().await;
    let said = stack.casement(&["connect", "jira", "--automation"]).await;
    for part in [
        "/jira",
        "X-Casement-Token: the first of",
        "{{comment.id}}",
        "{{issue.id}}",
    ] {
        assert!(said.text.contains(part), "{part}: {}", said.text);
    }
    assert!(!said.text.contains(TOKEN), "{}", said.errors);
    let arguments = ["connect", "jira", "--automation", "--show-token"];
    let said = stack.casement(&arguments).await;
    assert!(said.text.contains(TOKEN), "{}", said.text);
}
