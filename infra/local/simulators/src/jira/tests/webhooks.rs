//! Webhooks: their shape, their headers, their repeats.

use chrono::TimeDelta;

use super::*;
use crate::webhook::delivery::DeliveryState;

#[tokio::test]
async fn a_comment_webhook_is_signed_and_has_six_fields() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    bench.idle().await;
    let id = bench.comment(&key, json!({"text": "Hello ä"})).await;
    let received = bench.product.received().pop().unwrap();
    let expected = crate::signature::sha256("local-jira-secret", received.body.as_bytes());
    assert_eq!(received.header("x-hub-signature"), Some(expected.as_str()));
    assert_eq!(
        received.header("user-agent"),
        Some("Atlassian Webhook HTTP Client")
    );
    assert_eq!(received.header("x-atlassian-webhook-flow"), Some("Primary"));
    assert!(received.header("x-atlassian-webhook-identifier").is_some());
    assert!(received.header("x-atlassian-webhook-retry").is_none());

    let body = received.json();
    assert_eq!(body["webhookEvent"], "comment_created");
    assert_eq!(body["eventType"], "primaryAction");
    assert_eq!(body["comment"]["id"], id.as_str());
    assert_eq!(body["comment"]["jsdPublic"], true);
    assert!(
        body["comment"]["created"]
            .as_str()
            .unwrap()
            .ends_with("+0100")
    );
    let issue = &body["issue"];
    let mut names: Vec<&String> = issue["fields"].as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(
        names,
        [
            "assignee",
            "issuetype",
            "priority",
            "project",
            "status",
            "summary"
        ]
    );
    let malformed = format!("/rest/api/2/{}", issue["id"].as_str().unwrap());
    assert!(issue["self"].as_str().unwrap().ends_with(&malformed));
    assert!(body.get("user").is_none());
}

#[tokio::test]
async fn the_products_own_comments_come_back() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let path = format!("/atlassian/rest/api/3/issue/{key}/comment");
    bench
        .post(&path, json!({"body": crate::jira::adf::from_text("mine")}))
        .await;
    bench.idle().await;
    let echo = &bench.events("comment_created")[0]["comment"];
    assert_eq!(echo["author"]["accountId"], Account::Bridge.account_id());
}

#[tokio::test]
async fn the_known_bug_lies_in_the_webhook_only() {
    let bench = Bench::start().await;
    bench.options(json!({"jsd_public_bug": true})).await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let visibility = json!({"type": "role", "value": "Administrators"});
    let body = json!({"text": "secret", "public": false, "visibility": visibility});
    let id = bench.comment(&key, body).await;
    let told = &bench.events("comment_created")[0]["comment"];
    assert_eq!(told["jsdPublic"], true);
    assert_eq!(told["visibility"], visibility);
    let path = format!("/atlassian/rest/api/3/issue/{key}/comment/{id}");
    let read = bench.get(&path).await.body;
    assert_eq!(
        (&read["jsdPublic"], &read["visibility"]),
        (&json!(false), &visibility)
    );
}

#[tokio::test]
async fn the_issue_can_be_left_out() {
    let bench = Bench::start().await;
    bench.options(json!({"issue_left_out": true})).await;
    let key = bench.raise(json!({"summary": "x"})).await;
    bench.comment(&key, json!({"text": "x"})).await;
    let event = &bench.events("comment_created")[0];
    assert!(event.get("issue").is_none());
    assert!(
        event["comment"]["self"]
            .as_str()
            .unwrap()
            .contains("/issue/10001/comment/")
    );
}

#[tokio::test]
async fn a_webhook_is_repeated_five_times_and_then_dropped() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    bench.idle().await;
    let before = bench.product.received().len();
    bench.product.answer(&[503, 429, 500, 408, 425, 409]);
    let path = format!("/api/requests/{key}/comments");
    let answer = bench.post(&path, json!({"text": "x"})).await;
    assert_eq!(answer.body["webhook_status"], 503);
    for _ in 0..6 {
        bench.idle().await;
        bench.advance(TimeDelta::minutes(15));
    }
    bench.idle().await;
    let attempts = &bench.product.received()[before..];
    let retries: Vec<Option<&str>> = attempts
        .iter()
        .map(|attempt| attempt.header("x-atlassian-webhook-retry"))
        .collect();
    assert_eq!(
        retries,
        [None, Some("1"), Some("2"), Some("3"), Some("4"), Some("5")]
    );
    let identifiers: std::collections::BTreeSet<_> = attempts
        .iter()
        .map(|attempt| attempt.header("x-atlassian-webhook-identifier"))
        .collect();
    assert_eq!(identifiers.len(), 1);
    let mut dropped = bench.simulator.shared.outbox.deliveries();
    dropped.retain(|delivery| delivery.state == DeliveryState::Dropped);
    assert_eq!((dropped.len(), dropped[0].attempts), (1, 6));
    let listed = bench.get("/api/webhooks/jira").await.body;
    assert!(
        listed
            .as_array()
            .unwrap()
            .iter()
            .any(|delivery| delivery["state"] == "dropped")
    );
}

#[tokio::test]
async fn a_refusal_is_final() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    bench.idle().await;
    bench.product.answer(&[401]);
    bench.comment(&key, json!({"text": "x"})).await;
    bench.idle().await;
    let last = bench.simulator.shared.outbox.deliveries().pop().unwrap();
    assert_eq!(
        (last.state, last.attempts, last.last_status),
        (DeliveryState::Dropped, 1, Some(401))
    );
}

#[tokio::test]
async fn raw_webhooks_are_signed_as_asked() {
    let bench = Bench::start().await;
    let body = json!({"webhookEvent": "comment_created", "text": "ä"});
    for (query, right) in [("", true), ("?sign=wrong", false), ("?sign=none", false)] {
        let path = format!("/api/webhooks/jira{query}");
        let answer = bench.post(&path, body.clone()).await;
        assert_eq!((answer.status, &answer.body["status"]), (200, &json!(200)));
        let received = bench.product.received().pop().unwrap();
        assert_eq!(received.body, body.to_string());
        let expected = crate::signature::sha256("local-jira-secret", received.body.as_bytes());
        assert_eq!(
            received.header("x-hub-signature") == Some(expected.as_str()),
            right
        );
    }
    let answer = bench.post("/api/webhooks/jira?sign=maybe", body).await;
    assert_eq!((answer.status, &answer.body["status"]), (400, &json!(400)));
}

#[tokio::test]
async fn webhooks_can_be_lost() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    bench.options(json!({"webhooks_lost": true})).await;
    bench.comment(&key, json!({"text": "unheard"})).await;
    bench.options(json!({"webhooks_lost": false})).await;
    bench.comment(&key, json!({"text": "heard"})).await;
    bench.idle().await;
    bench.advance(TimeDelta::hours(2));
    bench.idle().await;
    assert_eq!(bench.events("comment_created").len(), 1);
    let deliveries = bench.simulator.shared.outbox.deliveries();
    let lost = |state| deliveries.iter().filter(|one| one.state == state).count();
    assert_eq!(lost(DeliveryState::Dropped), 1);
}

#[tokio::test]
async fn everything_can_be_replayed_and_a_replay_is_not() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    bench.comment(&key, json!({"text": "one"})).await;
    bench.idle().await;
    let before = bench.product.received().len();
    for _ in 0..2 {
        let replayed = bench.post("/api/webhooks/jira/replay", json!(null)).await;
        assert_eq!(replayed.body, json!({"replayed": before}));
    }
    let received = bench.product.received();
    assert_eq!(received.len(), 3 * before);
    for (first, again) in received[..before].iter().zip(&received[before..]) {
        assert_eq!(first.body, again.body);
        let signature = "x-hub-signature";
        assert_eq!(first.header(signature), again.header(signature));
    }
}
