//! Authentication, by address: a plain API token works at the site itself, scoped tokens and access
//! tokens work at the cloud API.
//!
//! Sources: Atlassian Support, "Manage API tokens", "Create OAuth 2.0 credential for service
//! accounts".

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::json;

use crate::jira::JiraSimulator;
use crate::jira::account::Account;
use crate::lock;

/// The address that a call came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// `https://SITE.atlassian.net`.
    Site,
    /// `https://api.atlassian.com/ex/jira/CLOUD-ID`.
    Cloud,
}

/// Lets only calls of the service account and of the agent through, with the account as an
/// extension.
pub(crate) async fn authenticate(
    State((simulator, door)): State<(JiraSimulator, Door)>,
    mut request: Request,
    next: Next,
) -> Response {
    let given = request.headers().get(header::AUTHORIZATION);
    let given = given.and_then(|value| value.to_str().ok());
    if let Some(account) = given.and_then(|given| simulator.account_of(door, given)) {
        request.extensions_mut().insert(account);
        return next.run(request).await;
    }
    let body = json!({
        "message": "Client must be authenticated to access this resource.",
        "status-code": 401,
    });
    (StatusCode::UNAUTHORIZED, Json(body)).into_response()
}

impl JiraSimulator {
    fn account_of(&self, door: Door, given: &str) -> Option<Account> {
        let config = &self.shared.config;
        let basic = |email: &str, token: &str| {
            let pair = STANDARD.encode(format!("{email}:{token}"));
            given == format!("Basic {pair}")
        };
        if door == Door::Site && basic(&config.agent_email, &config.agent_token) {
            return Some(Account::Agent);
        }
        let is_ours = match door {
            Door::Site => basic(&config.email, &config.api_token),
            Door::Cloud => {
                basic(&config.email, &config.scoped_token)
                    || given.strip_prefix("Bearer ").is_some_and(|token| {
                        token == config.scoped_token || self.is_access_token(token)
                    })
            }
        };
        is_ours.then_some(Account::Bridge)
    }

    fn is_access_token(&self, token: &str) -> bool {
        let state = lock(&self.shared.state);
        let ends = state.access_tokens.get(token);
        ends.is_some_and(|ends| self.now() < *ends)
    }
}

/// Returns the route of the token endpoint.
pub(crate) fn router() -> Router<JiraSimulator> {
    Router::new().route("/oauth/token", post(give_access_token))
}

#[derive(Deserialize)]
struct Grant {
    grant_type: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: String,
}

async fn give_access_token(State(simulator): State<JiraSimulator>, body: Bytes) -> Response {
    let config = &simulator.shared.config;
    let refused = |status: StatusCode, error: &str| {
        let body = json!({"error": error, "error_description": "Unauthorized"});
        (status, Json(body)).into_response()
    };
    let Ok(grant) = serde_json::from_slice::<Grant>(&body) else {
        return refused(StatusCode::BAD_REQUEST, "invalid_request");
    };
    if grant.grant_type != "client_credentials" {
        return refused(StatusCode::FORBIDDEN, "unsupported_grant_type");
    }
    let known = grant.client_id == config.client_id && grant.client_secret == config.client_secret;
    if !known {
        return refused(StatusCode::UNAUTHORIZED, "access_denied");
    }
    let life = TimeDelta::from_std(config.access_token_life).unwrap_or(TimeDelta::hours(1));
    let token = format!("local-access-{}", simulator.shared.ids.token());
    let mut state = lock(&simulator.shared.state);
    state
        .access_tokens
        .insert(token.clone(), simulator.now() + life);
    Json(json!({
        "access_token": token,
        "expires_in": life.num_seconds(),
        "token_type": "Bearer",
        "scope": "read:jira-work write:jira-work read:servicedesk-request write:servicedesk-request",
    }))
    .into_response()
}
