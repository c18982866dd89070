use std::collections::BTreeSet;

use casement_core::model::comment::ListedComment;
use casement_core::model::identity::{AccountId, CommentId, IssueId, Wamid};
use casement_service::ports::{LatestComments, UpdatedIssue, UpdatedPage, Updates};
use chrono::{DateTime, Duration, Utc};

use super::*;

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn desk(server: &MockServer, id: &str, status: u16, project: &str) {
    let answer = json!({"id": id, "projectId": project, "projectKey": "SUP"});
    Mock::given(method("GET"))
        .and(path(format!("/rest/servicedeskapi/servicedesk/{id}")))
        .respond_with(json_answer(status, &answer))
        .expect(1..=2)
        .mount(server)
        .await;
}

#[tokio::test]
async fn what_was_updated_lately_is_searched_page_by_page() {
    let server = MockServer::start().await;
    desk(&server, "1", 200, "10000").await;
    desk(&server, "2", 404, "").await;
    desk(&server, "3", 200, "10002").await;
    let jql = "project in (10000, 10002) AND updated >= \"-11m\" ORDER BY updated ASC".to_owned();
    let first = json!({"jql": jql, "fields": ["updated", "customfield_7"], "maxResults": 100});
    let mut second = first.clone();
    second["nextPageToken"] = json!("abc");
    for (body, answer) in [
        (
            first,
            json!({"issues": [
                {"id": "10042", "key": "SUP-1", "fields": {"updated": "2026-11-20T09:15:00.000+0100"}},
                {"id": "10044", "fields": {"updated": "2026-11-20T09:15:00.000+0100", "customfield_7": " "}},
                {"id": "10045", "fields": {"updated": "2026-11-20T09:15:00.000+0100",
                    "customfield_7": "+49 151 12345678"}},
                {"id": "10043", "key": "SUP-2", "fields": {"updated": "soon"}},
            ], "isLast": false, "nextPageToken": "abc"}),
        ),
        (second, json!({"issues": [], "isLast": true})),
    ] {
        Mock::given(method("POST"))
            .and(path("/rest/api/3/search/jql"))
            .and(body_json(body))
            .respond_with(json_answer(200, &answer))
            .expect(1)
            .mount(&server)
            .await;
    }
    let jira = jira(&server.uri());
    let desks = BTreeSet::from(["1", "2", "3"]);
    let within = Duration::seconds(10 * 60 + 1);
    let phones = BTreeSet::from(["customfield_7"]);
    let issue = |id: &str, has_phone| UpdatedIssue {
        id: IssueId::new(id),
        updated: utc("2026-11-20T08:15:00Z"),
        has_phone,
    };
    let issues = vec![
        issue("10042", false),
        issue("10044", false),
        issue("10045", true),
    ];
    for (page, issues, next) in [(None, issues, Some("abc")), (Some("abc"), vec![], None)] {
        let found = jira.updated(&desks, &phones, within, page).await;
        let next = next.map(str::to_owned);
        assert_eq!(found, Ok(UpdatedPage { issues, next }));
    }
}

#[tokio::test]
async fn without_a_service_desk_nothing_is_searched() {
    let server = MockServer::start().await;
    desk(&server, "2", 404, "").await;
    let jira = jira(&server.uri());
    let found = jira
        .updated(
            &BTreeSet::from(["2"]),
            &BTreeSet::new(),
            Duration::minutes(5),
            None,
        )
        .await;
    assert_eq!(found.unwrap().issues, []);
}

#[tokio::test]
async fn comments_are_listed_with_what_keeps_them_inside() {
    let comment = |id: &str, changes: Value| {
        let mut comment = json!({
            "id": id,
            "author": {"accountId": "712020:ben"},
            "created": "2026-11-20T09:15:00.000+0100",
            "updated": "2026-11-20T09:16:00.000+0100",
            "jsdPublic": true,
            "body": {"type": "doc"},
            "properties": [],
        });
        for (name, value) in changes.as_object().unwrap() {
            comment[name] = value.clone();
        }
        comment
    };
    let role = json!({"type": "role", "value": "Administrators"});
    let server = MockServer::start().await;
    Mock::given(method("GET"))
        .and(path("/rest/api/3/issue/10042/comment"))
        .and(query_param("orderBy", "-created"))
        .and(query_param("maxResults", "100"))
        .and(query_param("expand", "properties"))
        .respond_with(json_answer(
            200,
            &json!({"comments": [
                comment("9", json!({})),
                comment("8", json!({"jsdPublic": false})),
                comment("7", json!({"visibility": role})),
                comment("6", json!({"properties": [{"key": "casement",
                    "value": {"note": "notice:0123:7"}}]})),
                // A closer look tells whether it is public.
                comment("5", json!({"jsdPublic": null, "updated": null})),
                comment("4", json!({"author": null})),
                null,
            ]}),
        ))
        .mount(&server)
        .await;
    let listed = jira(&server.uri())
        .latest_comments(&IssueId::new("10042"))
        .await
        .unwrap();
    let expected = |id: &str, inside, written_by_us, updated: &str| ListedComment {
        id: CommentId::new(id),
        author: AccountId::new("712020:ben"),
        account_type: casement_core::model::comment::AccountType::Person,
        inside,
        written_by_us,
        about: written_by_us.then(|| "notice:0123:7".to_owned()),
        created: utc("2026-11-20T08:15:00Z"),
        updated: utc(updated),
        body: json!({"type": "doc"}).into(),
    };
    assert_eq!(
        listed,
        [
            expected("9", false, false, "2026-11-20T08:16:00Z"),
            expected("8", true, false, "2026-11-20T08:16:00Z"),
            expected("7", true, false, "2026-11-20T08:16:00Z"),
            expected("6", false, true, "2026-11-20T08:16:00Z"),
            expected("5", false, false, "2026-11-20T08:15:00Z"),
        ]
    );
}

#[tokio::test]
async fn a_comment_names_the_message_that_it_shows() {
    let server = MockServer::start().await;
    for (id, value) in [
        ("7", json!({"wamid": "wamid.A", "part": 0})),
        ("8", json!({"note": "held:1"})),
    ] {
        let property = json!({"key": "casement", "value": value});
        let path = format!("/rest/api/3/comment/{id}/properties/casement");
        answer_at(&server, &path, 200, &property).await;
    }
    let jira = jira(&server.uri());
    for (id, expected) in [
        ("7", Some("wamid.A")),
        ("8", None),
        ("9", None),
        ("../7", None),
    ] {
        let found = jira.message_of(&CommentId::new(id)).await.unwrap();
        assert_eq!(found.as_ref().map(Wamid::as_str), expected, "{id}");
    }
}
