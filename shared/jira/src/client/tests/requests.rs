use casement_core::identity::{IssueId, IssueRef};
use casement_core::inbound::NewRequest;
use casement_core::routing::{RequestState, Transition};
use casement_service::ports::Requests;
use chrono::{DateTime, Utc};

use super::*;

fn new_request(field: &str) -> NewRequest {
    NewRequest {
        service_desk_id: "4".to_owned(),
        request_type_id: "25".to_owned(),
        summary: "Where is my bike? (Ana +4915112345678)".to_owned(),
        reference_field: field.to_owned(),
        reference: "casement0a1b".to_owned(),
        reference_text: "Reference: casement0a1b".to_owned(),
        more_fields: vec![("customfield_10060".to_owned(), "+4915112345678".to_owned())],
    }
}

fn sup_7() -> IssueRef {
    IssueRef {
        id: IssueId::new("10007"),
        key: "SUP-7".to_owned(),
    }
}

#[tokio::test]
async fn a_request_is_opened_with_its_reference() {
    for field in ["description", "customfield_10050"] {
        let body = json!({
            "serviceDeskId": "4",
            "requestTypeId": "25",
            "requestFieldValues": {
                "summary": "Where is my bike? (Ana +4915112345678)",
                field: "Reference: casement0a1b",
                "customfield_10060": "+4915112345678",
            },
        });
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/ex/jira/cloud-1/rest/servicedeskapi/request"))
            .and(basic_auth("casement@example.com", "token"))
            .and(header("accept-language", "en"))
            .and(body_json(body))
            .respond_with(json_answer(
                201,
                &json!({"issueId": "10007", "issueKey": "SUP-7", "currentStatus": {"status": "Open"}}),
            ))
            .mount(&server)
            .await;
        let jira = jira(&(server.uri() + "/ex/jira/cloud-1"));
        assert_eq!(jira.open(&new_request(field)).await, Ok(sup_7()), "{field}");
    }
}

#[tokio::test]
async fn an_answer_without_the_issue_leaves_the_opening_unknown() {
    for body in [
        json!({}),
        json!({"issueId": "10007"}),
        json!({"issueId": "SUP-7", "issueKey": "SUP-7"}),
        json!([]),
    ] {
        let server = answering(json_answer(201, &body)).await;
        let opened = jira(&server.uri()).open(&new_request("description")).await;
        assert_eq!(opened, Err(UNKNOWN), "{body}");
    }
}

#[tokio::test]
async fn requests_are_found_by_their_reference() {
    let jql = r#"reporter = currentUser() AND text ~ "\"casement0a1b\"" ORDER BY created ASC"#;
    for (issues, found) in [
        (json!([]), None),
        (json!([{"id": "10007", "key": "SUP-7"}]), Some(sup_7())),
        (json!([{"id": 10007, "key": "SUP-7"}]), Some(sup_7())),
        (
            json!([{"id": "10007", "key": "SUP-7"}, {"id": "10008", "key": "SUP-8"}]),
            Some(sup_7()),
        ),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/rest/api/3/search/jql"))
            .and(body_json(
                json!({"jql": jql, "fields": ["key"], "maxResults": 2}),
            ))
            .respond_with(json_answer(200, &json!({"issues": issues, "isLast": true})))
            .mount(&server)
            .await;
        let jira = jira(&server.uri());
        assert_eq!(jira.find("casement0a1b").await, Ok(found));
        // Nothing in a reference can change the search.
        assert!(jira.find(r#"casement"0a\1b"#).await.is_ok());
    }
}

#[tokio::test]
async fn a_search_that_is_not_answered_has_found_nothing_out() {
    for (answer, expected) in [
        (json_answer(200, &json!({"errorMessages": []})), UNKNOWN),
        (
            json_answer(200, &json!({"issues": [{"id": "10007"}]})),
            UNKNOWN,
        ),
        (json_answer(410, &json!({})), refused(410)),
        (json_answer(503, &json!({})), refused(503)),
    ] {
        let server = answering(answer).await;
        assert_eq!(
            jira(&server.uri()).find("casement0a1b").await,
            Err(expected)
        );
    }
}

fn at(text: &str) -> Option<DateTime<Utc>> {
    Some(text.parse().unwrap())
}

#[tokio::test]
async fn a_request_is_done_by_the_category_of_its_status() {
    let issue = |category: Value, times: Value| {
        let mut fields = times;
        fields["status"] = json!({"name": "Erledigt", "statusCategory": category});
        json!({"id": "10007", "fields": fields})
    };
    let done = || json!({"id": 3, "key": "done"});
    let since = |since| Ok(RequestState::Done { since });
    let [first, second, third] = [
        "2026-10-22T12:00:00.000+0200",
        "2026-10-22T13:00:00.000+0200",
        "2026-10-22T14:00:00.000+0200",
    ];
    for (body, expected) in [
        (
            issue(
                done(),
                json!({"statuscategorychangedate": first, "resolutiondate": second, "updated": third}),
            ),
            since(at("2026-10-22T10:00:00Z")),
        ),
        (
            issue(
                done(),
                json!({"statuscategorychangedate": null, "resolutiondate": second, "updated": third}),
            ),
            since(at("2026-10-22T11:00:00Z")),
        ),
        (
            issue(
                done(),
                json!({"resolutiondate": "lately", "updated": third}),
            ),
            since(at("2026-10-22T12:00:00Z")),
        ),
        (issue(done(), json!({})), since(None)),
        (
            issue(json!({"id": 4, "key": "indeterminate"}), json!({})),
            Ok(RequestState::Open),
        ),
        (
            issue(json!({"id": 2, "key": "new"}), json!({"updated": third})),
            Ok(RequestState::Open),
        ),
        (
            issue(json!({"id": 3, "name": "Done"}), json!({})),
            Err(UNKNOWN),
        ),
        (json!({"id": "10007", "fields": {}}), Err(UNKNOWN)),
    ] {
        let server = MockServer::start().await;
        let fields = "status,statuscategorychangedate,resolutiondate,updated";
        Mock::given(method("GET"))
            .and(path("/rest/api/3/issue/10007"))
            .and(query_param("fields", fields))
            .respond_with(json_answer(200, &body))
            .mount(&server)
            .await;
        let state = jira(&server.uri()).state(&IssueId::new("10007")).await;
        assert_eq!(state, expected, "{body}");
    }
}

#[tokio::test]
async fn transitions_are_listed_and_taken() {
    let to = |category: &str| json!({"id": "1", "statusCategory": {"key": category}});
    let listed = json!({"transitions": [
        {"id": "5", "to": to("done"), "isAvailable": true},
        {"id": "6", "to": to("new"), "isAvailable": false},
        {"id": "7", "to": to("indeterminate")},
    ]});
    let server = MockServer::start().await;
    let at = "/rest/api/3/issue/10007/transitions";
    answer_at(&server, at, 200, &listed).await;
    Mock::given(method("POST"))
        .and(path(at))
        .and(body_json(json!({"transition": {"id": "7"}})))
        .respond_with(ResponseTemplate::new(204))
        .expect(1)
        .mount(&server)
        .await;
    let jira = jira(&server.uri());
    let ways = jira.transitions(&IssueId::new("10007")).await.unwrap();
    let way = |id: &str, leads_to_done| Transition {
        id: id.to_owned(),
        leads_to_done,
    };
    assert_eq!(ways, [way("5", true), way("7", false)]);
    let taken = jira.transition(&IssueId::new("10007"), &ways[1]).await;
    assert_eq!(taken, Ok(()));
}

#[tokio::test]
async fn a_link_is_asked_for_and_its_refusal_is_borne() {
    for status in [201, 400, 403, 404, 500] {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/rest/api/3/issueLink"))
            .and(body_json(json!({
                "type": {"name": "Relates"},
                "inwardIssue": {"id": "10007"},
                "outwardIssue": {"id": "10001"},
            })))
            .respond_with(ResponseTemplate::new(status))
            .expect(1)
            .mount(&server)
            .await;
        let (new, former) = (IssueId::new("10007"), IssueId::new("10001"));
        jira(&server.uri()).relate(&new, &former).await;
    }
}
