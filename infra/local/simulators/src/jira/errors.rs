//! Errors in the shapes of the two REST APIs.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

/// An error of a call, whichever API it came through.
#[derive(Clone, Debug)]
pub(crate) struct JiraError {
    status: StatusCode,
    messages: Vec<String>,
    /// Messages by field.
    fields: BTreeMap<String, String>,
    /// The seconds until a call may be made again, and the time when that is.
    wait: Option<(i64, DateTime<Utc>)>,
}

impl JiraError {
    fn new(status: StatusCode) -> Self {
        Self {
            status,
            messages: Vec::new(),
            fields: BTreeMap::new(),
            wait: None,
        }
    }

    /// Creates an error with only a status and a message.
    pub(crate) fn with_message(status: StatusCode, message: impl Into<String>) -> Self {
        let mut error = Self::new(status);
        error.messages.push(message.into());
        error
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::with_message(StatusCode::BAD_REQUEST, message)
    }

    /// Creates the error of one field with a wrong value.
    pub(crate) fn field(name: &str, message: impl Into<String>) -> Self {
        let mut error = Self::new(StatusCode::BAD_REQUEST);
        error.fields.insert(name.to_owned(), message.into());
        error
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::with_message(StatusCode::NOT_FOUND, message)
    }

    pub(crate) fn no_issue() -> Self {
        Self::not_found("Issue does not exist or you do not have permission to see it.")
    }

    /// Creates the error of an account that lacks a permission.
    pub(crate) fn no_permission(what: &str) -> Self {
        let message = format!("You do not have the permission to {what}.");
        Self::with_message(StatusCode::FORBIDDEN, message)
    }

    pub(crate) fn no_desk() -> Self {
        Self::not_found("The service desk you are trying to view does not exist.")
    }

    pub(crate) fn no_comment(id: &str) -> Self {
        Self::not_found(format!("Can not find a comment for the id: {id}."))
    }

    pub(crate) fn no_attachment() -> Self {
        Self::not_found("The attachment does not exist.")
    }

    /// Creates the error of a site where files can be neither attached nor read.
    pub(crate) fn attachments_disabled(status: StatusCode) -> Self {
        Self::with_message(status, "Attachments are disabled.")
    }

    /// Creates the error of an issue that has as many of these as it can have. Source: Atlassian,
    /// "Add comment" and "Add attachment", 413: the per-issue limit has been breached.
    pub(crate) fn full(of: &str) -> Self {
        let message = format!("The per-issue limit for {of} has been breached.");
        Self::with_message(StatusCode::PAYLOAD_TOO_LARGE, message)
    }

    /// Creates the error of a document that names a file the issue does not have.
    pub(crate) fn unknown_media() -> Self {
        Self::bad_request("ATTACHMENT_VALIDATION_ERROR")
    }

    /// Creates the error of a file whose content the simulator did not keep.
    pub(crate) fn not_kept() -> Self {
        Self::with_message(
            StatusCode::GONE,
            "The file was too large for the simulator to keep its content.",
        )
    }

    /// Creates the error of a text that is too long for its field.
    ///
    /// Source: Atlassian Support, on the limit of 32,767 characters.
    pub(crate) fn too_long(field: &str) -> Self {
        Self::field(
            field,
            "The entered text is too long. It exceeds the allowed limit of 32,767 characters.",
        )
    }

    /// Creates the error of too many writes to one issue. The next write is allowed at `free_at`.
    ///
    /// Source: Atlassian, "Rate limiting".
    pub(crate) fn too_many_writes(now: DateTime<Utc>, free_at: DateTime<Utc>) -> Self {
        let mut error = Self::new(StatusCode::TOO_MANY_REQUESTS);
        error.messages.push("Rate limit exceeded.".to_owned());
        let wait = free_at - now;
        let seconds = wait.num_seconds() + i64::from(wait.subsec_nanos() > 0);
        error.wait = Some((seconds, now + TimeDelta::seconds(seconds)));
        error
    }

    /// Returns the first fault, in words.
    pub(crate) fn message(&self) -> String {
        let field = self
            .fields
            .iter()
            .map(|(name, text)| format!("{name}: {text}"));
        self.messages
            .iter()
            .cloned()
            .chain(field)
            .next()
            .unwrap_or_default()
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    fn answer(&self, body: &Value) -> Response {
        let mut response = (self.status, Json(body)).into_response();
        if let Some((seconds, reset)) = self.wait {
            let headers = response.headers_mut();
            headers.insert(header::RETRY_AFTER, seconds.into());
            let reason = HeaderValue::from_static("jira-per-issue-on-write");
            headers.insert("ratelimit-reason", reason);
            let reset = reset.format("%Y-%m-%dT%H:%M:%SZ").to_string();
            if let Ok(value) = HeaderValue::from_str(&reset) {
                headers.insert("x-ratelimit-reset", value);
            }
        }
        response
    }
}

/// An error in the shape of the platform API.
#[derive(Debug)]
pub(crate) struct PlatformError(JiraError);

impl From<JiraError> for PlatformError {
    fn from(error: JiraError) -> Self {
        Self(error)
    }
}

impl IntoResponse for PlatformError {
    fn into_response(self) -> Response {
        let Self(error) = self;
        error.answer(&json!({"errorMessages": error.messages, "errors": error.fields}))
    }
}

/// An error in the shape of the service desk API.
#[derive(Debug)]
pub(crate) struct DeskError(JiraError);

impl From<JiraError> for DeskError {
    fn from(error: JiraError) -> Self {
        Self(error)
    }
}

impl IntoResponse for DeskError {
    fn into_response(self) -> Response {
        let Self(error) = self;
        let key = match error.status {
            StatusCode::NOT_FOUND => "sd.request.error.not.found",
            StatusCode::TOO_MANY_REQUESTS => "sd.error.rate.limited",
            _ => "sd.request.error.invalid",
        };
        error.answer(&json!({
            "errorMessage": error.message(),
            "i18nErrorMessage": {"i18nKey": key, "parameters": []},
        }))
    }
}

pub(crate) fn body_of<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, JiraError> {
    serde_json::from_slice(body).map_err(|error| {
        JiraError::bad_request(format!(
            "There was an error parsing JSON. Check that your request body is valid. ({error})"
        ))
    })
}

/// Answers calls to every other path.
pub(crate) async fn no_such_resource() -> Response {
    let body = json!({"message": "null for uri", "status-code": 404});
    (StatusCode::NOT_FOUND, Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body(response: Response) -> Value {
        let bytes = axum::body::to_bytes(response.into_body(), 10_000)
            .await
            .unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[tokio::test]
    async fn both_shapes() {
        let table = [
            (
                JiraError::no_issue(),
                404,
                json!({"errorMessages": ["Issue does not exist or you do not have permission to see it."], "errors": {}}),
                "Issue does not exist or you do not have permission to see it.",
            ),
            (
                JiraError::field("summary", "You must specify a summary of the issue."),
                400,
                json!({"errorMessages": [], "errors": {"summary": "You must specify a summary of the issue."}}),
                "summary: You must specify a summary of the issue.",
            ),
        ];
        for (error, status, platform, desk) in table {
            let response = PlatformError(error.clone()).into_response();
            assert_eq!(response.status().as_u16(), status);
            assert_eq!(body(response).await, platform);
            let response = DeskError(error).into_response();
            assert_eq!(response.status().as_u16(), status);
            assert_eq!(body(response).await["errorMessage"], desk);
        }
    }

    #[test]
    fn rate_limits_say_when_to_come_back() {
        let now = DateTime::from_timestamp_millis(1_767_229_261_500).unwrap();
        let error = JiraError::too_many_writes(now, now + TimeDelta::milliseconds(1_200));
        let response = PlatformError(error).into_response();
        let headers = response.headers();
        assert_eq!(headers["retry-after"], "2");
        assert_eq!(headers["ratelimit-reason"], "jira-per-issue-on-write");
        assert_eq!(headers["x-ratelimit-reset"], "2026-01-01T01:01:03Z");
    }
}
