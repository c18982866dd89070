//! Message move tasks: dead letters go back to work.
//!
//! A task here is finished by the time it is answered, so there is never one to cancel.
//! `MaxNumberOfMessagesPerSecond` is checked but does not slow the task down. Tasks are not kept
//! across restarts.

use serde::{Deserialize, Serialize};

use super::super::engine::Sqs;
use super::super::error::SqsError;
use super::super::state::{MoveTask, State, name_of_arn};

/// The request of `StartMessageMoveTask`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct StartMessageMoveTaskRequest {
    #[serde(default)]
    source_arn: String,
    destination_arn: Option<String>,
    max_number_of_messages_per_second: Option<i64>,
}

/// The answer of `StartMessageMoveTask`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct TaskStarted {
    task_handle: String,
}

/// The request of `ListMessageMoveTasks`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct ListMessageMoveTasksRequest {
    #[serde(default)]
    source_arn: String,
    max_results: Option<usize>,
}

/// The answer of `ListMessageMoveTasks`, newest first.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(in super::super) struct MoveTasks {
    results: Vec<MoveTask>,
}

impl Sqs {
    pub(in super::super) fn start_message_move_task(
        &self,
        request: StartMessageMoveTaskRequest,
    ) -> Result<TaskStarted, SqsError> {
        if let Some(rate) = request.max_number_of_messages_per_second
            && !(1..=500).contains(&rate)
        {
            return Err(SqsError::parameter(
                "MaxNumberOfMessagesPerSecond",
                rate,
                "Must be between 1 and 500, if provided.",
            ));
        }
        self.transact(|state, now| {
            let source = existing(state, "SourceArn", &request.source_arn)?;
            if !is_dead_letter_queue(state, &source) {
                return Err(SqsError::InvalidParameterValue(
                    "Source queue must be configured as a Dead Letter Queue.".to_owned(),
                ));
            }
            let destination = request
                .destination_arn
                .as_deref()
                .map(|arn| existing(state, "DestinationArn", arn))
                .transpose()?;
            let before = state.queue_mut(&source)?.stats(now).visible;
            let moved = state.move_messages(&source, destination.as_deref(), now);
            let task_handle = uuid::Uuid::new_v4().to_string();
            state.move_tasks.push(MoveTask {
                status: "COMPLETED",
                source_arn: request.source_arn,
                destination_arn: request.destination_arn,
                max_number_of_messages_per_second: request.max_number_of_messages_per_second,
                approximate_number_of_messages_moved: moved,
                approximate_number_of_messages_to_move: before,
                started_timestamp: now,
            });
            Ok(TaskStarted { task_handle })
        })
    }

    pub(in super::super) fn list_message_move_tasks(
        &self,
        request: ListMessageMoveTasksRequest,
    ) -> Result<MoveTasks, SqsError> {
        self.transact(|state, _| {
            existing(state, "SourceArn", &request.source_arn)?;
            let of_source = state
                .move_tasks
                .iter()
                .rev()
                .filter(|task| task.source_arn == request.source_arn);
            Ok(MoveTasks {
                results: of_source
                    .take(request.max_results.unwrap_or(1))
                    .cloned()
                    .collect(),
            })
        })
    }
}

/// Returns whether another queue sends its dead letters to `name`.
fn is_dead_letter_queue(state: &State, name: &str) -> bool {
    let mut policies = state
        .queues
        .values()
        .map(|queue| &queue.attributes().redrive);
    policies.any(|redrive| {
        redrive
            .as_ref()
            .is_some_and(|to| to.dead_letter_queue == name)
    })
}

fn existing(state: &State, parameter: &'static str, arn: &str) -> Result<String, SqsError> {
    if arn.is_empty() {
        return Err(SqsError::MissingParameter(parameter));
    }
    let name = name_of_arn(arn);
    if state.queues.contains_key(&name) {
        Ok(name)
    } else {
        Err(SqsError::ResourceNotFound(format!(
            "The resource that you specified for the {parameter} parameter doesn't exist."
        )))
    }
}
