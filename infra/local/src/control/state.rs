//! The state of queues, conversations and timers, and moving dead letters back.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use chrono::{DateTime, SecondsFormat};
use local_emulators::sqs::{DeadLetter, SqsError};
use local_simulators::problem::Problem;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{internal, parse};
use crate::conversations::{conversations, timers};
use crate::stack::{QueuePair, Stack};

pub(super) async fn show(State(stack): State<Stack>) -> Result<Json<Value>, Problem> {
    // Reading a full table takes time, so it must not block the stack.
    let table = Arc::clone(&stack.table);
    let items = tokio::task::spawn_blocking(move || table.items_beginning_with("CONV#")).await;
    let items = items.map_err(internal)?.map_err(internal)?;
    let conversations = conversations(&items, stack.clock.now());
    let mut queues = Map::new();
    let mut dead_letters = Vec::new();
    let mut retries = Vec::new();
    for pair in stack.queues.iter() {
        let letters = letters_of(&stack, pair).map_err(internal)?;
        let queue = queue(&stack, pair, letters.len()).map_err(internal)?;
        queues.insert(pair.name.clone(), queue);
        dead_letters.extend(
            letters
                .iter()
                .map(|letter| dead_letter(&stack, pair, letter)),
        );
        retries.extend(retries_of(&stack, pair).map_err(internal)?);
    }
    Ok(Json(json!({
        "queues": queues,
        "dead_letters": dead_letters,
        "retries": retries,
        "timers": timers(&conversations),
        "conversations": conversations,
        "calls": stack.calls.totals(),
    })))
}

fn queue(stack: &Stack, pair: &QueuePair, dead: usize) -> Result<Value, SqsError> {
    let stats = stack.sqs.stats(&pair.queue)?;
    Ok(json!({
        "visible": stats.visible,
        "in_flight": stats.in_flight,
        "delayed": stats.delayed,
        "dead": dead,
        "next_visible_at": stats.next_change_at.and_then(rfc3339),
    }))
}

fn letters_of(stack: &Stack, pair: &QueuePair) -> Result<Vec<DeadLetter>, SqsError> {
    match &pair.dead_letters {
        Some(queue) => stack.sqs.dead_letters(queue),
        None => Ok(Vec::new()),
    }
}

/// Returns the messages whose last delivery failed and that will be delivered again.
fn retries_of(stack: &Stack, pair: &QueuePair) -> Result<Vec<Value>, SqsError> {
    let in_flight = stack.sqs.in_flight(&pair.queue)?;
    let failed = in_flight.iter().filter_map(|message| {
        let (id, receives) = (&message.message_id, message.receive_count);
        stack.returned.has_failed(id, receives).then(|| {
            json!({
                "queue": pair.name,
                "message_id": id,
                "reason": reason(stack, id),
                "receives": receives,
                "next_at": rfc3339(message.visible_at),
            })
        })
    });
    Ok(failed.collect())
}

/// Returns why a message failed: its function's own words, or else the mapping's reason.
fn reason(stack: &Stack, message_id: &str) -> Option<String> {
    let said = stack.output.cause(message_id);
    said.or_else(|| stack.returned.reason(message_id))
}

fn rfc3339(ms: i64) -> Option<String> {
    let at = DateTime::from_timestamp_millis(ms)?;
    Some(at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

// Bodies of outbound messages hold only ids, but those of inbound ones hold a customer's words. So
// only the type is shown.
fn dead_letter(stack: &Stack, pair: &QueuePair, letter: &DeadLetter) -> Value {
    let body: Value = serde_json::from_str(&letter.body).unwrap_or_default();
    json!({
        "queue": pair.name,
        "message_id": letter.message_id,
        "type": body["type"],
        "reason": reason(stack, &letter.message_id),
        "receives": letter.receive_count,
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Redrive {
    queue: String,
}

pub(super) async fn redrive(
    State(stack): State<Stack>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let Redrive { queue } = parse(&body)?;
    let pair = stack
        .queues
        .iter()
        .find(|pair| [&pair.name, &pair.queue].contains(&&queue));
    let dead_letters = pair.and_then(|pair| pair.dead_letters.as_deref());
    let Some(dead_letters) = dead_letters else {
        let known: Vec<_> = stack.queues.iter().map(|pair| pair.name.as_str()).collect();
        return Err(Problem::not_found(format!(
            "there is no queue {queue:?} with dead letters; there are {}",
            known.join(", ")
        )));
    };
    let moved = stack.sqs.move_back(dead_letters).map_err(internal)?;
    Ok(Json(json!({"moved": moved})))
}
