//! Errors of invocations.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An invocation without a result. Its meaning depends on the invoker: a status for an HTTP caller,
/// a batch that stays in its queue for an event source mapping.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum InvokeError {
    /// The template has no function of this name.
    #[error("there is no function {0}")]
    UnknownFunction(String),
    /// Every environment that the function may have is busy.
    #[error("TooManyRequestsException: Rate Exceeded.")]
    Throttled,
    /// The event exceeds the limit of 6 MB (Lambda quotas).
    #[error("RequestTooLargeException: the event has {0} bytes")]
    EventTooLarge(usize),
    /// The function itself failed.
    #[error(transparent)]
    Function(#[from] FunctionError),
}

/// The error document of a function (Lambda runtime API, invocation error).
#[derive(Clone, Debug, Deserialize, Error, PartialEq, Serialize)]
#[error("{error_type}: {error_message}")]
#[serde(rename_all = "camelCase")]
pub struct FunctionError {
    /// The kind of error, as the runtime names it.
    #[serde(default = "unknown_type")]
    pub error_type: String,
    #[serde(default)]
    pub error_message: String,
}

fn unknown_type() -> String {
    "Unhandled".to_owned()
}

impl FunctionError {
    pub(super) fn new(error_type: &str, error_message: impl Into<String>) -> Self {
        Self {
            error_type: error_type.to_owned(),
            error_message: error_message.into(),
        }
    }

    /// Parses a runtime's report. Keeps a body that is no error document as text.
    pub(super) fn from_report(body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_else(|_| {
            Self::new(&unknown_type(), String::from_utf8_lossy(body).into_owned())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_read_as_far_as_they_go() {
        for (body, expected) in [
            (
                r#"{"errorType":"Boom","errorMessage":"it broke","stackTrace":[]}"#,
                "Boom: it broke",
            ),
            (r#"{"errorMessage":"it broke"}"#, "Unhandled: it broke"),
            ("not json", "Unhandled: not json"),
        ] {
            let error = FunctionError::from_report(body.as_bytes());
            assert_eq!(error.to_string(), expected);
        }
    }
}
