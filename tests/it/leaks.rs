//! What Jira reports, what it answers, and what of it reaches WhatsApp: through the real
//! functions, with webhooks that lie and answers that fail.

use casement_tests::Stack;
use reqwest::Method;
use serde_json::{Value, json};

const ANA: &str = "4915112345678";

/// A customer wrote and was answered, so that no notice is due.
async fn answered() -> (Stack, String) {
    let stack = Stack::start().await;
    stack.customer_wrote(ANA, "My order is late").await;
    let key = stack.request().await.key;
    stack.agent_wrote(&key, "Let me see").await;
    let lies = json!({"jsd_public_bug": true});
    stack.api(Method::POST, "/api/jira/options", lies).await;
    (stack, key)
}

/// How often the functions have called WhatsApp.
/// Calls that send something. That a message is marked as read says nothing.
async fn calls_to_whatsapp(stack: &Stack) -> usize {
    let calls = stack.api(Method::GET, "/api/calls", Value::Null).await;
    let calls = calls.as_array().unwrap().iter();
    let to_whatsapp = calls.filter(|call| call["service"] == "whatsapp");
    to_whatsapp
        .filter(|call| call["request"]["status"] != "read")
        .count()
}

async fn write(stack: &Stack, key: &str, comment: Value) -> String {
    let path = format!("/api/requests/{key}/comments");
    let answer = stack.api(Method::POST, &path, comment).await;
    answer["id"].as_str().unwrap().to_owned()
}

async fn issue_id(stack: &Stack) -> String {
    let requests = stack.api(Method::GET, "/api/requests", Value::Null).await;
    requests[0]["id"].as_str().unwrap().to_owned()
}

/// Webhooks of every kind about a comment, each with every claim about who may see it.
async fn report_all(stack: &Stack, issue: &str, comment: &str, author: &str) {
    let role = json!({"type": "role", "value": "Service Desk Team"});
    let claims = [json!(true), json!(false), json!(null)].map(|public| (public, json!(null)));
    let claims = claims.into_iter().chain([(json!(true), role)]);
    for (second, (jsd_public, visibility)) in claims.enumerate() {
        for event in ["comment_created", "comment_updated", "comment_deleted"] {
            let body = json!({"webhookEvent": event, "issue": {"id": issue},
                "comment": {"id": comment, "body": "between us", "jsdPublic": jsd_public,
                    "visibility": visibility, "author": {"accountId": author},
                    "updated": format!("2026-11-20T09:00:{second:02}.000+0100")}});
            let answer = stack.api(Method::POST, "/api/webhooks/jira", body).await;
            assert_eq!(answer["status"], 200);
        }
    }
}

#[tokio::test]
async fn whatever_webhooks_claim_only_public_comments_of_others_go_out() {
    let (stack, key) = answered().await;
    let issue = issue_id(&stack).await;
    let role = json!({"type": "role", "value": "Service Desk Team"});
    let group = json!({"type": "group", "value": "jira-users"});
    let mut expected = vec!["Let me see".to_owned()];
    for author in ["agent", "automation", "customer", "bridge"] {
        for (name, public, visibility) in [
            ("public", true, None),
            ("internal", false, None),
            ("role", true, Some(&role)),
            ("group", true, Some(&group)),
            ("internal role", false, Some(&role)),
        ] {
            let text = format!("{name} comment by {author}");
            let mut comment = json!({"text": text, "public": public, "author": author});
            if let Some(visibility) = visibility {
                comment["visibility"] = visibility.clone();
            }
            let id = write(&stack, &key, comment).await;
            report_all(&stack, &issue, &id, "an-account-that-nobody-has").await;
            if name == "public" && author != "bridge" {
                expected.push(text);
            }
        }
        stack.done().await;
    }
    assert_eq!(stack.received(ANA).await, expected);
    assert_eq!(calls_to_whatsapp(&stack).await, expected.len());
}

#[tokio::test]
async fn without_a_clear_answer_of_jira_nothing_goes_out() {
    let (stack, key) = answered().await;
    let before = calls_to_whatsapp(&stack).await;
    for (resource, fault) in [
        ("", json!({"kind": "status", "status": 403})),
        ("", json!({"kind": "status", "status": 404})),
        ("", json!({"kind": "status", "status": 500})),
        ("", json!({"kind": "status", "status": 200, "body": {}})),
        ("", json!({"kind": "refuse"})),
        ("", json!({"kind": "truncate"})),
        // One of the two resources alone is no answer, either.
        (
            "/servicedeskapi/request",
            json!({"kind": "status", "status": 404}),
        ),
        (
            "/servicedeskapi/request",
            json!({"kind": "status", "status": 200, "body": {"public": "true"}}),
        ),
        ("/api/3/issue", json!({"kind": "status", "status": 500})),
    ] {
        let mut armed = fault.clone();
        armed["target"] = json!("jira");
        armed["match"] = json!(match resource {
            "" => "/comment/".to_owned(),
            resource => format!("{resource}/{}/comment/", issue_id(&stack).await),
        });
        stack.fault(armed).await;
        let comment = json!({"text": "between us", "public": true, "author": "agent"});
        let id = write(&stack, &key, comment).await;
        let path = format!("/api/requests/{key}/comments/{id}");
        stack
            .api(Method::PUT, &path, json!({"text": "between us two"}))
            .await;
        stack.quiet().await;
        assert_eq!(
            calls_to_whatsapp(&stack).await,
            before,
            "{resource} {fault}"
        );
        stack.api(Method::DELETE, &path, Value::Null).await;
        stack.fair_weather().await;
        stack.settle().await;
        assert_eq!(
            calls_to_whatsapp(&stack).await,
            before,
            "{resource} {fault}"
        );
    }
    assert!(stack.request().await.internal().is_empty());
}

#[tokio::test]
async fn a_reply_whose_read_hangs_goes_out_when_jira_answers_again() {
    let (stack, key) = answered().await;
    let before = calls_to_whatsapp(&stack).await;
    stack
        .fault(json!({"target": "jira", "match": "/comment/", "kind": "hang"}))
        .await;
    stack.agent_writes(&key, "It ships today", true).await;
    stack.quiet().await;
    assert_eq!(calls_to_whatsapp(&stack).await, before);
    stack.fair_weather().await;
    stack.settle().await;
    assert_eq!(stack.received(ANA).await, ["Let me see", "It ships today"]);
}
