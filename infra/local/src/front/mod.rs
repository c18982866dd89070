//! The HTTP API in front of the functions, which works like API Gateway's HTTP APIs with payload
//! format 2.0.

mod answer;
mod event;

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use local_clock::Clock;
use serde_json::json;

use crate::lambda::{InvokeError, Lambda};

// API Gateway quotas for HTTP APIs: payload size 10 MB, integration timeout 30 s.
const MAX_BODY: usize = 10 * 1024 * 1024;
const INTEGRATION_TIMEOUT: Duration = Duration::from_secs(30);

/// A route of Casement: a method and path that a function answers.
#[derive(Clone, Debug)]
pub struct Route {
    /// The method, or `ANY`.
    pub method: String,
    /// The path, without parameters.
    pub path: String,
    pub function: String,
}

impl Route {
    fn answers(&self, method: &Method, path: &str) -> bool {
        let method_fits = self.method.eq_ignore_ascii_case("ANY")
            || self.method.eq_ignore_ascii_case(method.as_str());
        method_fits && self.path == path
    }

    fn key(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }
}

#[derive(Clone)]
pub struct Front {
    pub routes: Vec<Route>,
    /// The functions behind the routes.
    pub lambda: Lambda,
    /// The clock for the time in events.
    pub clock: Clock,
}

impl Front {
    /// Returns a router that answers every path. Those without a route get 404.
    pub fn router(self) -> Router {
        Router::new().fallback(handle).with_state(self)
    }
}

async fn handle(State(front): State<Front>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let route = front
        .routes
        .iter()
        .find(|route| route.answers(&parts.method, parts.uri.path()));
    let Some(route) = route else {
        return message(StatusCode::NOT_FOUND, "Not Found");
    };
    let Some(body) = read(&parts.headers, body).await else {
        return message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large");
    };
    let event = event::from_request(&parts, &body, &route.key(), front.clock.now());
    let invocation = front
        .lambda
        .invoke(&route.function, Bytes::from(event.to_string()));
    match tokio::time::timeout(INTEGRATION_TIMEOUT, invocation).await {
        Err(_) => message(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable"),
        Ok(Err(error)) => refusal(&error),
        Ok(Ok(result)) => answer::to_response(&result).unwrap_or_else(|error| {
            tracing::warn!(function = %route.function, error, "a function's answer is malformed");
            message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
        }),
    }
}

async fn read(headers: &axum::http::HeaderMap, body: Body) -> Option<Bytes> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_BODY) {
        return None;
    }
    to_bytes(body, MAX_BODY).await.ok()
}

fn refusal(error: &InvokeError) -> Response {
    match error {
        InvokeError::Throttled => message(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests"),
        InvokeError::EventTooLarge(_) => {
            message(StatusCode::PAYLOAD_TOO_LARGE, "Request Entity Too Large")
        }
        InvokeError::UnknownFunction(_) | InvokeError::Function(_) => {
            message(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
        }
    }
}

fn message(status: StatusCode, text: &str) -> Response {
    (status, axum::Json(json!({"message": text}))).into_response()
}
