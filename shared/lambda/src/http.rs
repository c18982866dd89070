//! Requests and answers of API Gateway's HTTP APIs, payload format 2.0 ("Working with AWS
//! Lambda proxy integrations for HTTP APIs").

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_lambda_events::encodings::Body;
use aws_lambda_events::http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use aws_lambda_events::http::{HeaderMap, HeaderValue};
use aws_lambda_events::query_map::QueryMap;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// The longest body that is read, in bytes. Meta's webhooks have at most 3 MB (Cloud API,
/// "Webhooks"); a margin covers what Meta may not count.
pub const LONGEST_BODY: usize = 3 * 1024 * 1024 + 64 * 1024;

/// A request with the exact bytes of its body, which signatures are made over.
#[derive(Clone)]
pub struct Request {
    method: String,
    path: String,
    query: QueryMap,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// A request that is refused unread. Convert it into the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRequest {
    /// More than [`LONGEST_BODY`].
    #[error("the body is too long")]
    TooLong,
    /// API Gateway marked the body as base64, but it is not.
    #[error("the body is not readable")]
    NotReadable,
}

impl Request {
    /// Reads API Gateway's event.
    ///
    /// # Errors
    /// The body is too long or cannot be decoded.
    pub fn from_event(event: ApiGatewayV2httpRequest) -> Result<Self, BadRequest> {
        let body = event.body.unwrap_or_default();
        let body = if event.is_base64_encoded {
            decoded(&body)?
        } else {
            body.into_bytes()
        };
        if body.len() > LONGEST_BODY {
            return Err(BadRequest::TooLong);
        }
        Ok(Self {
            method: event.request_context.http.method.to_string(),
            path: event.raw_path.unwrap_or_default(),
            query: event.query_string_parameters,
            headers: event.headers,
            body,
        })
    }

    /// The method in capitals, for example `POST`.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path, beginning with `/`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns a decoded query parameter. API Gateway joins repeated ones with commas.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<String> {
        self.query.all(name).map(|values| values.join(","))
    }

    /// Returns a header; the case of its name does not matter. `None` if it is absent or not
    /// visible ASCII.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The bytes of the body.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            method, path, body, ..
        } = self;
        write!(f, "Request({method} {path}, {} bytes)", body.len())
    }
}

fn decoded(body: &str) -> Result<Vec<u8>, BadRequest> {
    // Four characters for three bytes.
    if body.len() / 4 * 3 > LONGEST_BODY + 3 {
        return Err(BadRequest::TooLong);
    }
    BASE64_STANDARD
        .decode(body)
        .map_err(|_| BadRequest::NotReadable)
}

/// A function's answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    status: u16,
    content_type: &'static str,
    body: String,
}

impl Answer {
    /// Answers with plain text.
    pub fn text(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            content_type: "text/plain; charset=utf-8",
            body: body.into(),
        }
    }

    /// Answers with a problem in the form of RFC 9457. `title` names its kind, `detail` says what
    /// to do.
    #[must_use]
    pub fn problem(status: u16, title: &str, detail: &str) -> Self {
        let body = serde_json::json!({
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": detail,
        });
        Self {
            status,
            content_type: "application/problem+json",
            body: body.to_string(),
        }
    }

    /// Refuses a webhook without a valid signature.
    #[must_use]
    pub fn wrong_signature() -> Self {
        Self::problem(
            401,
            "Unauthorized",
            "the signature does not match any secret that Casement knows",
        )
    }

    /// Asks the sender to repeat a webhook that could not be accepted.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::problem(
            503,
            "Service Unavailable",
            "the webhook could not be taken, please send it again",
        )
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }
}

impl From<BadRequest> for Answer {
    fn from(bad: BadRequest) -> Self {
        match bad {
            BadRequest::TooLong => Self::problem(
                413,
                "Content Too Large",
                "The body has more bytes than any webhook sends.",
            ),
            BadRequest::NotReadable => {
                Self::problem(400, "Bad Request", "The body cannot be decoded.")
            }
        }
    }
}

impl From<Answer> for ApiGatewayV2httpResponse {
    fn from(answer: Answer) -> Self {
        let mut response = Self::default();
        response.status_code = answer.status.into();
        response
            .headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
        // A browser must never render an echoed challenge as a page.
        response
            .headers
            .insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response.body = Some(Body::Text(answer.body));
        response
    }
}

#[cfg(test)]
mod tests;
