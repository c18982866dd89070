//! Search.

use chrono::TimeDelta;

use super::*;

const SEARCH: &str = "/atlassian/rest/api/3/search/jql";

#[tokio::test]
async fn the_index_lags_but_can_be_reconciled() {
    let bench = Bench::start().await;
    bench.options(json!({"search_lag_ms": 60_000})).await;
    let key = bench
        .raise(json!({"summary": "x", "customfield_10053": "ref 77"}))
        .await;
    let id: u64 = bench.get("/api/requests").await.body[0]["id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let jql = "project = SUP AND cf[10053] ~ \"77\" ORDER BY created ASC";
    let search = json!({"jql": jql, "fields": ["summary"], "maxResults": 2});
    let found = bench.post(SEARCH, search.clone()).await;
    assert_eq!((found.status, &found.body["issues"]), (200, &json!([])));
    let mut reconciled = search.clone();
    reconciled["reconcileIssues"] = json!([id]);
    assert_eq!(
        bench.post(SEARCH, reconciled).await.body["issues"][0]["key"],
        key.as_str()
    );
    bench.advance(TimeDelta::minutes(1));
    let found = bench.post(SEARCH, search).await.body;
    assert_eq!(found["issues"][0]["key"], key.as_str());
    assert_eq!(found["issues"][0]["fields"], json!({"summary": "x"}));
    assert!(found.get("total").is_none());
}

#[tokio::test]
async fn texts_are_searched_in_all_fields_and_in_comments() {
    let bench = Bench::start().await;
    let reference = "7f3a-91";
    bench
        .raise(json!({"summary": "one", "customfield_10053": reference}))
        .await;
    let two = bench.raise(json!({"summary": "two"})).await;
    bench.raise(json!({"summary": "three 7f3a and 91"})).await;
    bench.comment(&two, json!({"text": "see 7f3a-91"})).await;
    let jql =
        format!("reporter = currentUser() AND text ~ \"\\\"{reference}\\\"\" ORDER BY created ASC");
    let found = bench
        .post(SEARCH, json!({"jql": jql, "fields": ["summary"]}))
        .await
        .body;
    let summaries: Vec<&Value> = found["issues"]
        .as_array()
        .unwrap()
        .iter()
        .map(|issue| &issue["fields"]["summary"])
        .collect();
    assert_eq!(summaries, ["one", "two"]);
}

#[tokio::test]
async fn results_come_in_pages() {
    let bench = Bench::start().await;
    let mut ids = Vec::new();
    for n in 0..3 {
        bench.raise(json!({"summary": n.to_string()})).await;
        ids.push(json!({"id": (10_001 + n).to_string()}));
    }
    let mut search = json!({"jql": "reporter = currentUser() ORDER BY created", "maxResults": 2});
    let first = bench.post(SEARCH, search.clone()).await.body;
    assert_eq!(
        (&first["issues"], &first["isLast"]),
        (&json!(ids[..2]), &json!(false))
    );
    search["nextPageToken"] = first["nextPageToken"].clone();
    let second = bench.post(SEARCH, search).await.body;
    assert_eq!(
        (&second["issues"], &second["isLast"]),
        (&json!(ids[2..]), &json!(true))
    );

    let query = json!({"jql": "project = SUP", "fields": ["summary"], "maxResults": 1});
    assert_eq!(
        bench.post(SEARCH, query).await.body["issues"][0]["fields"],
        json!({"summary": "2"})
    );
}

#[tokio::test]
async fn what_is_not_understood_is_refused_by_name() {
    let bench = Bench::start().await;
    bench.raise(json!({"summary": "x"})).await;
    for (jql, named) in [
        ("sprint = 1", "sprint"),
        ("ORDER BY created", "Unbounded"),
        ("created >= soon", "soon"),
    ] {
        let answer = bench.post(SEARCH, json!({"jql": jql})).await;
        let message = answer.body["errorMessages"][0].as_str().unwrap();
        assert!(
            answer.status == 400 && message.contains(named),
            "{jql}: {message}"
        );
    }
    let token = json!({"jql": "project = SUP", "nextPageToken": "?"});
    assert_eq!(bench.post(SEARCH, token).await.status, 400);
}
