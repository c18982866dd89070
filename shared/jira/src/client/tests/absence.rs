//! What a 404 means.

use super::*;
use casement_core::decide::fields::FieldValue;
use casement_core::model::adf::Document;
use casement_core::model::fate::Absence;
use casement_core::model::identity::{CommentId, IssueId};
use casement_service::ports::{CommentDraft, Comments, LatestComments, Marker, Requests};

const ISSUE: &str = "/rest/api/3/issue/10042";
const REQUEST: &str = "/rest/servicedeskapi/request/10042";

fn issue() -> IssueId {
    IssueId::new("10042")
}

async fn write(jira: &JiraCloud<Tokens>) -> Result<CommentId, CallFailure> {
    let draft = CommentDraft {
        body: Document::literal("hello"),
        public: true,
        marker: Marker::Note("a".to_owned()),
    };
    jira.add(&issue(), &draft).await
}

/// Makes every kind of call about an issue and returns the failures.
async fn all_calls(jira: &JiraCloud<Tokens>) -> Vec<Option<CallFailure>> {
    vec![
        jira.state(&issue()).await.err(),
        jira.transitions(&issue()).await.err(),
        jira.assignee(&issue()).await.err(),
        jira.set_fields(
            &issue(),
            &[("customfield_1".to_owned(), FieldValue::Count(1))],
        )
        .await
        .err(),
        jira.latest_comments(&issue()).await.err(),
        write(jira).await.err(),
    ]
}

#[tokio::test]
async fn both_parts_of_jira_are_asked_before_a_request_counts_as_deleted() {
    use Absence::{Deleted, Hidden, Unclear};
    for (platform, service_desk, expected) in [
        (404, 404, CallFailure::Absent(Deleted)),
        (410, 404, CallFailure::Absent(Deleted)),
        (404, 200, CallFailure::Absent(Hidden)),
        (404, 403, refused(403)),
        (404, 401, refused(401)),
        (404, 429, refused(429)),
        (404, 500, CallFailure::Absent(Unclear)),
        (404, 503, CallFailure::Absent(Unclear)),
        (404, 400, CallFailure::Absent(Unclear)),
    ] {
        let server = MockServer::start().await;
        answer_at(&server, REQUEST, service_desk, &json!({"issueId": "10042"})).await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(platform))
            .mount(&server)
            .await;
        for (number, failure) in all_calls(&jira(&server.uri()))
            .await
            .into_iter()
            .enumerate()
        {
            assert_eq!(failure, Some(expected.clone()), "{number}: {service_desk}");
        }
    }
}

#[tokio::test]
async fn one_404_more_does_not_make_a_hidden_request_a_deleted_one() {
    let server = MockServer::start().await;
    Mock::given(path(REQUEST))
        .respond_with(ResponseTemplate::new(404))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    answer_at(&server, REQUEST, 200, &json!({"issueId": "10042"})).await;
    let hidden = Some(CallFailure::Absent(Absence::Hidden));
    assert_eq!(jira(&server.uri()).state(&issue()).await.err(), hidden);
}

#[tokio::test]
async fn one_404_is_no_reason_to_stop() {
    let server = MockServer::start().await;
    let body = json!({"id": "10042", "key": "SUP-1", "comments": [], "transitions": [], "fields": {
        "status": {"name": "Open", "statusCategory": {"key": "new"}}}});
    let jira = jira(&server.uri());
    for call in 0..5 {
        server.reset().await;
        Mock::given(any())
            .respond_with(ResponseTemplate::new(404))
            .up_to_n_times(1)
            .mount(&server)
            .await;
        Mock::given(any())
            .respond_with(json_answer(200, &body))
            .mount(&server)
            .await;
        // Each server has one 404 for the call with this number.
        let failure = match call {
            0 => jira.state(&issue()).await.err(),
            1 => jira.transitions(&issue()).await.err(),
            2 => jira.assignee(&issue()).await.err(),
            3 => jira.latest_comments(&issue()).await.err(),
            _ => write(&jira).await.err(),
        };
        assert_eq!(failure, None, "{call}");
    }
}

#[tokio::test]
async fn an_issue_that_is_there_is_not_deleted() {
    let server = MockServer::start().await;
    let body = json!({"id": "10042", "fields": {}});
    answer_at(&server, ISSUE, 200, &body).await;
    let jira = jira(&server.uri());
    let unclear = CallFailure::Absent(Absence::Unclear);
    assert_eq!(write(&jira).await, Err(unclear.clone()));
    assert_eq!(jira.latest_comments(&issue()).await.err(), Some(unclear));
}

#[tokio::test]
async fn a_comment_that_is_listed_is_not_deleted() {
    let server = MockServer::start().await;
    answer_at(&server, ISSUE, 200, &json!({})).await;
    let listed = json!({"comments": [{"id": "1", "author": {"accountId": "a"}, "jsdPublic": true,
        "created": "2026-10-22T12:00:00.000+0200", "body": "x"}]});
    answer_at(&server, &format!("{ISSUE}/comment"), 200, &listed).await;
    let jira = jira(&server.uri());
    let read = jira.read(&issue(), &CommentId::new("1")).await;
    assert_eq!(read, Err(CallFailure::Absent(Absence::Unclear)));
    let read = jira.read(&issue(), &CommentId::new("2")).await;
    assert_eq!(read, Ok(None));
}

#[tokio::test]
async fn a_404_about_nothing_of_an_issue_stays_one() {
    let server = answering(ResponseTemplate::new(404)).await;
    let jira = jira(&server.uri());
    assert_eq!(jira.own_account().await, Err(refused(404)));
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}
