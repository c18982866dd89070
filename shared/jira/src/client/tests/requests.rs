use casement_core::identity::{IssueId, IssueRef};
use casement_core::inbound::NewRequest;
use casement_service::ports::Requests;

use super::*;

fn new_request(field: &str) -> NewRequest {
    NewRequest {
        service_desk_id: "4".to_owned(),
        request_type_id: "25".to_owned(),
        summary: "Where is my bike? (Ana +4915112345678)".to_owned(),
        reference_field: field.to_owned(),
        reference: "casement0a1b".to_owned(),
        reference_text: "Reference: casement0a1b".to_owned(),
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

#[tokio::test]
async fn a_request_is_done_by_the_category_of_its_status() {
    let status = |category: Value| {
        let status = json!({"name": "Erledigt", "statusCategory": category});
        json!({"id": "10007", "fields": {"status": status}})
    };
    for (body, expected) in [
        (status(json!({"id": 3, "key": "done"})), Ok(true)),
        (status(json!({"id": 4, "key": "indeterminate"})), Ok(false)),
        (status(json!({"id": 2, "key": "new"})), Ok(false)),
        (status(json!({"id": 3, "name": "Done"})), Err(UNKNOWN)),
        (json!({"id": "10007", "fields": {}}), Err(UNKNOWN)),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("GET"))
            .and(path("/rest/api/3/issue/10007"))
            .and(query_param("fields", "status"))
            .respond_with(json_answer(200, &body))
            .mount(&server)
            .await;
        let done = jira(&server.uri()).is_done(&IssueId::new("10007")).await;
        assert_eq!(done, expected, "{body}");
    }
}
