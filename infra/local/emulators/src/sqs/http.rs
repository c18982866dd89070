//! SQS over HTTP: `POST` with the operation in `X-Amz-Target`.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::json;

use super::engine::Sqs;
use super::error::SqsError;

/// Enough for a full batch with every character escaped in JSON.
const LARGEST_BODY_BYTES: usize = 16 * 1024 * 1024;

const CONTENT_TYPE: &str = "application/x-amz-json-1.0";

impl Sqs {
    /// Returns the routes of SQS: `POST` to any path. The SDKs send to `/`, some other clients to
    /// the queue's URL.
    pub fn router(&self) -> Router {
        Router::new()
            .fallback(post(handle))
            .layer(DefaultBodyLimit::max(LARGEST_BODY_BYTES))
            .with_state(self.clone())
    }
}

async fn handle(State(sqs): State<Sqs>, headers: HeaderMap, body: Bytes) -> Response {
    let operation = headers
        .get("x-amz-target")
        .and_then(|target| target.to_str().ok())
        .and_then(|target| target.strip_prefix("AmazonSQS."))
        .unwrap_or_default();
    let request_id = (
        HeaderName::from_static("x-amzn-requestid"),
        uuid::Uuid::new_v4().to_string(),
    );
    match sqs.call(operation, &body).await {
        Ok(body) => ([request_id, content_type()], body).into_response(),
        Err(error) => ([request_id], refusal(&error)).into_response(),
    }
}

fn refusal(error: &SqsError) -> Response {
    let (status, fault) = if error.is_sender_fault() {
        (StatusCode::BAD_REQUEST, "Sender")
    } else {
        (StatusCode::INTERNAL_SERVER_ERROR, "Receiver")
    };
    let query_error = (
        HeaderName::from_static("x-amzn-query-error"),
        format!("{};{fault}", error.query_code()),
    );
    let body = json!({
        "__type": format!("com.amazonaws.sqs#{}", error.shape()),
        "message": error.to_string(),
    });
    (status, [query_error, content_type()], body.to_string()).into_response()
}

fn content_type() -> (HeaderName, String) {
    (header::CONTENT_TYPE, CONTENT_TYPE.to_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use local_clock::Clock;
    use serde_json::Value;

    use super::*;

    #[tokio::test]
    async fn errors_come_in_both_forms() {
        let sqs = Sqs::new(Clock::default(), "http://sqs.test", "eu-central-1", "0");
        let cases = [
            (
                "GetQueueUrl",
                r#"{"QueueName":"gone"}"#,
                "AWS.SimpleQueueService.NonExistentQueue;Sender",
                "com.amazonaws.sqs#QueueDoesNotExist",
            ),
            (
                "SendMessage",
                "{}",
                "MissingParameter;Sender",
                "com.amazonaws.sqs#MissingParameter",
            ),
            (
                "SendMessage",
                "no JSON",
                "SerializationException;Sender",
                "com.amazonaws.sqs#SerializationException",
            ),
            (
                "Dance",
                "{}",
                "UnknownOperationException;Sender",
                "com.amazonaws.sqs#UnknownOperationException",
            ),
        ];
        for (operation, request, code, shape) in cases {
            let target = HeaderValue::from_str(&format!("AmazonSQS.{operation}")).unwrap();
            let headers = HeaderMap::from_iter([(HeaderName::from_static("x-amz-target"), target)]);
            let response = handle(State(sqs.clone()), headers, Bytes::from(request)).await;
            assert_eq!(response.status(), StatusCode::BAD_REQUEST);
            assert_eq!(response.headers()["x-amzn-query-error"], code);
            let body = axum::body::to_bytes(response.into_body(), 10_000)
                .await
                .unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(body["__type"], shape);
        }
    }
}
