//! SQS's operations, with their requests and answers.

pub(super) mod batch;
pub(super) mod messages;
pub(super) mod move_tasks;
pub(super) mod queues;
pub(super) mod receive;

use serde::Serialize;

use super::error::SqsError;

/// An answer without content.
#[derive(Debug, Serialize)]
pub(super) struct Empty {}

/// Returns the name of the queue that a URL names, its last part. As at AWS, the client sends to
/// its endpoint, so the rest of the URL does not matter.
pub(super) fn queue_name(url: &str) -> Result<&str, SqsError> {
    url.rsplit('/')
        .next()
        .filter(|name| !name.is_empty())
        .ok_or(SqsError::MissingParameter("QueueUrl"))
}
