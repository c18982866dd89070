use casement_core::model::attachment::CommentFile;
use casement_core::model::fate::Absence;
use casement_core::model::identity::{AttachmentId, IssueId, IssueRef};
use casement_service::ports::{Origin, RequestDetails};

use super::*;

fn issue() -> IssueId {
    IssueId::new("10042")
}

#[tokio::test]
async fn a_request_knows_its_service_desk() {
    let server = MockServer::start().await;
    let request = json!({"issueId": "10042", "issueKey": "SUP-7", "serviceDeskId": "1",
        "requestTypeId": "10", "summary": "x"});
    answer_at(&server, "/rest/servicedeskapi/request/10042", 200, &request).await;
    let expected = Origin {
        issue: IssueRef {
            id: issue(),
            key: "SUP-7".to_owned(),
        },
        service_desk_id: "1".to_owned(),
        request_type_id: "10".to_owned(),
    };
    assert_eq!(jira(&server.uri()).origin(&issue()).await, Ok(expected));
    missing_once(&server, "/rest/servicedeskapi/request/10042").await;
    assert!(jira(&server.uri()).origin(&issue()).await.is_ok());
    let other = IssueId::new("1");
    let origin = jira(&server.uri()).origin(&other).await;
    assert_eq!(origin, Err(CallFailure::Absent(Absence::NoRequest)));
}

#[tokio::test]
async fn a_field_is_read_as_text() {
    for (field, expected) in [
        (json!("+49 151 "), Some("+49 151")),
        (json!(49151), Some("49151")),
        (json!(""), None),
        (json!(null), None),
        (json!({"value": "x"}), None),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("GET"))
            .and(path("/rest/api/3/issue/10042"))
            .and(query_param("fields", "customfield_10050"))
            .respond_with(json_answer(
                200,
                &json!({"id": "10042", "fields": {"customfield_10050": field}}),
            ))
            .mount(&server)
            .await;
        let read = jira(&server.uri())
            .field(&issue(), "customfield_10050")
            .await;
        assert_eq!(read.unwrap().as_deref(), expected, "{field}");
    }
}

#[tokio::test]
async fn the_newest_file_of_a_name_is_found() {
    let server = MockServer::start().await;
    let file = |id: &str, name: &str| json!({"id": id, "filename": name, "mimeType": "image/jpeg", "size": 5});
    let answer = json!({"fields": {"attachment": [
        file("301", "photo.jpg"), file("303", "Photo.JPG"), file("302", "photo.jpg"),
        file("304", "other.jpg")]}});
    Mock::given(method("GET"))
        .and(path("/rest/api/3/issue/10042"))
        .and(query_param("fields", "attachment"))
        .respond_with(json_answer(200, &answer))
        .mount(&server)
        .await;
    let jira = jira(&server.uri());
    let expected = CommentFile {
        id: AttachmentId::new("303"),
        name: "Photo.JPG".to_owned(),
        mime_type: "image/jpeg".to_owned(),
        size: 5,
    };
    assert_eq!(
        jira.file_named(&issue(), "photo.jpg").await,
        Ok(Some(expected))
    );
    assert_eq!(jira.file_named(&issue(), "photo").await, Ok(None));
}
