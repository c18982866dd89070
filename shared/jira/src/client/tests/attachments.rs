use casement_core::model::fate::Absence;
use std::io;

use casement_core::model::attachment::CommentFile;
use casement_core::model::identity::{AttachmentId, CommentId, IssueId};
use casement_service::ports::{Attachments, FileContent};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::*;

const UPLOAD: &str = "/rest/api/3/issue/10042/attachments";

fn issue() -> IssueId {
    IssueId::new("10042")
}

fn content(
    mime_type: Option<&str>,
    size: Option<u64>,
    last: io::Result<&'static str>,
) -> FileContent {
    let pieces = [Ok("a "), last].map(|piece| piece.map(Into::into));
    FileContent {
        mime_type: mime_type.map(str::to_owned),
        size,
        pieces: stream::iter(pieces).boxed(),
    }
}

fn photo() -> FileContent {
    content(Some("image/jpeg"), Some(7), Ok("photo"))
}

fn added() -> ResponseTemplate {
    json_answer(200, &json!([{"id": "301", "filename": "photo-1.jpg"}]))
}

async fn attach(base: &str, content: FileContent) -> Result<AttachmentId, CallFailure> {
    jira(base).attach(&issue(), "Räder-1.jpg", content).await
}

#[tokio::test]
async fn a_file_is_uploaded_in_pieces_under_its_own_name() {
    for (content, kind, length) in [
        (photo(), "image/jpeg", true),
        (
            content(None, None, Ok("photo")),
            "application/octet-stream",
            false,
        ),
        (
            content(Some("line\nbreak"), Some(7), Ok("photo")),
            "application/octet-stream",
            true,
        ),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path(UPLOAD))
            .and(header("X-Atlassian-Token", "no-check"))
            .and(basic_auth("casement@example.com", "token"))
            .respond_with(added())
            .mount(&server)
            .await;
        let attachment = attach(&server.uri(), content).await;
        assert_eq!(attachment, Ok(AttachmentId::new("301")));
        let request = &server.received_requests().await.unwrap()[0];
        let body = String::from_utf8(request.body.clone()).unwrap();
        for line in [
            "name=\"file\"; filename=\"Räder-1.jpg\"\r\n",
            &format!("content-type: {kind}\r\n"),
            "\r\n\r\na photo\r\n",
        ] {
            assert!(body.contains(line), "{line:?}: {body}");
        }
        assert_eq!(request.headers.contains_key("content-length"), length);
    }
}

#[tokio::test]
async fn nothing_is_attached_when_the_content_breaks_off() {
    let server = answering(added()).await;
    let broken = content(None, Some(7), Err(io::Error::other("gone")));
    assert_eq!(attach(&server.uri(), broken).await, Err(UNKNOWN));
    let short = content(None, Some(1000), Ok("photo"));
    assert_eq!(attach(&server.uri(), short).await, Err(UNKNOWN));
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_file_that_is_small_enough_is_refused_by_a_full_issue() {
    for (size, limit, expected) in [
        (
            Some(7),
            json!({"enabled": true, "uploadLimit": 7}),
            CallFailure::Full,
        ),
        (Some(7), json!({"enabled": true}), CallFailure::Full),
        (
            Some(7),
            json!({"enabled": true, "uploadLimit": 6}),
            refused(413),
        ),
        (Some(7), json!({"enabled": false}), refused(413)),
        (
            None,
            json!({"enabled": true, "uploadLimit": 7}),
            refused(413),
        ),
        (Some(7), json!("?"), refused(413)),
    ] {
        let server = MockServer::start().await;
        Mock::given(path("/rest/api/3/attachment/meta"))
            .respond_with(json_answer(200, &limit))
            .mount(&server)
            .await;
        Mock::given(path(UPLOAD))
            .respond_with(ResponseTemplate::new(413))
            .mount(&server)
            .await;
        let file = content(Some("image/jpeg"), size, Ok("photo"));
        assert_eq!(attach(&server.uri(), file).await, Err(expected), "{limit}");
    }
}

#[tokio::test]
async fn refused_uploads_become_failures() {
    for (answer, expected) in [
        (ResponseTemplate::new(413), refused(413)),
        (ResponseTemplate::new(403), refused(403)),
        (
            ResponseTemplate::new(404),
            CallFailure::Absent(Absence::Deleted),
        ),
        (ResponseTemplate::new(302), refused(302)),
        (ResponseTemplate::new(500), UNKNOWN),
        (json_answer(200, &json!([])), UNKNOWN),
        (json_answer(200, &json!({})), UNKNOWN),
    ] {
        let server = answering(answer).await;
        assert_eq!(attach(&server.uri(), photo()).await, Err(expected));
    }
    assert_eq!(attach(&nobody().await, photo()).await, Err(UNREACHABLE));
}

#[tokio::test]
async fn refused_credentials_are_newer_for_the_next_upload() {
    let server = MockServer::start().await;
    Mock::given(basic_auth("casement@example.com", "new"))
        .respond_with(added())
        .mount(&server)
        .await;
    Mock::given(any())
        .respond_with(ResponseTemplate::new(401))
        .mount(&server)
        .await;
    let tokens = Tokens::new(&[Ok("old"), Ok("new")]);
    let jira = JiraCloud::new(http(PATIENCE), &server.uri(), tokens).unwrap();
    let first = jira.attach(&issue(), "a", photo()).await;
    assert_eq!(first, Err(refused(401)));
    assert!(jira.attach(&issue(), "a", photo()).await.is_ok());
}

#[tokio::test]
async fn the_limit_is_asked_for_once() {
    for (answer, limit) in [
        (json!({"enabled": true, "uploadLimit": 1000}), Some(1000)),
        (json!({"enabled": true}), Some(u64::MAX)),
        (json!({"enabled": false, "uploadLimit": 1000}), None),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("GET"))
            .and(path("/rest/api/3/attachment/meta"))
            .respond_with(json_answer(200, &answer))
            .expect(1)
            .mount(&server)
            .await;
        let jira = jira(&server.uri());
        assert_eq!(jira.attachment_limit().await, Ok(limit));
        assert_eq!(jira.attachment_limit().await, Ok(limit));
    }
}

#[tokio::test]
async fn an_attachment_is_found_by_its_name() {
    let server = MockServer::start().await;
    Mock::given(path("/rest/api/3/issue/10042"))
        .and(query_param("fields", "attachment"))
        .respond_with(json_answer(
            200,
            &json!({"fields": {"attachment": [
                {"id": "300", "filename": "other.pdf"},
                {"id": "301", "filename": "photo-1.jpg"},
            ]}}),
        ))
        .mount(&server)
        .await;
    let jira = jira(&server.uri());
    for (name, expected) in [
        ("photo-1.jpg", Some(AttachmentId::new("301"))),
        ("photo-2.jpg", None),
    ] {
        assert_eq!(jira.attached(&issue(), name).await, Ok(expected));
    }
}

#[tokio::test]
async fn the_media_id_is_read_off_the_redirection() {
    let target = "https://api.media.atlassian.com/file/6ee4a2a5-01/binary?token=x&name=a";
    for (answer, expected) in [
        (
            ResponseTemplate::new(303).insert_header("Location", target),
            Ok(Some("6ee4a2a5-01".to_owned())),
        ),
        (
            ResponseTemplate::new(302).insert_header("Location", "/elsewhere"),
            Ok(None),
        ),
        (ResponseTemplate::new(303), Ok(None)),
        (ResponseTemplate::new(200).set_body_bytes([1, 2]), Ok(None)),
        (ResponseTemplate::new(404), Err(refused(404))),
        (ResponseTemplate::new(500), Err(refused(500))),
    ] {
        let server = MockServer::start().await;
        Mock::given(path("/rest/api/3/attachment/content/301"))
            .respond_with(answer)
            .mount(&server)
            .await;
        let id = AttachmentId::new("301");
        assert_eq!(jira(&server.uri()).media_id(&id).await, expected);
    }
}

#[tokio::test]
async fn the_files_of_a_comment_are_listed_by_the_service_desk() {
    let links = |end: &str| json!({"jiraRest": format!("https://acme.atlassian.net/{end}")});
    let server = MockServer::start().await;
    answer_at(
        &server,
        "/rest/servicedeskapi/request/10042/comment/7/attachment",
        200,
        &json!({"size": 3, "values": [
            {
                "filename": "offer.pdf", "mimeType": "application/pdf", "size": 8,
                "_links": links("rest/api/2/attachment/301"),
            },
            {
                "filename": "2026", "mimeType": "text/plain", "size": 9,
                "_links": {"content": "https://acme.atlassian.net/secure/attachment/302/2026.txt"},
            },
            {"filename": "no link at all"},
        ]}),
    )
    .await;
    let listed = jira(&server.uri())
        .files_of(&issue(), &CommentId::new("7"))
        .await;
    let file = |id, name: &str, mime_type: &str, size| CommentFile {
        id: AttachmentId::new(id),
        name: name.to_owned(),
        mime_type: mime_type.to_owned(),
        size,
    };
    let expected = vec![
        file("301", "offer.pdf", "application/pdf", 8),
        file("302", "2026", "text/plain", 9),
    ];
    assert!(listed == Ok(expected), "{listed:?}");
}

#[tokio::test]
async fn a_file_is_read_where_jira_leads_without_our_credentials() {
    let server = MockServer::start().await;
    let target = format!("{}/file/6ee4/binary?token=x", server.uri());
    Mock::given(path("/rest/api/3/attachment/content/301"))
        .and(basic_auth("casement@example.com", "token"))
        .respond_with(ResponseTemplate::new(303).insert_header("Location", &*target))
        .mount(&server)
        .await;
    Mock::given(path("/file/6ee4/binary"))
        .respond_with(ResponseTemplate::new(200).set_body_raw("an offer", "application/pdf"))
        .mount(&server)
        .await;
    let id = AttachmentId::new("301");
    let content = jira(&server.uri()).open_file(&id).await.unwrap();
    assert_eq!(content.size, Some(8));
    assert_eq!(content.mime_type.as_deref(), Some("application/pdf"));
    let pieces: Vec<_> = content.pieces.try_collect().await.unwrap();
    assert_eq!(pieces.concat(), b"an offer");
    let requests = server.received_requests().await.unwrap();
    assert!(!requests[1].headers.contains_key("authorization"));

    for (answer, expected) in [
        (ResponseTemplate::new(404), refused(404)),
        (ResponseTemplate::new(200), UNKNOWN),
        (
            ResponseTemplate::new(303).insert_header("Location", "/nowhere"),
            UNKNOWN,
        ),
    ] {
        let server = MockServer::start().await;
        Mock::given(path("/rest/api/3/attachment/content/301"))
            .respond_with(answer)
            .mount(&server)
            .await;
        let opened = jira(&server.uri()).open_file(&id).await.map(drop);
        assert_eq!(opened, Err(expected));
    }
}

#[tokio::test]
async fn nobody_is_asked_whom_jira_should_not_lead_to() {
    let elsewhere = answering(ResponseTemplate::new(200).set_body_string("inside")).await;
    let id = AttachmentId::new("301");
    for target in [
        elsewhere.uri(),
        format!("http://api.media.atlassian.com@{}", elsewhere.address()),
        format!(
            "http://localhost:{}/file/6ee4/binary",
            elsewhere.address().port()
        ),
    ] {
        let redirect = ResponseTemplate::new(303).insert_header("Location", &*target);
        let server = answering(redirect).await;
        let opened = jira(&server.uri()).open_file(&id).await.map(drop);
        assert_eq!(opened, Err(UNKNOWN), "{target}");
    }
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}
