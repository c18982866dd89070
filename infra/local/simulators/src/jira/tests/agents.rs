//! The control API.

use super::*;

#[tokio::test]
async fn an_agent_opens_a_request_for_a_phone() {
    let bench = Bench::start().await;
    let body = json!({"summary": "Call back", "phone": "+16505551234"});
    let opened = bench.post("/api/requests", body).await;
    assert_eq!((opened.status, &opened.body["key"]), (200, &json!("SUP-1")));
    assert_eq!(opened.body["webhook_status"], 200);
    let shown = bench.get("/api/requests/SUP-1").await.body;
    assert_eq!(shown["fields"]["customfield_10050"], "+16505551234");
    assert_eq!(
        shown["fields"]["reporter"]["accountId"],
        Account::Agent.account_id()
    );
}

#[tokio::test]
async fn requests_are_given_to_somebody_and_taken_back() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let path = format!("/api/requests/{key}/assignee");
    let ada = Account::Agent.account_id();
    for (to, expected) in [(json!("agent"), json!(ada)), (json!(null), json!(null))] {
        let given = bench.call(Method::PUT, &path, json!({"to": to})).await;
        assert_eq!(given.status, 200);
        let issue = format!("/atlassian/rest/api/3/issue/{key}?fields=assignee");
        let fields = &bench.get(&issue).await.body["fields"];
        assert_eq!(fields["assignee"]["accountId"], expected);
        let change = bench.events("jira:issue_updated").pop().unwrap();
        assert_eq!(change["changelog"]["items"][0]["to"], expected);
    }
}

#[tokio::test]
async fn comments_come_from_all_kinds_of_people() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let authors = [
        ("agent", "atlassian"),
        ("automation", "app"),
        ("customer", "customer"),
        ("bridge", "atlassian"),
    ];
    for (author, account_type) in authors {
        bench
            .comment(&key, json!({"text": "ASAP!", "author": author}))
            .await;
        let comment = bench.events("comment_created").pop().unwrap()["comment"].clone();
        assert_eq!(comment["author"]["accountType"], account_type, "{author}");
        assert_eq!(comment["body"], "ASAP!");
    }
}

#[tokio::test]
async fn comments_are_edited_and_deleted() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let id = bench
        .comment(&key, json!({"text": "first", "public": false}))
        .await;
    let path = format!("/api/requests/{key}/comments/{id}");
    let edit = json!({"text": "second", "public": true});
    let edited = bench.call(Method::PUT, &path, edit).await;
    assert_eq!(
        (edited.status, &edited.body["webhook_status"]),
        (200, &json!(200))
    );
    let updated = &bench.events("comment_updated")[0];
    assert_eq!(updated["comment"]["body"], "second");
    assert_eq!(updated["comment"]["jsdPublic"], true);
    let shown = bench.get(&format!("/api/requests/{key}")).await.body;
    assert_eq!(
        (
            &shown["comments"][0]["text"],
            &shown["comments"][0]["public"]
        ),
        (&json!("second"), &json!(true))
    );

    assert_eq!(
        bench.call(Method::DELETE, &path, Value::Null).await.status,
        200
    );
    assert_eq!(
        bench.events("comment_deleted")[0]["comment"]["body"],
        "second"
    );
    assert_eq!(
        bench.call(Method::DELETE, &path, Value::Null).await.status,
        404
    );
}

#[tokio::test]
async fn wrong_comments_are_refused() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let path = format!("/api/requests/{key}/comments");
    let table = [
        (json!({}), 400),
        (json!({"text": "x", "adf": {}}), 400),
        (json!({"adf": {"type": "doc"}}), 400),
        (json!({"text": "x", "author": "nobody"}), 400),
        (
            json!({"text": "x", "attachments": [{"filename": "a", "mime_type": "b", "base64": "?"}]}),
            400,
        ),
        (
            json!({"text": "x", "attachments": [{"filename": "a/", "mime_type": "b", "base64": ""}]}),
            400,
        ),
    ];
    for (body, status) in table {
        let answer = bench.post(&path, body.clone()).await;
        assert_eq!(
            (answer.status, &answer.body["status"]),
            (status, &json!(status)),
            "{body}"
        );
    }
    let nowhere = bench
        .post("/api/requests/SUP-9/comments", json!({"text": "x"}))
        .await;
    assert_eq!(nowhere.status, 404);
}

#[tokio::test]
async fn requests_are_moved_and_deleted() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    bench.comment(&key, json!({"text": "x"})).await;
    for category in ["done", "new", "indeterminate"] {
        let path = format!("/api/requests/{key}/transition");
        let moved = bench.post(&path, json!({"to": category})).await;
        assert_eq!(moved.body["status_category"], category);
    }
    let path = format!("/api/requests/{key}");
    assert_eq!(
        bench.call(Method::DELETE, &path, Value::Null).await.status,
        200
    );
    bench.idle().await;
    assert_eq!(bench.get(&path).await.status, 404);
    let deleted = &bench.events("jira:issue_deleted")[0];
    assert!(deleted.get("issue_event_type_name").is_none());
    let flows: Vec<(Value, String)> = bench
        .product
        .received()
        .iter()
        .map(|webhook| {
            let flow = webhook.header("x-atlassian-webhook-flow").unwrap();
            (webhook.json()["webhookEvent"].clone(), flow.to_owned())
        })
        .collect();
    assert!(flows.contains(&(json!("jira:issue_deleted"), "Primary".to_owned())));
    assert!(flows.contains(&(json!("comment_deleted"), "Secondary".to_owned())));
}

#[tokio::test]
async fn a_reset_forgets_issues_but_not_used_ids() {
    let bench = Bench::start().await;
    bench.raise(json!({"summary": "x"})).await;
    bench.options(json!({"jsd_public_bug": true})).await;
    bench.simulator.reset();
    assert_eq!(bench.get("/api/requests").await.body, json!([]));
    assert_eq!(
        bench.get("/api/jira/options").await.body["jsd_public_bug"],
        false
    );
    assert_eq!(bench.raise(json!({"summary": "x"})).await, "SUP-2");
}
