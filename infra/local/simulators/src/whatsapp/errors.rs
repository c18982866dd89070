//! Errors of the Cloud API, as answers and inside `failed` statuses.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GraphError {
    pub code: u32,
    pub details: String,
}

impl GraphError {
    pub(crate) fn new(code: u32, details: impl Into<String>) -> Self {
        Self {
            code,
            details: details.into(),
        }
    }

    /// Creates the error of free text more than 24 hours after the user's last message.
    pub(crate) fn window_closed() -> Self {
        Self::new(
            131_047,
            "Message failed to send because more than 24 hours have passed since the customer \
             last replied to this number.",
        )
    }

    /// Creates the error of a path that names a nonexistent object. `verb` is the HTTP method in
    /// lower case.
    pub(crate) fn no_such_object(verb: &str, id: &str) -> Self {
        Self::new(
            33,
            format!(
                "Unsupported {verb} request. Object with ID '{id}' does not exist, cannot be \
                 loaded due to missing permissions, or does not support this operation."
            ),
        )
    }

    /// Returns the title and the HTTP status of the error.
    ///
    /// Source: Meta, "Error codes".
    fn meaning(&self) -> (&'static str, StatusCode) {
        match self.code {
            190 => ("Invalid OAuth access token.", StatusCode::UNAUTHORIZED),
            33 => ("Unsupported request", StatusCode::BAD_REQUEST),
            100 => ("Invalid parameter", StatusCode::BAD_REQUEST),
            2200 => ("Callback verification failed", StatusCode::BAD_REQUEST),
            2500 => ("Unknown path components", StatusCode::BAD_REQUEST),
            130_429 => ("Rate limit hit", StatusCode::BAD_REQUEST),
            131_008 => ("Required parameter is missing", StatusCode::BAD_REQUEST),
            131_009 => ("Parameter value is not valid", StatusCode::BAD_REQUEST),
            131_026 => ("Message undeliverable", StatusCode::BAD_REQUEST),
            131_047 => ("Re-engagement message", StatusCode::BAD_REQUEST),
            131_051 => ("Unsupported message type", StatusCode::BAD_REQUEST),
            131_056 => (
                "(Business Account, Consumer Account) pair rate limit hit",
                StatusCode::BAD_REQUEST,
            ),
            132_000 => (
                "Number of parameters does not match the expected number of params",
                StatusCode::BAD_REQUEST,
            ),
            132_001 => (
                "Template name does not exist in the translation",
                StatusCode::NOT_FOUND,
            ),
            132_012 => (
                "Template parameter format mismatch",
                StatusCode::BAD_REQUEST,
            ),
            132_015 => ("Template is paused", StatusCode::BAD_REQUEST),
            132_016 => ("Template is disabled", StatusCode::BAD_REQUEST),
            131_049 => (
                "This message was not delivered to maintain healthy ecosystem engagement.",
                StatusCode::BAD_REQUEST,
            ),
            131_052 => ("Media download error", StatusCode::BAD_REQUEST),
            131_053 => ("Media upload error", StatusCode::BAD_REQUEST),
            _ => ("Something went wrong", StatusCode::INTERNAL_SERVER_ERROR),
        }
    }

    /// Returns the object in `errors[]` of a `failed` status.
    pub(crate) fn in_status(&self) -> Value {
        let (title, _) = self.meaning();
        json!({
            "code": self.code,
            "title": title,
            "message": title,
            "error_data": {"details": self.details},
            "href": "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
        })
    }

    pub(crate) fn title(&self) -> &'static str {
        self.meaning().0
    }

    /// Returns the answer to a call. `trace` becomes `fbtrace_id`.
    pub(crate) fn answer(&self, trace: &str) -> Response {
        let (title, status) = self.meaning();
        let body = match self.code {
            // Errors of the Graph API itself lack WhatsApp's own members.
            190 | 2500 => json!({"error": {
                "message": format!("{title} {}", self.details),
                "type": "OAuthException",
                "code": self.code,
                "fbtrace_id": trace,
            }}),
            33 => json!({"error": {
                "message": self.details,
                "type": "GraphMethodException",
                "code": 100,
                "error_subcode": 33,
                "fbtrace_id": trace,
            }}),
            code => json!({"error": {
                "message": format!("(#{code}) {title}"),
                "type": "OAuthException",
                "code": code,
                "error_data": {"messaging_product": "whatsapp", "details": self.details},
                "fbtrace_id": trace,
            }}),
        };
        (status, Json(body)).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn errors_have_the_documented_shape() {
        let table = [
            (190, 401, "OAuthException", 190, None),
            (33, 400, "GraphMethodException", 100, Some(33)),
            (100, 400, "OAuthException", 100, None),
            (131_047, 400, "OAuthException", 131_047, None),
            (131_056, 400, "OAuthException", 131_056, None),
            (132_001, 404, "OAuthException", 132_001, None),
        ];
        for (code, status, kind, shown, subcode) in table {
            let answer = GraphError::new(code, "why").answer("trace");
            assert_eq!(answer.status().as_u16(), status, "{code}");
            let bytes = axum::body::to_bytes(answer.into_body(), 10_000)
                .await
                .unwrap();
            let body: Value = serde_json::from_slice(&bytes).unwrap();
            assert_eq!(body["error"]["type"], kind, "{code}");
            assert_eq!(body["error"]["code"], shown, "{code}");
            assert_eq!(body["error"]["error_subcode"].as_u64(), subcode, "{code}");
            assert_eq!(body["error"]["fbtrace_id"], "trace", "{code}");
        }
    }

    #[test]
    fn the_closed_window_says_so_in_a_status() {
        let error = GraphError::window_closed().in_status();
        assert_eq!(error["code"], 131_047);
        assert_eq!(error["title"], "Re-engagement message");
        assert!(
            error["error_data"]["details"]
                .as_str()
                .unwrap()
                .contains("24 hours")
        );
    }
}
