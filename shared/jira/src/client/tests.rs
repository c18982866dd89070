use std::cell::Cell;
use std::time::Duration as StdDuration;

use casement_service::ports::{CredentialsUnavailable, JiraAccount};
use chrono::Duration;
use secrecy::SecretString;
use serde_json::{Value, json};
use wiremock::matchers::{any, basic_auth, body_json, header, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::fixtures::{http, nobody, server_that_hangs_up};

mod absence;
mod attachments;
mod comments;
mod details;
mod failures;
mod requests;
mod site;
mod updates;

/// Longer than any test takes, and short enough to wait for.
const PATIENCE: StdDuration = StdDuration::from_secs(20);

const UNKNOWN: CallFailure = CallFailure::Unknown(Side::Jira);
const UNREACHABLE: CallFailure = CallFailure::Unreachable(Side::Jira);

/// Credentials whose token is replaced whenever it is refused. The last one stays.
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

impl JiraCredentials for Tokens {
    async fn account(&self) -> Result<JiraAccount, CredentialsUnavailable> {
        let latest = self.refusals.get().min(self.tokens.len() - 1);
        self.tokens[latest].map(|token| JiraAccount::ApiToken {
            email: SecretString::from("casement@example.com"),
            token: SecretString::from(token),
        })
    }

    async fn account_refused(&self) {
        self.refusals.set(self.refusals.get() + 1);
    }
}

fn jira(base: &str) -> JiraCloud<Tokens> {
    JiraCloud::new(http(PATIENCE), base, Tokens::new(&[Ok("token")])).unwrap()
}

const fn refused(status: u16) -> CallFailure {
    CallFailure::Jira {
        status,
        retry_after: None,
    }
}

/// A server that answers every call with `answer`.
async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

fn json_answer(status: u16, body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_json(body)
}

/// A server that answers one path, and everything else with 404.
async fn answer_at(server: &MockServer, at: &str, status: u16, body: &Value) {
    Mock::given(method("GET"))
        .and(path(at))
        .respond_with(json_answer(status, body))
        .mount(server)
        .await;
}

/// The next call for one path is answered with 404, as if nothing were there.
async fn missing_once(server: &MockServer, at: &str) {
    Mock::given(method("GET"))
        .and(path(at))
        .respond_with(ResponseTemplate::new(404))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(server)
        .await;
}

#[test]
fn only_web_addresses_are_taken() {
    for base in ["", "acme.atlassian.net", "mailto:a@example.com"] {
        let jira = JiraCloud::new(http(PATIENCE), base, Tokens::new(&[Ok("token")]));
        assert_eq!(jira.map(drop), Err(BadBaseUrl), "{base}");
    }
}
