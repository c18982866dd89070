//! Writes every call of a simulated service into its journal.

use std::sync::Arc;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use local_clock::Clock;

use crate::webhook::{Entry, Journal};

/// The largest JSON document that is read, in bytes. Larger answers pass unrecorded.
const LARGEST_JSON: usize = 32 * 1024 * 1024;

/// Runs `next` and appends the call to the journal. Files pass unchanged and unrecorded.
pub(crate) async fn record(
    State((clock, journal)): State<(Clock, Arc<Journal>)>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, mut body) = request.into_parts();
    let method = parts.method.to_string();
    let path = parts.uri.to_string();
    let mut sent = String::new();
    if is_json(&parts.headers) {
        let Ok(bytes) = to_bytes(body, LARGEST_JSON).await else {
            return StatusCode::PAYLOAD_TOO_LARGE.into_response();
        };
        sent = String::from_utf8_lossy(&bytes).into_owned();
        body = Body::from(bytes);
    }

    let response = next.run(Request::from_parts(parts, body)).await;
    let (parts, mut body) = response.into_parts();
    let mut answered = String::new();
    if is_json(&parts.headers) && is_small(&body) {
        let Ok(bytes) = to_bytes(body, LARGEST_JSON).await else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        answered = String::from_utf8_lossy(&bytes).into_owned();
        body = Body::from(bytes);
    }
    journal.append(Entry::Call {
        at: clock.now(),
        method,
        path,
        request: sent,
        status: parts.status.as_u16(),
        response: answered,
    });
    Response::from_parts(parts, body)
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}

// The service's own documents have a known size. A stream may be a file, even one that contains
// JSON.
fn is_small(body: &Body) -> bool {
    let size = body.size_hint().exact();
    size.is_some_and(|size| size <= LARGEST_JSON as u64)
}
