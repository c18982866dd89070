use casement_service::ports::{FileContent, MediaFiles};
use futures_util::TryStreamExt;
use wiremock::matchers::query_param;

use super::*;

const CONTENT: &[u8] = b"\xff\xd8 a photo";

async fn fetch(api: &CloudApi<Tokens>) -> Result<FileContent, FetchFailure> {
    api.fetch(&PhoneNumberId::new("1065"), "55").await
}

fn located(url: &str) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "messaging_product": "whatsapp",
        "url": url,
        "mime_type": "image/jpeg",
        "sha256": "x",
        "file_size": "10",
        "id": "55",
    }))
}

/// A server that says that the file is at `url`, or at its own `/file`.
async fn keeper(url: Option<&str>, calls: u64) -> MockServer {
    let server = MockServer::start().await;
    let own = format!("{}/file?mid=1", server.uri());
    Mock::given(method("GET"))
        .and(path("/v27.0/55"))
        .and(query_param("phone_number_id", "1065"))
        .and(bearer_token("token"))
        .respond_with(located(url.unwrap_or(&own)))
        .expect(calls)
        .mount(&server)
        .await;
    server
}

async fn file(server: &MockServer, answer: ResponseTemplate, calls: u64) {
    Mock::given(path("/file"))
        .and(query_param("mid", "1"))
        .and(bearer_token("token"))
        .respond_with(answer)
        .up_to_n_times(calls)
        .expect(calls)
        .mount(server)
        .await;
}

fn file_api(server: &MockServer) -> CloudApi<Tokens> {
    api(&server.uri(), PATIENCE, Tokens::new(&[Ok("token")]))
}

#[tokio::test]
async fn a_file_is_read_from_the_address_that_meta_gives() {
    let server = keeper(None, 1).await;
    file(
        &server,
        ResponseTemplate::new(200).set_body_raw(CONTENT, "image/png"),
        1,
    )
    .await;
    let content = fetch(&file_api(&server)).await.unwrap();
    assert_eq!(content.mime_type.as_deref(), Some("image/png"));
    assert_eq!(content.size, Some(CONTENT.len() as u64));
    let pieces: Vec<_> = content.pieces.try_collect().await.unwrap();
    assert_eq!(pieces.concat(), CONTENT);
}

#[tokio::test]
async fn an_address_that_is_not_good_any_more_is_asked_for_once_again() {
    let server = keeper(None, 2).await;
    file(&server, ResponseTemplate::new(404), 1).await;
    file(
        &server,
        ResponseTemplate::new(200).set_body_bytes(CONTENT),
        1,
    )
    .await;
    assert!(fetch(&file_api(&server)).await.is_ok());

    let server = keeper(None, 2).await;
    file(&server, ResponseTemplate::new(404), 2).await;
    let gone = fetch(&file_api(&server)).await.map(drop);
    assert_eq!(gone, Err(FetchFailure::Gone));
}

#[tokio::test]
async fn the_token_is_sent_to_nobody_else() {
    let elsewhere = MockServer::start().await;
    for url in [
        format!("{}/file", elsewhere.uri()),
        "https://lookaside.fbsbx.com.evil.example/".to_owned(),
        "not an address".to_owned(),
    ] {
        let server = keeper(Some(&url), 1).await;
        let foreign = fetch(&file_api(&server)).await.map(drop);
        assert_eq!(foreign, Err(FetchFailure::ForeignAddress), "{url}");
    }
    assert!(elsewhere.received_requests().await.unwrap().is_empty());
}

#[tokio::test]
async fn answers_about_files_become_failures() {
    let unknown = || FetchFailure::Call(UNKNOWN);
    for (answer, expected) in [
        (refused(400, 100), FetchFailure::Gone),
        (ResponseTemplate::new(404), FetchFailure::Gone),
        (refused(400, 131_056), code(131_056).into()),
        (refused(401, 190), code(190).into()),
        (ResponseTemplate::new(401), code(190).into()),
        (ResponseTemplate::new(500), unknown()),
        (ResponseTemplate::new(200).set_body_string("{}"), unknown()),
    ] {
        let server = MockServer::start().await;
        Mock::given(path("/v27.0/55"))
            .respond_with(answer)
            .mount(&server)
            .await;
        let failed = fetch(&file_api(&server)).await.map(drop);
        assert_eq!(failed, Err(expected));
    }
    for (status, expected) in [(401, code(190).into()), (403, unknown()), (503, unknown())] {
        let server = keeper(None, 1).await;
        file(&server, ResponseTemplate::new(status), 1).await;
        let failed = fetch(&file_api(&server)).await.map(drop);
        assert_eq!(failed, Err(expected), "{status}");
    }
    let nobody = api(&nobody().await, PATIENCE, Tokens::new(&[Ok("token")]));
    let failed = fetch(&nobody).await.map(drop);
    assert_eq!(failed, Err(FetchFailure::Call(UNREACHABLE)));
}

#[tokio::test]
async fn a_newer_token_is_tried_for_files_too() {
    let server = MockServer::start().await;
    let own = format!("{}/file?mid=1", server.uri());
    Mock::given(path("/v27.0/55"))
        .and(bearer_token("new"))
        .respond_with(located(&own))
        .mount(&server)
        .await;
    Mock::given(path("/file"))
        .and(bearer_token("new"))
        .respond_with(ResponseTemplate::new(200).set_body_bytes(CONTENT))
        .mount(&server)
        .await;
    Mock::given(bearer_token("old"))
        .respond_with(refused(401, 190))
        .expect(1)
        .mount(&server)
        .await;
    let tokens = Tokens::new(&[Ok("old"), Ok("new")]);
    let api = api(&server.uri(), PATIENCE, tokens);
    assert!(fetch(&api).await.is_ok());
}
