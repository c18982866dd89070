use std::io;

use casement_core::model::attachment::{FileForm, Sendable};
use casement_core::model::identity::MediaId;
use casement_service::ports::FileContent;
use futures_util::{StreamExt, stream};

use super::*;

const PDF: Sendable = Sendable {
    form: FileForm::Document,
    mime_type: "application/pdf",
};

fn content(last: io::Result<&'static str>) -> FileContent {
    let pieces = [Ok("an "), last].map(|piece| piece.map(Into::into));
    FileContent {
        mime_type: None,
        size: Some(8),
        pieces: stream::iter(pieces).boxed(),
    }
}

async fn upload(api: &CloudApi<Tokens>, content: FileContent) -> Result<MediaId, CallFailure> {
    let number = PhoneNumberId::new("1065");
    api.upload(&number, "our \"Offer\".pdf", PDF, content).await
}

async fn upload_to(base: &str) -> Result<MediaId, CallFailure> {
    let api = api(base, PATIENCE, Tokens::new(&[Ok("token")]));
    upload(&api, content(Ok("offer"))).await
}

#[tokio::test]
async fn a_file_is_uploaded_as_documented() {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/v27.0/1065/media"))
        .and(bearer_token("token"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"id": "77"})))
        .mount(&server)
        .await;
    assert_eq!(upload_to(&server.uri()).await, Ok(MediaId::new("77")));
    let request = &server.received_requests().await.unwrap()[0];
    let body = String::from_utf8(request.body.clone()).unwrap();
    for part in [
        "name=\"messaging_product\"\r\n\r\nwhatsapp\r\n",
        "name=\"type\"\r\n\r\napplication/pdf\r\n",
        "filename=\"our _Offer_.pdf\"\r\nContent-Type: application/pdf\r\n\r\nan offer\r\n",
    ] {
        assert!(body.contains(part), "{part:?}: {body}");
    }
}

#[tokio::test]
async fn a_failed_upload_may_always_be_repeated() {
    for (answer, expected) in [
        (refused(400, 131_053), code(131_053)),
        (refused(400, 100), code(100)),
        (refused(401, 190), code(190)),
        (ResponseTemplate::new(401), code(190)),
        (ResponseTemplate::new(413), code(100)),
        (ResponseTemplate::new(500), UNREACHABLE),
        (ResponseTemplate::new(404), UNREACHABLE),
        (
            ResponseTemplate::new(200).set_body_string("{}"),
            UNREACHABLE,
        ),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .respond_with(answer)
            .mount(&server)
            .await;
        assert_eq!(upload_to(&server.uri()).await, Err(expected));
    }
    assert_eq!(upload_to(&nobody().await).await, Err(UNREACHABLE));

    let server = MockServer::start().await;
    let api = api(&server.uri(), PATIENCE, Tokens::new(&[Ok("token")]));
    let broken = upload(&api, content(Err(io::Error::other("gone")))).await;
    assert_eq!(broken, Err(UNREACHABLE));
}

#[tokio::test]
async fn a_refused_token_is_newer_for_the_next_upload() {
    let server = MockServer::start().await;
    Mock::given(bearer_token("new"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"id": "77"})))
        .mount(&server)
        .await;
    Mock::given(method("POST"))
        .respond_with(refused(401, 190))
        .mount(&server)
        .await;
    let api = api(
        &server.uri(),
        PATIENCE,
        Tokens::new(&[Ok("old"), Ok("new")]),
    );
    assert_eq!(upload(&api, content(Ok("offer"))).await, Err(code(190)));
    assert!(upload(&api, content(Ok("offer"))).await.is_ok());
}
