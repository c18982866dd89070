//! Writes every call of a simulated service into its journal.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use local_clock::Clock;

use crate::webhook::{Entry, Journal};

/// The largest body that is taken in or given out: Meta's limit for documents, and some room.
const LARGEST_BODY: usize = 110 * 1024 * 1024;

/// Runs `next` and appends the call to the journal.
pub(crate) async fn record(
    clock: Clock,
    journal: Arc<Journal>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(sent) = to_bytes(body, LARGEST_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let method = parts.method.to_string();
    let path = parts.uri.to_string();
    let request_text = String::from_utf8_lossy(&sent).into_owned();

    let response = next.run(Request::from_parts(parts, Body::from(sent))).await;
    let (parts, body) = response.into_parts();
    let Ok(answered) = to_bytes(body, LARGEST_BODY).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    journal.append(Entry::Call {
        at: clock.now(),
        method,
        path,
        request: request_text,
        status: parts.status.as_u16(),
        response: String::from_utf8_lossy(&answered).into_owned(),
    });
    Response::from_parts(parts, Body::from(answered))
}
