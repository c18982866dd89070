//! Refuses calls beyond the limit of the whole site.

use std::hash::{DefaultHasher, Hash, Hasher};

use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::jira::JiraSimulator;
use crate::lock;

/// The `Retry-After` of the site's limit, in seconds.
const SENT_AWAY_S: i64 = 5;

/// The largest JSON document that is compared, in bytes.
const LARGEST_JSON: usize = 32 * 1024 * 1024;

/// Answers a call or refuses it. Two calls are the same if their method, path and JSON are.
pub(crate) async fn limit(
    State(simulator): State<JiraSimulator>,
    request: Request,
    next: Next,
) -> Response {
    let (request, call) = match recognized(request).await {
        Ok(recognized) => recognized,
        Err(refusal) => return refusal,
    };
    let now = simulator.now();
    let name = format!("{} {}", request.method(), request.uri().path());
    let admitted = {
        let mut state = lock(&simulator.shared.state);
        state.rate.arrives(call, &name, now);
        let limit = state.options.calls_per_second;
        state.rate.admits(limit, now)
    };
    let response = if admitted {
        next.run(request).await
    } else {
        too_many()
    };
    if response.status() == StatusCode::TOO_MANY_REQUESTS
        && let Some(seconds) = retry_after(response.headers())
    {
        let mut state = lock(&simulator.shared.state);
        state.rate.sends_away(call, now, seconds);
    }
    response
}

async fn recognized(request: Request) -> Result<(Request, u64), Response> {
    let (parts, body) = request.into_parts();
    let is_json = parts
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let (body, bytes) = if is_json {
        let bytes = to_bytes(body, LARGEST_JSON)
            .await
            .map_err(|_| StatusCode::PAYLOAD_TOO_LARGE.into_response())?;
        (Body::from(bytes.clone()), bytes)
    } else {
        (body, Bytes::new())
    };
    let mut hasher = DefaultHasher::new();
    (parts.method.as_str(), parts.uri.to_string(), bytes).hash(&mut hasher);
    Ok((Request::from_parts(parts, body), hasher.finish()))
}

fn retry_after(headers: &HeaderMap) -> Option<i64> {
    headers
        .get(header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}

/// Creates the refusal. Source: Atlassian, "Rate limiting", responses of the quota and burst
/// limits.
fn too_many() -> Response {
    let body = json!({"errorMessages": ["Rate limit exceeded."], "errors": {}});
    let mut response = (StatusCode::TOO_MANY_REQUESTS, Json(body)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::RETRY_AFTER, SENT_AWAY_S.into());
    headers.insert(
        "ratelimit-reason",
        HeaderValue::from_static("jira-burst-based"),
    );
    response
}
