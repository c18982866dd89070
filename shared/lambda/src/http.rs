//! Requests and answers of API Gateway's HTTP APIs, payload format 2.0 ("Working with AWS
//! Lambda proxy integrations for HTTP APIs").

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_lambda_events::encodings::Body;
use aws_lambda_events::http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use aws_lambda_events::http::{HeaderMap, HeaderValue};
use aws_lambda_events::query_map::QueryMap;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// The longest body that is looked at, in bytes. Meta's webhooks have at most 3 MB (Cloud API,
/// "Webhooks"); a little is added for what that may count.
pub const LONGEST_BODY: usize = 3 * 1024 * 1024 + 64 * 1024;

/// A request with the bytes of its body as they were sent, since signatures are made over them.
#[derive(Clone)]
pub struct Request {
    method: String,
    path: String,
    query: QueryMap,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// A request that no function looks at. Answer with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRequest {
    /// More than [`LONGEST_BODY`].
    #[error("the body is too long")]
    TooLong,
    /// API Gateway marked the body as base64, and it is not.
    #[error("the body is not readable")]
    NotReadable,
}

impl Request {
    /// Takes what API Gateway passes on.
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

    /// A query parameter, decoded. API Gateway joins repeated ones with commas.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<String> {
        self.query.all(name).map(|values| values.join(","))
    }

    /// A header, whatever the case of its name; `None` also when it is no visible ASCII.
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

/// What a function answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    status: u16,
    content_type: &'static str,
    body: String,
}

impl Answer {
    /// A plain text.
    pub fn text(status: u16, body: impl Into<String>) -> Self {
        Self {
            status,
            content_type: "text/plain; charset=utf-8",
            body: body.into(),
        }
    }

    /// A problem in the form of RFC 9457. `title` says what kind it is, `detail` what to do.
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

    /// The answer to a webhook that nobody we trust has signed.
    #[must_use]
    pub fn wrong_signature() -> Self {
        Self::problem(
            401,
            "Unauthorized",
            "the signature does not match any secret that Casement knows",
        )
    }

    /// The answer when a webhook could not be taken. The sender shall send it again.
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
        // An echoed challenge must never be taken for a page.
        response
            .headers
            .insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        response.body = Some(Body::Text(answer.body));
        response
    }
}

#[cfg(test)]
mod tests;
