//! Read access to the queues' current messages and to those delivered before.

use axum::Json;
use axum::extract::State;
use local_emulators::sqs::{Message, SqsError};
use local_simulators::problem::Problem;
use serde_json::{Map, Value, json};

use super::internal;
use crate::stack::{QueuePair, Stack};

pub(super) async fn show(State(stack): State<Stack>) -> Result<Json<Map<String, Value>>, Problem> {
    let queues = stack.queues.iter().map(|pair| {
        let queue = queue(&stack, pair).map_err(internal)?;
        Ok((pair.name.clone(), queue))
    });
    queues.collect::<Result<_, _>>().map(Json)
}

fn queue(stack: &Stack, pair: &QueuePair) -> Result<Value, SqsError> {
    let dead = match &pair.dead_letters {
        Some(queue) => stack.sqs.messages(queue)?,
        None => Vec::new(),
    };
    Ok(json!({
        "messages": shown(&stack.sqs.messages(&pair.queue)?),
        "dead_letters": shown(&dead),
        "delivered": shown(&stack.delivered.of(&pair.queue)),
    }))
}

fn shown(messages: &[Message]) -> Vec<Value> {
    let messages = messages.iter().map(|message| {
        json!({
            "message_id": message.message_id,
            "body": message.body,
            "group_id": message.message_group_id,
            "deduplication_id": message.message_deduplication_id,
            "attributes": message.attributes,
            "trace_header": message.trace_header,
        })
    });
    messages.collect()
}
