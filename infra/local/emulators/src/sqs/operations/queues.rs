//! Creates, finds and describes queues.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::attributes::Attributes;
use super::super::change::Settings;
use super::super::engine::Sqs;
use super::super::error::SqsError;
use super::super::queue::Queue;
use super::super::state::State;
use super::queue_name;

/// The request of `CreateQueue`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct CreateQueueRequest {
    #[serde(default)]
    queue_name: String,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
}

/// The answer of `CreateQueue` and `GetQueueUrl`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct QueueUrl {
    queue_url: String,
}

/// The request of `GetQueueUrl`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct GetQueueUrlRequest {
    #[serde(default)]
    queue_name: String,
}

/// The request of `GetQueueAttributes`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct GetQueueAttributesRequest {
    #[serde(default)]
    queue_url: String,
    #[serde(default)]
    attribute_names: Vec<String>,
}

/// The answer of `GetQueueAttributes`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct QueueAttributes {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    attributes: BTreeMap<String, String>,
}

impl Sqs {
    pub(in super::super) fn create_queue(
        &self,
        request: CreateQueueRequest,
    ) -> Result<QueueUrl, SqsError> {
        let name = request.queue_name;
        self.transact(|state, now| {
            let attributes = Attributes::parse(request.attributes.clone())?;
            check_name(&name, attributes.fifo)?;
            if let Some(existing) = state.queues.get(&name) {
                return check_same(existing, &request.attributes);
            }
            check_dead_letter_queue(state, &attributes)?;
            let settings = Settings {
                attributes: request.attributes,
                created_at: now,
                modified_at: now,
            };
            state
                .queues
                .insert(name.clone(), Queue::new(&name, settings)?);
            Ok(())
        })?;
        Ok(QueueUrl {
            queue_url: self.queue_url(&name),
        })
    }

    pub(in super::super) fn get_queue_url(
        &self,
        request: GetQueueUrlRequest,
    ) -> Result<QueueUrl, SqsError> {
        if request.queue_name.is_empty() {
            return Err(SqsError::MissingParameter("QueueName"));
        }
        self.transact(|state, _| state.queue(&request.queue_name).map(|_| ()))?;
        Ok(QueueUrl {
            queue_url: self.queue_url(&request.queue_name),
        })
    }

    pub(in super::super) fn get_queue_attributes(
        &self,
        request: GetQueueAttributesRequest,
    ) -> Result<QueueAttributes, SqsError> {
        let name = queue_name(&request.queue_url)?;
        let mut attributes = self.transact(|state, now| {
            let queue = state.queue_mut(name)?;
            let stats = queue.stats(now);
            let mut attributes = queue.attributes().effective();
            let settings = queue.settings();
            let computed = [
                ("ApproximateNumberOfMessages", stats.visible.to_string()),
                (
                    "ApproximateNumberOfMessagesNotVisible",
                    stats.in_flight.to_string(),
                ),
                (
                    "ApproximateNumberOfMessagesDelayed",
                    stats.delayed.to_string(),
                ),
                (
                    "CreatedTimestamp",
                    (settings.created_at / 1_000).to_string(),
                ),
                (
                    "LastModifiedTimestamp",
                    (settings.modified_at / 1_000).to_string(),
                ),
                ("QueueArn", self.queue_arn(name)),
            ];
            attributes.extend(computed.map(|(name, value)| (name.to_owned(), value)));
            Ok(attributes)
        })?;
        let wanted = request.attribute_names;
        if !wanted.iter().any(|name| name == "All") {
            attributes.retain(|name, _| wanted.contains(name));
        }
        Ok(QueueAttributes { attributes })
    }
}

// 1 to 80 letters, digits, hyphens and underscores. A FIFO queue's name ends in .fifo (SQS API
// reference, CreateQueue).
fn check_name(name: &str, fifo: bool) -> Result<(), SqsError> {
    if name.is_empty() {
        return Err(SqsError::MissingParameter("QueueName"));
    }
    let stem = name.strip_suffix(".fifo");
    let is_allowed = |stem: &str| {
        !stem.is_empty()
            && stem
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    if name.len() > 80 || stem.is_some() != fifo || !is_allowed(stem.unwrap_or(name)) {
        let suffix = if fifo {
            ", must end with .fifo suffix"
        } else {
            ""
        };
        return Err(SqsError::InvalidParameterValue(format!(
            "The name of a queue can only include alphanumeric characters, hyphens, or underscores{suffix} and be 1 to 80 in length."
        )));
    }
    Ok(())
}

fn check_same(existing: &Queue, attributes: &BTreeMap<String, String>) -> Result<(), SqsError> {
    let effective = existing.attributes().effective();
    match attributes
        .iter()
        .find(|(name, value)| effective.get(*name) != Some(*value))
    {
        Some((name, _)) => Err(SqsError::QueueNameExists(name.clone())),
        None => Ok(()),
    }
}

// A dead-letter queue must already exist and be of the same kind (SQS developer guide, "Using
// dead-letter queues in Amazon SQS").
fn check_dead_letter_queue(state: &State, attributes: &Attributes) -> Result<(), SqsError> {
    let Some(redrive) = &attributes.redrive else {
        return Ok(());
    };
    let refuse =
        |reason: &str| SqsError::parameter("RedrivePolicy", &redrive.dead_letter_queue, reason);
    match state.queues.get(&redrive.dead_letter_queue) {
        None => Err(refuse("Dead letter target does not exist.")),
        Some(target) if target.attributes().fifo != attributes.fifo => Err(refuse(
            "Dead-letter queue must be same type of queue as the source.",
        )),
        Some(_) => Ok(()),
    }
}
