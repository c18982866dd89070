//! API Gateway events, for the functions that answer HTTP.

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use casement_lambda::http::{Answer, LONGEST_BODY, Request};
use casement_whatsapp::subscription::SubscriptionCheck;
use secrecy::SecretString;

use crate::signing::{secrets, signature};
use crate::webhooks::{jira_webhook, whatsapp_webhook};

/// The token with which Meta proves its identity.
const VERIFY_TOKEN: &str = "a verify token of the tests";

/// Takes an HTTP API event in payload format 2.0.
///
/// A body is accepted only with its own signature, and is then an input for [`whatsapp_webhook`]
/// and [`jira_webhook`]. A challenge is answered only if the token is right.
pub fn http_event(bytes: &[u8]) {
    let Ok(event) = serde_json::from_slice::<ApiGatewayV2httpRequest>(bytes) else {
        return;
    };
    let request = match Request::from_event(event) {
        Ok(request) => request,
        Err(bad) => return check_answer(bad.into()),
    };
    assert!(request.body().len() <= LONGEST_BODY);
    check_signatures(&request);
    check_subscription(&request);
    whatsapp_webhook(request.body());
    jira_webhook(request.body());
}

fn check_signatures(request: &Request) {
    use casement_jira::signature as jira;
    use casement_whatsapp::signature as whatsapp;
    let (body, right) = (request.body(), signature(request.body()));
    // Hexadecimal digits are case-insensitive.
    let is_right = |header: Option<&str>| {
        header.is_some_and(|header| {
            header.starts_with("sha256=") && header.eq_ignore_ascii_case(&right)
        })
    };
    let header = request.header(whatsapp::SIGNATURE_HEADER);
    let believed = whatsapp::verify(body, header, &secrets()).is_ok();
    assert_eq!(believed, is_right(header));
    let header = request.header(jira::SIGNATURE_HEADER);
    let believed = jira::verify(body, header, &secrets()).is_ok();
    assert_eq!(believed, is_right(header));
}

fn check_subscription(request: &Request) {
    let [mode, token, challenge] =
        ["hub.mode", "hub.verify_token", "hub.challenge"].map(|name| request.query(name));
    let check = SubscriptionCheck::from_query(|name| match name {
        "hub.mode" => mode.as_deref(),
        "hub.verify_token" => token.as_deref(),
        _ => challenge.as_deref(),
    });
    if let Ok(challenge) = check.challenge(&SecretString::from(VERIFY_TOKEN)) {
        assert_eq!(token.as_deref(), Some(VERIFY_TOKEN));
        check_answer(Answer::text(200, challenge));
    }
}

/// Asserts that no browser would render the answer as a page.
fn check_answer(answer: Answer) {
    let response: ApiGatewayV2httpResponse = answer.into();
    let header = |name: &str| response.headers.get(name).map(|value| value.as_bytes());
    assert_eq!(header("x-content-type-options"), Some(&b"nosniff"[..]));
    let kind = header("content-type");
    assert!(kind.is_some_and(|kind| !kind.starts_with(b"text/html")));
}
