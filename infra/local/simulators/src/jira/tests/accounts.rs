//! Authentication at each door, and the administrator's settings.

use super::*;

const CLOUD: &str = "/atlassian/ex/jira/6f1d6a3e-2c0f-4f57-9a4f-c0ffee000000";

impl Bench {
    /// Returns the status that a call with this header gets.
    async fn status_of(&self, path: &str, authorization: &str) -> u16 {
        let request = self.http.get(format!("{}{path}", self.base));
        let request = request.header("authorization", authorization);
        request.send().await.unwrap().status().as_u16()
    }

    async fn access_token(&self, secret: &str) -> Answer {
        let grant = json!({"grant_type": "client_credentials", "client_id": "local-client-id",
            "client_secret": secret});
        self.post("/atlassian/oauth/token", grant).await
    }
}

fn basic(token: &str) -> String {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    let pair = STANDARD.encode(format!("casement@example.com:{token}"));
    format!("Basic {pair}")
}

#[tokio::test]
async fn plain_tokens_go_to_the_site_and_scoped_ones_to_the_cloud_api() {
    let bench = Bench::start().await;
    let granted = bench.access_token("local-client-secret").await;
    assert_eq!(granted.status, 200);
    assert_eq!(granted.body["expires_in"], 3600);
    let access = format!("Bearer {}", granted.body["access_token"].as_str().unwrap());
    for (authorization, site, cloud) in [
        (basic("local-jira-token"), 200, 401),
        (basic("local-scoped-token"), 401, 200),
        ("Bearer local-scoped-token".to_owned(), 401, 200),
        (access.clone(), 401, 200),
        ("Bearer another".to_owned(), 401, 401),
    ] {
        for (door, expected) in [("/atlassian", site), (CLOUD, cloud)] {
            let path = format!("{door}/rest/api/3/myself");
            let status = bench.status_of(&path, &authorization).await;
            assert_eq!(status, expected, "{authorization} {door}");
        }
    }
    bench.advance(chrono::TimeDelta::seconds(3_600));
    let path = format!("{CLOUD}/rest/api/3/myself");
    assert_eq!(bench.status_of(&path, &access).await, 401, "it has ended");
    assert_eq!(bench.access_token("another").await.status, 401);
}

#[tokio::test]
async fn permissions_are_those_of_the_setup() {
    let bench = Bench::start().await;
    let denied = json!({"denied_permissions": ["ADD_COMMENTS"]});
    assert_eq!(bench.post("/api/jira/setup", denied).await.status, 200);
    let path = "/atlassian/rest/api/3/mypermissions";
    let asked = format!("{path}?permissions=ADD_COMMENTS,EDIT_ISSUES&projectKey=SUP");
    let mine = bench.get(&asked).await.body;
    assert_eq!(mine["permissions"]["ADD_COMMENTS"]["havePermission"], false);
    assert_eq!(mine["permissions"]["EDIT_ISSUES"]["havePermission"], true);
    for (query, status) in [
        ("", 400),
        ("?permissions=NONE", 400),
        ("?permissions=EDIT_ISSUES&projectKey=X", 404),
    ] {
        assert_eq!(
            bench.get(&format!("{path}{query}")).await.status,
            status,
            "{query}"
        );
    }
    assert_eq!(
        bench
            .post("/api/jira/setup", json!({"none": 1}))
            .await
            .status,
        400
    );
}

#[tokio::test]
async fn request_types_have_their_forms() {
    let bench = Bench::start().await;
    bench
        .post(
            "/api/jira/setup",
            json!({"required_fields": ["customfield_10050"]}),
        )
        .await;
    let desk = "/atlassian/rest/servicedeskapi/servicedesk/1";
    assert_eq!(bench.get(desk).await.body["projectKey"], "SUP");
    let form = bench
        .get(&format!("{desk}/requesttype/10/field"))
        .await
        .body;
    let required: Vec<_> = form["requestTypeFields"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|field| field["required"] == true)
        .map(|field| field["fieldId"].as_str().unwrap())
        .collect();
    assert_eq!(required, ["summary", "customfield_10050"]);
    for path in ["2", "1/requesttype/99/field"] {
        let path = format!("/atlassian/rest/servicedeskapi/servicedesk/{path}");
        assert_eq!(bench.get(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn administrators_register_webhooks() {
    let bench = Bench::start().await;
    let path = "/atlassian/rest/webhooks/1.0/webhook";
    let first = bench.get(path).await.body;
    assert_eq!(first.as_array().unwrap().len(), 1);
    let events = ["comment_created"];
    let new =
        json!({"name": "Other", "url": "https://o.example/", "events": events, "secret": "s"});
    let made = bench.post(path, new.clone()).await;
    assert_eq!(made.status, 201);
    assert!(
        made.body["self"]
            .as_str()
            .unwrap()
            .ends_with("/rest/webhooks/1.0/webhook/2")
    );
    assert!(
        made.body.get("secret").is_none(),
        "it can be set and not read"
    );
    let mut changed = new;
    changed["enabled"] = json!(false);
    let own = format!("{path}/2");
    assert_eq!(bench.call(Method::PUT, &own, changed).await.status, 200);
    assert_eq!(bench.get(&own).await.body["enabled"], false);
    assert_eq!(
        bench.call(Method::DELETE, &own, Value::Null).await.status,
        204
    );
    assert_eq!(bench.get(&own).await.status, 404);
    bench
        .post("/api/jira/setup", json!({"administrator": false}))
        .await;
    assert_eq!(bench.get(path).await.status, 403);
}

#[tokio::test]
async fn without_permission_agents_comments_take_no_properties_and_issues_no_links() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let other = bench.raise(json!({"summary": "y"})).await;
    let property = |id: &str| format!("/atlassian/rest/api/3/comment/{id}/properties/casement");
    let agents = bench.comment(&key, json!({"text": "a"})).await;
    let ours = bench
        .comment(&key, json!({"text": "b", "author": "bridge"}))
        .await;
    let link = json!({"type": {"name": "Relates"}, "inwardIssue": {"key": key},
        "outwardIssue": {"key": other}});
    let mine = "/atlassian/rest/api/3/mypermissions?permissions=EDIT_ALL_COMMENTS,LINK_ISSUES";
    for (has, status, linked) in [(false, 403, 404), (true, 201, 201)] {
        bench
            .options(json!({"edit_all_comments": has, "link_issues": has}))
            .await;
        let put = async |id: &str| {
            let path = property(id);
            let set = bench.call(Method::PUT, &path, json!({"v": 1}));
            set.await.status
        };
        assert_eq!(put(&agents).await, status);
        assert!([200, 201].contains(&put(&ours).await));
        let created = bench
            .post("/atlassian/rest/api/3/issueLink", link.clone())
            .await;
        assert_eq!(created.status, linked);
        let permissions = bench.get(mine).await.body["permissions"].clone();
        for name in ["EDIT_ALL_COMMENTS", "LINK_ISSUES"] {
            assert_eq!(permissions[name]["havePermission"], has, "{name}");
        }
    }
    bench.idle().await;
    assert_eq!(bench.events("comment_updated").len(), 0);
    bench
        .options(json!({"properties_edit_comments": true}))
        .await;
    bench
        .call(Method::PUT, &property(&agents), json!({"v": 1}))
        .await;
    bench.idle().await;
    assert_eq!(bench.events("comment_updated").len(), 1);
}

#[tokio::test]
async fn files_are_read_without_credentials_whichever_door_leads_to_them() {
    let bench = Bench::start().await;
    let key = bench.raise(json!({"summary": "x"})).await;
    let id = bench.attach(&key, "a.txt", "abcd").await;
    for (door, token) in [
        ("/atlassian", "local-jira-token"),
        (CLOUD, "local-scoped-token"),
    ] {
        let content = format!("{}{door}/rest/api/3/attachment/content/{id}", bench.base);
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let asked = http.get(content).header("authorization", basic(token));
        let asked = asked.send().await.unwrap();
        assert_eq!(asked.status(), 303, "{door}");
        let address = asked.headers()["location"].to_str().unwrap();
        let file = http.get(address).send().await.unwrap();
        assert_eq!(file.status(), 200, "{door} {address}");
        assert_eq!(file.text().await.unwrap(), "abcd", "{door}");
    }
}
