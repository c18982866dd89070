//! Requests and issues.

use super::*;

#[tokio::test]
async fn only_the_service_account_is_let_in() {
    let bench = Bench::start().await;
    let url = format!("{}/atlassian/rest/api/3/myself", bench.base);
    for token in [None, Some("wrong")] {
        let mut request = bench.http.get(&url);
        if let Some(token) = token {
            request = request.basic_auth("casement@example.com", Some(token));
        }
        assert_eq!(request.send().await.unwrap().status(), 401);
    }
    let me = bench.get("/atlassian/rest/api/3/myself").await;
    assert_eq!(me.status, 200);
    assert_eq!(me.body["accountId"], Account::Bridge.account_id());
    let info = bench.get("/atlassian/rest/api/3/serverInfo").await;
    assert_eq!(info.body["deploymentType"], "Cloud");
    assert_eq!(bench.get("/atlassian/rest/api/3/nothing").await.status, 404);
    let nowhere = bench.get("/atlassian/rest/api/3/issue/SUP-99").await;
    assert_eq!(nowhere.status, 404);
    assert_eq!(nowhere.body["errors"], json!({}));
}

#[tokio::test]
async fn a_request_is_raised_and_shown() {
    let bench = Bench::start().await;
    let key = bench
        .raise(json!({"summary": "Cold coffee", "description": "See *this*", "customfield_10050": "+16505551234"}))
        .await;
    assert_eq!(key, "SUP-1");
    let shown = bench
        .get(&format!("/atlassian/rest/servicedeskapi/request/{key}"))
        .await;
    assert_eq!(shown.status, 200);
    assert_eq!(shown.body["requestTypeId"], "10");
    assert_eq!(shown.body["currentStatus"]["status"], "Waiting for support");
    assert_eq!(
        shown.body["currentStatus"]["statusCategory"],
        "INDETERMINATE"
    );
    assert_eq!(
        shown.body["reporter"]["accountId"],
        Account::Bridge.account_id()
    );
    assert!(
        shown.body["createdDate"]["jira"]
            .as_str()
            .unwrap()
            .ends_with("+0100")
    );

    let fields = "summary,labels,customfield_10050,status";
    let issue = bench
        .get(&format!(
            "/atlassian/rest/api/3/issue/{key}?fields={fields}"
        ))
        .await;
    assert_eq!(issue.body["id"], shown.body["issueId"]);
    let names: Vec<&String> = issue.body["fields"].as_object().unwrap().keys().collect();
    assert_eq!(names.len(), 4);
    assert_eq!(issue.body["fields"]["customfield_10050"], "+16505551234");

    bench.idle().await;
    let created = &bench.events("jira:issue_created")[0];
    assert_eq!(created["issue"]["key"], "SUP-1");
    assert_eq!(created["issue"]["fields"]["description"], "See *this*");

    let listed = bench.get("/api/requests").await.body;
    assert_eq!(listed[0]["summary"], "Cold coffee");
    assert_eq!(listed[0]["description"], "See *this*");
    assert_eq!(listed[0]["status_category"], "indeterminate");
    assert_eq!(listed[0]["fields"]["customfield_10050"], "+16505551234");
}

#[tokio::test]
async fn labels_and_fields_are_edited() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let path = format!("/atlassian/rest/api/3/issue/{key}");
    let edits = [
        (
            json!({"update": {"labels": [{"add": "a"}, {"add": "b"}, {"remove": "a"}]}}),
            204,
        ),
        (
            json!({"fields": {"customfield_10054": "2026-11-22T12:00:00.000+0100"}}),
            204,
        ),
        (json!({"update": {"labels": [{"add": "with space"}]}}), 400),
        (json!({"fields": {"customfield_99999": "x"}}), 400),
        (json!({"fields": {"customfield_10054": "tomorrow"}}), 400),
        (json!({"fields": {"customfield_10054": 1_790_000_000}}), 400),
        (json!({"fields": {"summary": "y", "status": "Done"}}), 400),
    ];
    for (edit, status) in edits {
        let answer = bench.call(Method::PUT, &path, edit.clone()).await;
        assert_eq!(answer.status, status, "{edit}");
    }
    let fields = &bench.get(&path).await.body["fields"];
    assert_eq!(fields["labels"], json!(["b"]));
    assert_eq!(fields["customfield_10054"], "2026-11-22T12:00:00.000+0100");
    assert_eq!(fields["summary"], "x", "an edit that fails changes nothing");
    bench.idle().await;
    let fields: Vec<Value> = bench
        .events("jira:issue_updated")
        .iter()
        .map(|event| event["changelog"]["items"][0]["field"].clone())
        .collect();
    assert_eq!(fields.len(), 2);
    assert!(fields.contains(&json!("labels")));
}

#[tokio::test]
async fn transitions_are_chosen_by_category() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let path = format!("/atlassian/rest/api/3/issue/{key}/transitions");
    for (category, status) in [
        ("done", "Resolved"),
        ("indeterminate", "Waiting for support"),
    ] {
        let ways = bench.get(&path).await.body;
        let way = ways["transitions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|way| way["to"]["statusCategory"]["key"] == category);
        let id = way.unwrap()["id"].clone();
        let answer = bench.post(&path, json!({"transition": {"id": id}})).await;
        assert_eq!(answer.status, 204);
        let again = bench.post(&path, json!({"transition": {"id": id}})).await;
        assert_eq!(again.status, 400, "no way from here");
        assert_eq!(bench.get("/api/requests").await.body[0]["status"], status);
    }
    bench.idle().await;
    let events = bench.events("jira:issue_updated");
    assert_eq!(events.len(), 2);
    for event in events {
        assert_eq!(event["issue_event_type_name"], "issue_generic");
        let fields: Vec<&Value> = event["changelog"]["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| &item["field"])
            .collect();
        assert_eq!(fields, ["status", "resolution"]);
    }
}

#[tokio::test]
async fn issues_are_linked_once_and_with_known_words_only() {
    let bench = Bench::start().await;
    for summary in ["one", "two"] {
        bench.raise(json!({ "summary": summary })).await;
    }
    let link = |kind: &str, outward: &str| json!({"type": {"name": kind}, "inwardIssue": {"key": "SUP-2"}, "outwardIssue": {"id": outward}});
    for (body, status) in [
        (link("Relates", "10001"), 201),
        (link("Relates", "10001"), 201),
        (link("Relates", "10009"), 404),
        (link("Befriends", "10001"), 400),
        (
            json!({"type": {"name": "Relates"}, "inwardIssue": {}, "outwardIssue": {}}),
            400,
        ),
    ] {
        let answer = bench
            .post("/atlassian/rest/api/3/issueLink", body.clone())
            .await;
        assert_eq!(answer.status, status, "{body}");
    }
    for (key, linked) in [("SUP-1", "SUP-2"), ("SUP-2", "SUP-1")] {
        let shown = bench.get(&format!("/api/requests/{key}")).await;
        assert_eq!(shown.body["linked"], json!([linked]), "{key}");
    }
}

#[tokio::test]
async fn a_service_desk_names_its_project() {
    let bench = Bench::start().await;
    for (id, status) in [("1", 200), ("SUP", 200), ("2", 404)] {
        let path = format!("/atlassian/rest/servicedeskapi/servicedesk/{id}");
        let shown = bench.get(&path).await;
        assert_eq!(shown.status, status, "{id}");
        if status == 200 {
            assert_eq!(shown.body["id"], "1");
            assert_eq!(shown.body["projectId"], "10000");
        }
    }
}
