//! When a failed message comes back.

use std::time::Duration;

use aws_sdk_sqs::Client;
use casement_service::QueueFailure;

use crate::error_code::error_code;

/// The longest that SQS hides a message, counted from its receipt (SQS API reference,
/// `ChangeMessageVisibility`): 12 hours.
pub const LONGEST_VISIBILITY: Duration = Duration::from_secs(43_200);

/// Changes when the messages of one queue come back.
#[derive(Clone, Debug)]
pub struct SqsVisibility {
    client: Client,
    queue_url: String,
}

impl SqsVisibility {
    /// For the queue at this URL.
    pub fn new(client: Client, queue_url: impl Into<String>) -> Self {
        Self {
            client,
            queue_url: queue_url.into(),
        }
    }

    /// Lets a received message come back after `wait` from now, rounded up to whole seconds.
    ///
    /// # Errors
    /// SQS did not confirm. The message comes back when the queue's visibility timeout is over.
    pub async fn set(&self, receipt_handle: &str, wait: Duration) -> Result<(), QueueFailure> {
        let wait = wait.min(LONGEST_VISIBILITY);
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        self.client
            .change_message_visibility()
            .queue_url(&self.queue_url)
            .receipt_handle(receipt_handle)
            .visibility_timeout(i32::try_from(seconds).unwrap_or_default())
            .send()
            .await
            .map_err(|error| QueueFailure(error_code(&error)))?;
        Ok(())
    }
}
