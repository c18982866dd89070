//! SQS's operations: what each takes, what it does, what it answers.

pub(super) mod batch;
pub(super) mod messages;
pub(super) mod move_tasks;
pub(super) mod queues;
pub(super) mod receive;

use serde::{Deserialize, Serialize};

use super::error::SqsError;

/// A request that carries nothing but the queue.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct QueueRequest {
    #[serde(default)]
    pub(super) queue_url: String,
}

/// An answer that carries nothing.
#[derive(Debug, Serialize)]
pub(super) struct Empty {}

/// The name of the queue that a URL names: its last part. As at AWS the client sends to
/// its endpoint, so the rest of the URL does not matter.
pub(super) fn queue_name(url: &str) -> Result<&str, SqsError> {
    url.rsplit('/')
        .next()
        .filter(|name| !name.is_empty())
        .ok_or(SqsError::MissingParameter("QueueUrl"))
}
