//! The code of a failed call, and whether another attempt may succeed.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use casement_service::BackendFailure;

/// The code of a secret that nobody has ever given a value.
pub const NO_VALUE: &str = "no value yet";

/// Returns the service's error code, or a word for a call without an answer. Leaves out the SDK's
/// own texts, which may quote the request.
pub fn error_code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    match error {
        SdkError::ServiceError(answer) => answer.err().code().unwrap_or("no error code"),
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(_) => "no connection",
        SdkError::ResponseError(_) => "unreadable answer",
        SdkError::ConstructionFailure(_) => "request not built",
        _ => "unknown failure",
    }
    .to_owned()
}

/// Returns why a call to the table, a queue or the secret failed.
pub(crate) fn backend_failure<E: ProvideErrorMetadata>(
    error: &SdkError<E, HttpResponse>,
) -> BackendFailure {
    let code = error_code(error);
    match error {
        SdkError::ServiceError(answer) if has_no_value(answer.err()) => {
            BackendFailure::Refused(NO_VALUE.to_owned())
        }
        SdkError::ServiceError(answer) => of_code(code, answer.raw().status().as_u16()),
        SdkError::ConstructionFailure(_) => BackendFailure::Unreadable("request not built"),
        _ => BackendFailure::Unreachable(code),
    }
}

/// Decides whether a secret exists and lacks a value. Secrets Manager answers a missing secret with
/// the same code, and names the staging label `AWSCURRENT` only where the value is missing.
pub fn has_no_value<E: ProvideErrorMetadata>(error: &E) -> bool {
    error.code() == Some("ResourceNotFoundException")
        && error.message().is_some_and(|it| it.contains("AWSCURRENT"))
}

/// Returns what a code with this HTTP status means (DynamoDB developer guide, "Error handling"; SQS
/// API reference, "Common errors"). Lasting refusals have a 4xx.
pub(crate) fn of_code(code: String, status: u16) -> BackendFailure {
    // Some codes begin with their service: `AWS.SimpleQueueService.`, `KMS.`.
    let word = code.rsplit('.').next().unwrap_or_default();
    let is_throttling = status == 429
        || word.contains("Throttl")
        || matches!(
            word,
            "ProvisionedThroughputExceededException"
                | "RequestLimitExceeded"
                | "LimitExceededException"
                | "TooManyRequestsException"
                | "OverLimit"
                | "TransactionInProgressException"
                | "TransactionConflictException"
                | "TransactionCanceledException"
        );
    let is_in_trouble = status >= 500
        || matches!(
            word,
            "InternalError"
                | "InternalFailure"
                | "InternalServerError"
                | "InternalServiceError"
                | "RequestTimeout"
                | "ServiceUnavailable"
        );
    if is_throttling {
        BackendFailure::Throttled(code)
    } else if is_in_trouble {
        BackendFailure::Unreachable(code)
    } else {
        BackendFailure::Refused(code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_from_what_somebody_must_set_right() {
        let throttled: fn(String) -> _ = BackendFailure::Throttled;
        let unreachable: fn(String) -> _ = BackendFailure::Unreachable;
        let refused: fn(String) -> _ = BackendFailure::Refused;
        for (code, status, expected) in [
            ("ThrottlingException", 400, throttled),
            ("ProvisionedThroughputExceededException", 400, throttled),
            ("RequestLimitExceeded", 400, throttled),
            ("TransactionCanceledException", 400, throttled),
            ("RequestThrottled", 403, throttled),
            ("KMS.ThrottlingException", 400, throttled),
            ("AWS.SimpleQueueService.OverLimit", 403, throttled),
            ("no error code", 429, throttled),
            ("no error code", 500, unreachable),
            ("InternalServerError", 500, unreachable),
            ("ServiceUnavailable", 503, unreachable),
            ("InternalError", 200, unreachable),
            ("AccessDeniedException", 400, refused),
            ("AccessDenied", 403, refused),
            ("AWS.SimpleQueueService.NonExistentQueue", 400, refused),
            ("QueueDoesNotExist", 400, refused),
            ("ResourceNotFoundException", 400, refused),
            ("KMSAccessDeniedException", 400, refused),
            ("KmsDisabled", 400, refused),
            ("UnrecognizedClientException", 400, refused),
            ("ExpiredTokenException", 400, refused),
            ("InvalidSignatureException", 400, refused),
            ("ValidationException", 400, refused),
            ("no error code", 403, refused),
        ] {
            assert_eq!(of_code(code.to_owned(), status), expected(code.to_owned()));
        }
    }
}
