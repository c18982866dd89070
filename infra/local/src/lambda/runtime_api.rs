//! The Lambda runtime API for the functions' processes. Each environment has its own base path, so
//! one port serves them all (AWS Lambda developer guide, "Using the Lambda runtime API for custom
//! runtimes").

use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::environment::RuntimeCall;
use super::error::FunctionError;
use super::{Lambda, MAX_PAYLOAD};

/// Serves `/{function}/{environment}/2018-06-01/runtime/...`.
pub(super) fn router(lambda: Lambda) -> Router {
    let runtime = "/{function}/{environment}/2018-06-01/runtime";
    Router::new()
        .route(&format!("{runtime}/invocation/next"), get(next))
        .route(
            &format!("{runtime}/invocation/{{request_id}}/response"),
            post(response),
        )
        .route(
            &format!("{runtime}/invocation/{{request_id}}/error"),
            post(error),
        )
        .route(&format!("{runtime}/init/error"), post(init_error))
        .with_state(lambda)
}

async fn next(
    State(lambda): State<Lambda>,
    Path((function, environment)): Path<(String, u64)>,
) -> Response {
    let (waiting, delivery) = oneshot::channel();
    let asked = lambda.tell(environment, RuntimeCall::Next(waiting)).await;
    let (true, Ok(delivery)) = (asked, delivery.await) else {
        return gone();
    };
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("lambda-runtime-aws-request-id", delivery.request_id),
        (
            "lambda-runtime-deadline-ms",
            delivery.deadline_ms.to_string(),
        ),
        (
            "lambda-runtime-invoked-function-arn",
            lambda.function_arn(&function),
        ),
        ("lambda-runtime-trace-id", trace_id()),
    ];
    (axum::response::AppendHeaders(headers), delivery.payload).into_response()
}

async fn response(
    State(lambda): State<Lambda>,
    Path((_, environment, request_id)): Path<(String, u64, String)>,
    body: Body,
) -> Response {
    match to_bytes(body, MAX_PAYLOAD).await {
        Ok(body) => finish(&lambda, environment, request_id, Ok(body)).await,
        Err(_) => {
            let error = FunctionError::new(
                "Function.ResponseSizeTooLarge",
                format!("Response payload size exceeded {MAX_PAYLOAD} bytes"),
            );
            finish(&lambda, environment, request_id, Err(error)).await;
            refusal(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge")
        }
    }
}

async fn error(
    State(lambda): State<Lambda>,
    Path((_, environment, request_id)): Path<(String, u64, String)>,
    body: Bytes,
) -> Response {
    let error = FunctionError::from_report(&body);
    finish(&lambda, environment, request_id, Err(error)).await
}

async fn init_error(
    State(lambda): State<Lambda>,
    Path((_, environment)): Path<(String, u64)>,
    body: Bytes,
) -> Response {
    let error = FunctionError::from_report(&body);
    if lambda
        .tell(environment, RuntimeCall::InitError(error))
        .await
    {
        accepted()
    } else {
        gone()
    }
}

async fn finish(
    lambda: &Lambda,
    environment: u64,
    request_id: String,
    result: Result<Bytes, FunctionError>,
) -> Response {
    let (answer, was_accepted) = oneshot::channel();
    let call = RuntimeCall::Finish {
        request_id,
        result,
        accepted: answer,
    };
    if !lambda.tell(environment, call).await {
        return gone();
    }
    match was_accepted.await {
        Ok(true) => accepted(),
        Ok(false) => refusal(StatusCode::BAD_REQUEST, "InvalidRequestID"),
        Err(_) => gone(),
    }
}

fn accepted() -> Response {
    let body = json!({"status": "OK"}).to_string();
    (StatusCode::ACCEPTED, body).into_response()
}

// The runtime ends its process when the API is gone.
fn gone() -> Response {
    refusal(StatusCode::GONE, "EnvironmentGone")
}

fn refusal(status: StatusCode, error_type: &str) -> Response {
    let body = json!({"errorType": error_type, "errorMessage": status.to_string()});
    (status, body.to_string()).into_response()
}

// AWS X-Ray developer guide, "Tracing header".
fn trace_id() -> String {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs();
    let random = Uuid::new_v4().simple().to_string();
    let (root, _) = random.split_at(24);
    let parent = Uuid::new_v4().simple().to_string();
    let (parent, _) = parent.split_at(16);
    format!("Root=1-{seconds:08x}-{root};Parent={parent};Sampled=0")
}
