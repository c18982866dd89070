//! Sending, deleting, and changing the visibility of messages.

use serde::{Deserialize, Serialize};

use super::super::content::{MAXIMUM_MESSAGE_SIZE, Outgoing};
use super::super::digest;
use super::super::engine::Sqs;
use super::super::error::SqsError;
use super::super::message::sequence_text;
use super::super::state::State;
use super::batch::{BatchRequest, BatchResponse};
use super::{Empty, queue_name};

/// The request of `SendMessage`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct SendMessageRequest {
    #[serde(default)]
    queue_url: String,
    #[serde(flatten)]
    message: Outgoing,
}

/// The answer of `SendMessage`, and of a successful entry of `SendMessageBatch`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct Sent {
    message_id: String,
    #[serde(rename = "MD5OfMessageBody")]
    md5_of_message_body: String,
    #[serde(
        rename = "MD5OfMessageAttributes",
        skip_serializing_if = "Option::is_none"
    )]
    md5_of_message_attributes: Option<String>,
    #[serde(
        rename = "MD5OfMessageSystemAttributes",
        skip_serializing_if = "Option::is_none"
    )]
    md5_of_message_system_attributes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence_number: Option<String>,
}

/// The request of `DeleteMessage`, and an entry of `DeleteMessageBatch`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct Deletion {
    #[serde(default)]
    queue_url: String,
    #[serde(default)]
    receipt_handle: String,
}

/// The request of `ChangeMessageVisibility`, and an entry of `ChangeMessageVisibilityBatch`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct VisibilityChange {
    #[serde(default)]
    queue_url: String,
    #[serde(default)]
    receipt_handle: String,
    visibility_timeout: Option<i64>,
}

impl Sqs {
    pub(in super::super) fn send_message(
        &self,
        request: SendMessageRequest,
    ) -> Result<Sent, SqsError> {
        let name = queue_name(&request.queue_url)?;
        self.transact(|state, now| send(state, name, &request.message, now))
    }

    pub(in super::super) fn send_message_batch(
        &self,
        request: BatchRequest<Outgoing>,
    ) -> Result<BatchResponse<Sent>, SqsError> {
        request.check()?;
        let size = request.contents().map(Outgoing::size).sum();
        if size > MAXIMUM_MESSAGE_SIZE {
            return Err(SqsError::BatchRequestTooLong(size));
        }
        let url = request.queue_url.clone();
        let name = queue_name(&url)?;
        self.transact(|state, now| {
            state.queue(name)?;
            Ok(request.for_each(|message| send(state, name, &message, now)))
        })
    }

    pub(in super::super) fn delete_message(&self, request: Deletion) -> Result<Empty, SqsError> {
        self.delete(queue_name(&request.queue_url)?, &request.receipt_handle)?;
        Ok(Empty {})
    }

    pub(in super::super) fn delete_message_batch(
        &self,
        request: BatchRequest<Deletion>,
    ) -> Result<BatchResponse<Empty>, SqsError> {
        request.check()?;
        let url = request.queue_url.clone();
        let name = queue_name(&url)?;
        self.transact(|state, now| {
            let queue = state.queue_mut(name)?;
            Ok(request.for_each(|deletion| {
                queue.delete(&deletion.receipt_handle, now)?;
                Ok(Empty {})
            }))
        })
    }

    pub(in super::super) fn change_message_visibility(
        &self,
        request: VisibilityChange,
    ) -> Result<Empty, SqsError> {
        let name = queue_name(&request.queue_url)?;
        self.transact(|state, now| {
            let seconds = request.seconds()?;
            state
                .queue_mut(name)?
                .change_visibility(&request.receipt_handle, seconds, now)?;
            Ok(Empty {})
        })
    }

    pub(in super::super) fn change_message_visibility_batch(
        &self,
        request: BatchRequest<VisibilityChange>,
    ) -> Result<BatchResponse<Empty>, SqsError> {
        request.check()?;
        let url = request.queue_url.clone();
        let name = queue_name(&url)?;
        self.transact(|state, now| {
            let queue = state.queue_mut(name)?;
            Ok(request.for_each(|change| {
                queue.change_visibility(&change.receipt_handle, change.seconds()?, now)?;
                Ok(Empty {})
            }))
        })
    }
}

impl VisibilityChange {
    fn seconds(&self) -> Result<i64, SqsError> {
        self.visibility_timeout
            .ok_or(SqsError::MissingParameter("VisibilityTimeout"))
    }
}

fn send(state: &mut State, name: &str, message: &Outgoing, now: i64) -> Result<Sent, SqsError> {
    let sequence_number = state.next_sequence_number();
    let message_id = uuid::Uuid::new_v4().to_string();
    let accepted = state
        .queue_mut(name)?
        .send(message, message_id, sequence_number, now)?;
    Ok(Sent {
        message_id: accepted.message_id,
        md5_of_message_body: digest::md5_of_body(&message.message_body),
        md5_of_message_attributes: digest::md5_of_attributes(&message.message_attributes),
        md5_of_message_system_attributes: digest::md5_of_attributes(
            &message.message_system_attributes,
        ),
        sequence_number: accepted.sequence_number.map(sequence_text),
    })
}
