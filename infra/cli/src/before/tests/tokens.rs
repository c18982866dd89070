//! Tokens in the environment.

use casement_lambda::outbound_http;
use serde_json::json;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{here, judged};
use crate::before::samconfig::Samconfig;
use crate::before::tokens::rows;

fn samconfig(parameters: &[(&str, &str)]) -> Samconfig {
    let pairs = parameters.iter();
    Samconfig {
        parameters: pairs
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..Samconfig::default()
    }
}

#[tokio::test]
async fn what_is_not_given_is_not_looked_at() {
    let http = outbound_http::client().unwrap();
    let rows = rows(&here(&[]), &http, None).await;
    judged(&rows[0].verdict, "unknown", "WHATSAPP_ACCESS_TOKEN", "");
    judged(&rows[1].verdict, "unknown", "JIRA_API_TOKEN", "");
    let account = [("JIRA_EMAIL", "a@example.com"), ("JIRA_API_TOKEN", "token")];
    let open = samconfig(&[("JiraBaseUrl", "https://SITE.atlassian.net")]);
    let rows = super::super::tokens::rows(&here(&account), &http, Some(&open)).await;
    judged(&rows[1].verdict, "unknown", "JIRA_SITE", "");
}

#[tokio::test]
async fn what_is_given_is_tried_at_meta_and_jira() {
    let server = MockServer::start().await;
    let answer = json!({"data": {"app_id": "1", "type": "SYSTEM_USER", "is_valid": true,
        "expires_at": 0,
        "scopes": ["whatsapp_business_messaging", "whatsapp_business_management"]}});
    Mock::given(method("GET"))
        .and(path("/v27.0/debug_token"))
        .and(header("authorization", "Bearer of-meta"))
        .respond_with(ResponseTemplate::new(200).set_body_json(answer))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path("/rest/api/3/myself"))
        .respond_with(ResponseTemplate::new(401))
        .expect(1)
        .mount(&server)
        .await;
    let url = server.uri();
    let known = samconfig(&[("JiraBaseUrl", &url), ("WhatsappBaseUrl", &url)]);
    let given = here(&[
        ("WHATSAPP_ACCESS_TOKEN", "of-meta"),
        ("JIRA_EMAIL", "ada@example.com"),
        ("JIRA_API_TOKEN", "of-jira"),
    ]);
    let http = outbound_http::client().unwrap();
    let rows = rows(&given, &http, Some(&known)).await;
    judged(&rows[0].verdict, "ok", "does not end", "");
    judged(&rows[1].verdict, "wrong", "refused", "jira_api_token");
    let shown = format!("{rows:?}");
    for secret in ["of-meta", "of-jira", "ada@"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
