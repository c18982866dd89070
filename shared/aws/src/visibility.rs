//! Sets when a failed message comes back.

use std::time::Duration;

use aws_sdk_sqs::Client;
use casement_service::QueueFailure;

use crate::error_code::backend_failure;

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

    /// Makes a received message come back after `wait`, rounded up to whole seconds.
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
            .map_err(|error| QueueFailure(backend_failure(&error)))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use casement_service::BackendFailure;
    use serde_json::json;

    use super::*;
    use crate::testing::{calls, clients, service};

    #[tokio::test]
    async fn the_wait_is_rounded_up_and_capped() {
        for (wait_ms, seconds) in [
            (0, 0),
            (1, 1),
            (7_000, 7),
            (7_001, 8),
            (43_200_000, 43_200),
            (99_000_000, 43_200),
        ] {
            let server = service(vec![(200, json!({}))]).await;
            let visibility = SqsVisibility::new(clients(&server.uri()).sqs(), "url");
            let wait = Duration::from_millis(wait_ms);
            assert_eq!(visibility.set("receipt", wait).await, Ok(()));
            let expected = json!({
                "QueueUrl": "url",
                "ReceiptHandle": "receipt",
                "VisibilityTimeout": seconds,
            });
            let operation = "ChangeMessageVisibility".to_owned();
            assert_eq!(calls(&server).await, [(operation, expected)]);
        }
    }

    #[tokio::test]
    async fn a_refusal_is_an_error() {
        let error = json!({ "__type": "com.amazonaws.sqs#ReceiptHandleIsInvalid" });
        let server = service(vec![(400, error)]).await;
        let visibility = SqsVisibility::new(clients(&server.uri()).sqs(), "url");
        let set = visibility.set("receipt", Duration::ZERO).await;
        assert_eq!(
            set,
            Err(QueueFailure(BackendFailure::Refused(
                "ReceiptHandleIsInvalid".to_owned()
            )))
        );
    }
}
