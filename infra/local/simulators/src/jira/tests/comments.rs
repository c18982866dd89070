//! Comments through the REST APIs.

use chrono::TimeDelta;

use super::*;
use crate::jira::adf;

#[tokio::test]
async fn a_full_issue_takes_no_more() {
    let bench = Bench::start().await;
    bench.options(json!({"comments_per_issue": 1})).await;
    let (key, other) = (
        bench.raise(json!({"summary": "x"})).await,
        bench.raise(json!({"summary": "y"})).await,
    );
    let write = async |key: &str| {
        let path = format!("/atlassian/rest/api/3/issue/{key}/comment");
        let body = json!({"body": adf::from_text("a note")});
        bench.post(&path, body).await.status
    };
    assert_eq!((write(&key).await, write(&key).await), (201, 413));
    assert_eq!(write(&other).await, 201);
    bench.options(json!({"comments_per_issue": 2})).await;
    assert_eq!((write(&key).await, write(&key).await), (201, 413));
}

#[tokio::test]
async fn a_comment_with_properties_is_written_and_read() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let path = format!("/atlassian/rest/api/3/issue/{key}/comment");
    let body = json!({
        "body": adf::from_text("a note"),
        "properties": [
            {"key": "sd.public.comment", "value": {"internal": true}},
            {"key": "wa.msg", "value": {"id": "wamid.1"}},
        ],
    });
    let written = bench.post(&format!("{path}?expand=properties"), body).await;
    assert_eq!(written.status, 201);
    assert_eq!(written.body["jsdPublic"], false);
    assert_eq!(
        written.body["author"]["accountId"],
        Account::Bridge.account_id()
    );
    assert_eq!(written.body["properties"][1]["value"]["id"], "wamid.1");
    let id = written.body["id"].as_str().unwrap();

    let plain = bench.get(&format!("{path}/{id}")).await.body;
    assert!(plain.get("properties").is_none(), "only when asked for");
    let desk = format!("/atlassian/rest/servicedeskapi/request/{key}/comment/{id}");
    let desk = bench.get(&desk).await.body;
    assert_eq!(
        (&desk["public"], &desk["body"]),
        (&json!(false), &json!("a note"))
    );
    assert_eq!(bench.get(&format!("{path}/1")).await.status, 404);
}

#[tokio::test]
async fn properties_are_set_later_too() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let id = bench.comment(&key, json!({"text": "x"})).await;
    let path = format!("/atlassian/rest/api/3/comment/{id}/properties/wa.status");
    assert_eq!(bench.get(&path).await.status, 404);
    for status in [201, 200] {
        let value = json!({"state": status});
        assert_eq!(
            bench.call(Method::PUT, &path, value.clone()).await.status,
            status
        );
        assert_eq!(
            bench.get(&path).await.body,
            json!({"key": "wa.status", "value": value})
        );
    }
    let listed = bench.get("/api/requests").await.body;
    assert_eq!(
        listed[0]["comments"][0]["properties"]["wa.status"]["state"],
        200
    );
}

#[tokio::test]
async fn wrong_documents_are_refused() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let path = format!("/atlassian/rest/api/3/issue/{key}/comment");
    let mut empty_text = adf::from_text("x");
    empty_text["content"][0]["content"][0]["text"] = json!("");
    let invalid = json!({"errorMessages": ["INVALID_INPUT"], "errors": {}});
    let table = [
        (
            json!({}),
            json!({"errorMessages": [], "errors": {"comment": "Comment body can not be empty!"}}),
        ),
        (json!({"body": "a string"}), invalid.clone()),
        (json!({"body": empty_text}), invalid),
        (
            json!({"body": adf::from_text(&"x".repeat(32_767))}),
            json!({"errorMessages": [], "errors": {"comment": "The entered text is too long. It exceeds the allowed limit of 32,767 characters."}}),
        ),
    ];
    for (body, error) in table {
        let answer = bench.post(&path, body).await;
        assert_eq!((answer.status, answer.body), (400, error));
    }
}

#[tokio::test]
async fn comments_are_listed_in_pages_and_in_both_orders() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let mut ids = Vec::new();
    for public in [true, false, true] {
        ids.push(
            bench
                .comment(&key, json!({"text": "x", "public": public}))
                .await,
        );
    }
    let listed = |body: &Value| -> Vec<String> {
        let id = |comment: &Value| comment["id"].as_str().unwrap().to_owned();
        body["comments"]
            .as_array()
            .unwrap()
            .iter()
            .map(id)
            .collect()
    };
    let path = format!("/atlassian/rest/api/3/issue/{key}/comment");
    let newest = bench
        .get(&format!("{path}?orderBy=-created&maxResults=2"))
        .await
        .body;
    assert_eq!(listed(&newest), [ids[2].clone(), ids[1].clone()]);
    assert_eq!(
        (&newest["total"], &newest["maxResults"]),
        (&json!(3), &json!(2))
    );
    let rest = bench.get(&format!("{path}?startAt=2")).await.body;
    assert_eq!(listed(&rest), ids[2..]);
}

#[tokio::test]
async fn too_many_writes_to_an_issue_are_refused() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let path = format!("/atlassian/rest/api/3/issue/{key}/comment");
    let body = json!({"body": adf::from_text("x")});
    while bench.simulator.count_write(&key).is_ok() {}
    // From here the writes are in the future, so that the duration of this test does not matter.
    bench.advance(TimeDelta::hours(-1));
    let refused = bench.post(&path, body.clone()).await;
    assert_eq!(refused.status, 429);
    assert_eq!(
        refused.headers["ratelimit-reason"],
        "jira-per-issue-on-write"
    );
    assert!(refused.headers.contains_key("retry-after"));
    let listed = bench.get("/api/requests").await.body;
    assert_eq!(listed[0]["comments"], json!([]));
    bench.advance(TimeDelta::hours(2));
    assert_eq!(bench.post(&path, body).await.status, 201);
}
