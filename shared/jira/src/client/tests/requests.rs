use casement_core::decide::fields::FieldValue;
use casement_core::decide::inbound::NewRequest;
use casement_core::decide::routing::{RequestState, Transition};
use casement_core::model::fate::Absence;
use casement_core::model::identity::{AccountId, Assignee, IssueId, IssueRef};
use casement_service::ports::Requests;
use chrono::{DateTime, Utc};

use super::*;

fn new_request(field: &str) -> NewRequest {
    NewRequest {
        service_desk_id: "4".to_owned(),
        request_type_id: "25".to_owned(),
        summary: "Where is my bike? (Ana +4915112345678)".to_owned().into(),
        reference_field: field.to_owned(),
        reference: "casement0a1b".to_owned(),
        reference_text: "Reference: casement0a1b".to_owned(),
        more_fields: vec![(
            "customfield_10060".to_owned(),
            "+4915112345678".to_owned().into(),
        )],
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
        let wanted = new_request("description");
        assert_eq!(jira.find(&wanted).await, Ok(found));
        // Nothing in a reference can change the search.
        let odd = NewRequest {
            reference: r#"casement"0a\1b"#.to_owned(),
            ..wanted
        };
        assert!(jira.find(&odd).await.is_ok());
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
            jira(&server.uri()).find(&new_request("description")).await,
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
async fn the_assignee_is_named_if_there_is_one() {
    let ada = json!({"accountId": "712020:1", "displayName": "Ada", "accountType": "atlassian"});
    let named = Assignee {
        account: AccountId::new("712020:1"),
        name: "Ada".to_owned().into(),
    };
    for (fields, expected) in [
        (json!({"assignee": ada}), Some(named)),
        (json!({"assignee": null}), None),
        (json!({}), None),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("GET"))
            .and(path("/rest/api/3/issue/10007"))
            .and(query_param("fields", "assignee"))
            .respond_with(json_answer(200, &json!({"id": "10007", "fields": fields})))
            .mount(&server)
            .await;
        let assignee = jira(&server.uri()).assignee(&sup_7().id).await;
        assert_eq!(assignee, Ok(expected));
    }
    let server = answering(json_answer(404, &json!({}))).await;
    let assignee = jira(&server.uri()).assignee(&sup_7().id).await;
    assert_eq!(assignee, Err(CallFailure::Absent(Absence::Deleted)));
}

#[tokio::test]
async fn fields_are_written_as_jira_writes_them() {
    let time = at("2026-10-22T12:00:00.5+02:00").unwrap();
    let fields = [
        ("customfield_10054", FieldValue::Time(Some(time))),
        ("customfield_10055", FieldValue::Time(None)),
        ("customfield_10056", FieldValue::Count(2)),
    ];
    let fields = fields.map(|(field, value)| (field.to_owned(), value));
    let body = json!({"fields": {
        "customfield_10054": "2026-10-22T10:00:00.500+0000",
        "customfield_10055": null,
        "customfield_10056": 2,
    }});
    let server = MockServer::start().await;
    Mock::given(method("PUT"))
        .and(path("/rest/api/3/issue/10007"))
        .and(body_json(body))
        .respond_with(ResponseTemplate::new(204))
        .mount(&server)
        .await;
    let id = sup_7().id;
    let jira_cloud = jira(&server.uri());
    assert_eq!(jira_cloud.set_fields(&id, &fields).await, Ok(()));
    for (status, failure) in [(400, refused(400)), (429, refused(429)), (503, UNKNOWN)] {
        let server = answering(json_answer(status, &json!({}))).await;
        let jira_cloud = jira(&server.uri());
        let written = jira_cloud.set_fields(&id, &fields);
        assert_eq!(written.await, Err(failure));
    }
}

#[tokio::test]
async fn a_link_is_asked_for() {
    for (status, expected) in [
        (201, Ok(())),
        (400, Err(refused(400))),
        (403, Err(refused(403))),
        (404, Err(refused(404))),
        (500, Err(UNKNOWN)),
    ] {
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
        let related = jira(&server.uri()).relate(&new, &former).await;
        assert_eq!(related, expected);
    }
}

#[tokio::test]
async fn a_request_is_found_in_the_list_of_our_own_where_the_search_does_not_know_it_yet() {
    let listed = |id: u32, text: &str| {
        json!({"issueId": id.to_string(), "issueKey": format!("SUP-{id}"), "requestFieldValues": [
            {"fieldId": "summary", "value": "casement0a1b"},
            {"fieldId": "description", "value": text}]})
    };
    let page = |values: Vec<Value>, last: bool| json!({"values": values, "isLastPage": last});
    let ours = "Reference: casement0a1b";
    let sup = |id: u32| {
        Some(IssueRef {
            id: IssueId::new(id.to_string()),
            key: format!("SUP-{id}"),
        })
    };
    for (first, second, found) in [
        (
            page(vec![listed(7, ours)], true),
            page(vec![], true),
            sup(7),
        ),
        (
            page(vec![listed(9, "x")], false),
            page(vec![listed(7, ours)], true),
            sup(7),
        ),
        // The oldest of several.
        (
            page(vec![listed(10, ours), listed(9, ours)], true),
            page(vec![], true),
            sup(9),
        ),
        (
            page(vec![listed(9, "x")], true),
            page(vec![listed(7, ours)], true),
            None,
        ),
        (page(vec![], false), page(vec![listed(7, ours)], true), None),
    ] {
        let server = MockServer::start().await;
        for (start, page) in [("0", &first), ("50", &second)] {
            Mock::given(method("GET"))
                .and(path("/rest/servicedeskapi/request"))
                .and(query_param("requestOwnership", "OWNED_REQUESTS"))
                .and(query_param("serviceDeskId", "4"))
                .and(query_param("start", start))
                .and(query_param("limit", "50"))
                .respond_with(json_answer(200, page))
                .mount(&server)
                .await;
        }
        Mock::given(method("POST"))
            .respond_with(json_answer(200, &json!({"issues": []})))
            .mount(&server)
            .await;
        let looked = jira(&server.uri()).find(&new_request("description")).await;
        assert_eq!(looked, Ok(found), "{first}");
    }
    // A failed list proves nothing.
    let server = answering(json_answer(503, &json!({}))).await;
    let looked = jira(&server.uri()).find(&new_request("description")).await;
    assert_eq!(looked, Err(refused(503)));
}
