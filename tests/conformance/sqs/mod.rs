//! SQS, as the product uses it.

mod batches;
mod dead_letters;
mod fifo;
mod limits;
mod order;
mod queues;
mod standard;

use std::time::Duration;

use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sqs::operation::receive_message::builders::ReceiveMessageFluentBuilder;
use aws_sdk_sqs::operation::send_message::builders::SendMessageFluentBuilder;
use aws_sdk_sqs::types::{Message, MessageSystemAttributeName, QueueAttributeName};

use crate::world::{SqsWorld, unique_name};

type Attributes<'a> = &'a [(QueueAttributeName, &'a str)];

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A queue of its own for one check.
struct Queue {
    client: aws_sdk_sqs::Client,
    url: String,
}

impl SqsWorld {
    async fn standard(&self, attributes: Attributes<'_>) -> Queue {
        self.queue(unique_name(), attributes).await
    }

    async fn fifo(&self, attributes: Attributes<'_>) -> Queue {
        let mut attributes = attributes.to_vec();
        attributes.push((QueueAttributeName::FifoQueue, "true"));
        self.queue(format!("{}.fifo", unique_name()), &attributes)
            .await
    }

    async fn queue(&self, name: String, attributes: Attributes<'_>) -> Queue {
        let mut request = self.client.create_queue().queue_name(name);
        for (attribute, value) in attributes {
            request = request.attributes(attribute.clone(), *value);
        }
        let created = request.send().await.unwrap();
        Queue {
            client: self.client.clone(),
            url: created.queue_url.unwrap(),
        }
    }
}

impl Queue {
    fn sending(&self, body: &str) -> SendMessageFluentBuilder {
        self.client
            .send_message()
            .queue_url(&self.url)
            .message_body(body)
    }

    async fn send(&self, body: &str) {
        self.sending(body).send().await.unwrap();
    }

    /// A message of a group; its body is its de-duplication id.
    fn sending_in(&self, group: &str, body: &str) -> SendMessageFluentBuilder {
        self.sending(body)
            .message_group_id(group)
            .message_deduplication_id(body)
    }

    async fn send_in(&self, group: &str, body: &str) {
        self.sending_in(group, body).send().await.unwrap();
    }

    fn receiving(&self, maximum: i32) -> ReceiveMessageFluentBuilder {
        self.client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(maximum)
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All")
    }

    /// Messages that are expected to be there, now or in a moment.
    async fn receive(&self, maximum: i32) -> Vec<Message> {
        let received = self.receiving(maximum).wait_time_seconds(3).send().await;
        received.unwrap().messages.unwrap_or_default()
    }

    /// The one message that is expected to be there.
    async fn receive_one(&self) -> Message {
        let mut received = self.receive(1).await;
        assert_eq!(received.len(), 1, "a message is expected");
        received.remove(0)
    }

    /// What is there at this moment.
    async fn receive_now(&self) -> Vec<Message> {
        let received = self.receiving(10).wait_time_seconds(0).send().await;
        received.unwrap().messages.unwrap_or_default()
    }

    async fn delete(&self, message: &Message) {
        self.client
            .delete_message()
            .queue_url(&self.url)
            .receipt_handle(handle(message))
            .send()
            .await
            .unwrap();
    }

    async fn change_visibility(&self, message: &Message, seconds: i32) -> Result<(), String> {
        let changed = self
            .client
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(handle(message))
            .visibility_timeout(seconds)
            .send()
            .await;
        changed.map(|_| ()).map_err(|error| code(&error))
    }

    async fn attribute(&self, name: QueueAttributeName) -> String {
        let answer = self
            .client
            .get_queue_attributes()
            .queue_url(&self.url)
            .attribute_names(name.clone())
            .send()
            .await
            .unwrap();
        answer.attributes.unwrap_or_default()[&name].clone()
    }

    async fn arn(&self) -> String {
        self.attribute(QueueAttributeName::QueueArn).await
    }
}

/// The code of an error, as the client reads it.
fn code<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> String {
    error.code().unwrap_or("none").to_owned()
}

/// The code of the error that is expected.
fn refusal<T, E: ProvideErrorMetadata, R>(outcome: Result<T, SdkError<E, R>>) -> String {
    outcome.map_or_else(|error| code(&error), |_| "accepted".to_owned())
}

fn handle(message: &Message) -> &str {
    message.receipt_handle().unwrap()
}

fn bodies(messages: &[Message]) -> Vec<&str> {
    messages.iter().filter_map(Message::body).collect()
}

fn system_attribute(message: &Message, name: MessageSystemAttributeName) -> Option<&str> {
    Some(message.attributes()?.get(&name)?.as_str())
}

fn receive_count(message: &Message) -> Option<&str> {
    system_attribute(message, MessageSystemAttributeName::ApproximateReceiveCount)
}
