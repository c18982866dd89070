//! What is said of a failed call: its code.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};

/// The service's error code, or a word for a call that got no answer. The SDK's own texts may
/// quote the request, so they go nowhere.
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
