use std::cell::Cell;
use std::time::Duration;

use casement_core::model::fate::WhatsappCode;
use casement_core::model::identity::{Bsuid, PhoneNumber};
use casement_service::ports::CredentialsUnavailable;
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::matchers::{bearer_token, body_json, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::fixtures::{http, nobody, server_that_hangs_up};

mod media;
mod receipt;
mod templates;
mod upload;

/// Longer than any test takes, and short enough to wait for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Tokens that replace one another whenever one is refused. The last one stays.
struct Tokens {
    tokens: Vec<Result<&'static str, CredentialsUnavailable>>,
    refusals: Cell<usize>,
}

impl Tokens {
    fn new(tokens: &[Result<&'static str, CredentialsUnavailable>]) -> Self {
        Self {
            tokens: tokens.to_vec(),
            refusals: Cell::new(0),
        }
    }
}

impl WhatsappCredentials for Tokens {
    async fn access_token(&self) -> Result<SecretString, CredentialsUnavailable> {
        let latest = self.refusals.get().min(self.tokens.len() - 1);
        self.tokens[latest].map(SecretString::from)
    }

    async fn access_token_refused(&self) {
        self.refusals.set(self.refusals.get() + 1);
    }
}

fn api(base: &str, patience: Duration, tokens: Tokens) -> CloudApi<Tokens> {
    let root = format!("{}/v27.0", base.trim_end_matches('/'));
    CloudApi::new(http(patience), &root, tokens).unwrap()
}

async fn send(api: &CloudApi<Tokens>) -> Result<Wamid, CallFailure> {
    let to = Recipient::Phone(PhoneNumber::new("4915112345678"));
    let number = PhoneNumberId::new("106540352242922");
    let text = OutgoingMessage::Text("On its way");
    api.send(&number, &to, text, "comment:1:0").await
}

async fn send_to(base: &str, patience: Duration) -> Result<Wamid, CallFailure> {
    send(&api(base, patience, Tokens::new(&[Ok("token")]))).await
}

fn accepted() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({
        "messaging_product": "whatsapp",
        "contacts": [{"input": "+4915112345678", "wa_id": "4915112345678"}],
        "messages": [{"id": "wamid.OURS"}],
    }))
}

fn refused(status: u16, code: i64) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(json!({"error": {"message": "m", "code": code}}))
}

const fn code(code: i64) -> CallFailure {
    CallFailure::whatsapp(WhatsappCode(code))
}

const UNKNOWN: CallFailure = CallFailure::Unknown(Side::Whatsapp);
const UNREACHABLE: CallFailure = CallFailure::Unreachable(Side::Whatsapp);

#[tokio::test]
async fn a_text_is_posted_as_documented() {
    for (to, field, address) in [
        (
            Recipient::Phone(PhoneNumber::new("4915112345678")),
            "to",
            "+4915112345678",
        ),
        (
            Recipient::Bsuid(Bsuid::new("DE.1001")),
            "recipient",
            "DE.1001",
        ),
    ] {
        let mut body: Value = json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "type": "text",
            "text": {"preview_url": false, "body": "On its way 🚲"},
            "biz_opaque_callback_data": callback::sealed("comment:1:0"),
        });
        body[field] = json!(address);
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/graph/v27.0/106540352242922/messages"))
            .and(bearer_token("token"))
            .and(body_json(&body))
            .respond_with(accepted())
            .mount(&server)
            .await;
        for base in ["/graph", "/graph/"] {
            let base = server.uri() + base;
            let api = api(&base, PATIENCE, Tokens::new(&[Ok("token")]));
            let number = PhoneNumberId::new("106540352242922");
            let text = OutgoingMessage::Text("On its way 🚲");
            let sent = api.send(&number, &to, text, "comment:1:0").await;
            assert_eq!(sent, Ok(Wamid::new("wamid.OURS")), "{base}");
        }
    }
}

#[tokio::test]
async fn answers_become_failures() {
    for (answer, expected) in [
        (refused(400, 131_047), code(131_047)),
        (refused(500, 131_016), code(131_016)),
        (
            ResponseTemplate::new(404).set_body_string("<html>"),
            code(100),
        ),
        (ResponseTemplate::new(429), code(130_429)),
        (
            ResponseTemplate::new(502).set_body_string("<html>"),
            UNKNOWN,
        ),
        (ResponseTemplate::new(200).set_body_string("{"), UNKNOWN),
        (
            ResponseTemplate::new(307).insert_header("Location", "/elsewhere"),
            UNKNOWN,
        ),
    ] {
        let server = MockServer::start().await;
        Mock::given(method("POST"))
            .respond_with(answer)
            .expect(1)
            .mount(&server)
            .await;
        assert_eq!(send_to(&server.uri(), PATIENCE).await, Err(expected));
    }
}

#[tokio::test]
async fn what_was_not_sent_is_told_from_what_may_have_been() {
    let slow = MockServer::start().await;
    let late = accepted().set_delay(PATIENCE);
    Mock::given(method("POST"))
        .respond_with(late)
        .mount(&slow)
        .await;
    let cut = server_that_hangs_up("").await;
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"messages\":[{\"id\":\"wamid.";
    let half = server_that_hangs_up(half).await;
    let half_refusal = "HTTP/1.1 400 Bad Request\r\nContent-Length: 99\r\n\r\n{\"error\"";
    let half_refusal = server_that_hangs_up(half_refusal).await;
    let half_limit = "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 99\r\n\r\n{\"error\"";
    let half_limit = server_that_hangs_up(half_limit).await;
    for (case, base, patience, expected) in [
        ("nobody there", nobody().await, PATIENCE, UNREACHABLE),
        ("no answer", slow.uri(), Duration::from_millis(200), UNKNOWN),
        ("cut before the answer", cut, PATIENCE, UNKNOWN),
        ("cut in the answer", half, PATIENCE, UNKNOWN),
        ("cut in a refusal", half_refusal, PATIENCE, UNREACHABLE),
        ("cut in a limit", half_limit, PATIENCE, code(130_429)),
    ] {
        assert_eq!(send_to(&base, patience).await, Err(expected), "{case}");
    }
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let (gone, late) = (
        Err(CredentialsUnavailable::Unusable),
        Err(CredentialsUnavailable::NotNow),
    );
    for (case, tokens, refusal, calls, refusals, expected) in [
        (
            "a newer one is right",
            vec![Ok("old"), Ok("new")],
            (401, 190),
            2,
            1,
            Ok(()),
        ),
        (
            "another code",
            vec![Ok("old"), Ok("new")],
            (401, 0),
            2,
            1,
            Ok(()),
        ),
        (
            "the same again",
            vec![Ok("old")],
            (401, 190),
            1,
            1,
            Err(code(190)),
        ),
        (
            "the newer is wrong too",
            vec![Ok("old"), Ok("older")],
            (401, 190),
            2,
            1,
            Err(code(190)),
        ),
        (
            "none is left",
            vec![Ok("old"), gone],
            (401, 190),
            1,
            1,
            Err(code(190)),
        ),
        (
            "there is none",
            vec![gone],
            (401, 190),
            0,
            0,
            Err(CallFailure::NoCredentials(Side::Whatsapp)),
        ),
        (
            "there is none now",
            vec![late],
            (401, 190),
            0,
            0,
            Err(CallFailure::CredentialsLate(Side::Whatsapp)),
        ),
        (
            "not the token's fault",
            vec![Ok("old"), Ok("new")],
            (403, 10),
            1,
            0,
            Err(code(10)),
        ),
    ] {
        let server = MockServer::start().await;
        Mock::given(bearer_token("new"))
            .respond_with(accepted())
            .mount(&server)
            .await;
        let refusal = refused(refusal.0, refusal.1);
        Mock::given(method("POST"))
            .respond_with(refusal)
            .mount(&server)
            .await;
        let api = api(&server.uri(), PATIENCE, Tokens::new(&tokens));
        assert_eq!(send(&api).await.map(drop), expected, "{case}");
        assert_eq!(
            server.received_requests().await.unwrap().len(),
            calls,
            "{case}"
        );
        assert_eq!(api.credentials.refusals.get(), refusals, "{case}");
    }
}

#[tokio::test]
async fn a_token_that_fits_in_no_header_sends_nothing() {
    let server = MockServer::start().await;
    let api = api(&server.uri(), PATIENCE, Tokens::new(&[Ok("two\nlines")]));
    assert_eq!(send(&api).await, Err(UNREACHABLE));
    assert!(server.received_requests().await.unwrap().is_empty());
}

#[test]
fn only_web_addresses_are_taken() {
    for base in [
        "",
        "graph.facebook.com",
        "mailto:a@example.com",
        "file:///tmp",
    ] {
        let api = CloudApi::new(http(PATIENCE), base, Tokens::new(&[Ok("token")]));
        assert_eq!(api.map(drop), Err(BadBaseUrl), "{base}");
    }
}
