//! The records so far: calls, invocations, log lines, metrics.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use local_simulators::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::lambda::MetricSum;
use crate::proxy::numbered;
use crate::stack::Stack;

#[derive(Debug, Deserialize)]
pub(super) struct Since {
    #[serde(default)]
    since: u64,
    /// How many of the latest records to return.
    last: Option<usize>,
}

type SinceQuery = Result<Query<Since>, QueryRejection>;

pub(super) async fn calls(
    State(stack): State<Stack>,
    query: SinceQuery,
) -> Result<Json<Vec<Value>>, Problem> {
    let Query(Since { since, last }) = query?;
    Ok(Json(list(stack.calls.since(since), last)))
}

pub(super) async fn invocations(
    State(stack): State<Stack>,
    query: SinceQuery,
) -> Result<Json<Vec<Value>>, Problem> {
    let Query(Since { since, last }) = query?;
    Ok(Json(list(stack.lambda.invocations_since(since), last)))
}

pub(super) async fn logs(
    State(stack): State<Stack>,
    query: SinceQuery,
) -> Result<Json<Vec<Value>>, Problem> {
    let Query(Since { since, last }) = query?;
    Ok(Json(list(stack.output.lines_since(since), last)))
}

pub(super) async fn metrics(State(stack): State<Stack>) -> Json<Vec<MetricSum>> {
    Json(stack.output.metrics())
}

fn list<T: Serialize>(entries: Vec<(u64, T)>, last: Option<usize>) -> Vec<Value> {
    let left_out = last.map_or(0, |last| entries.len().saturating_sub(last));
    entries[left_out..]
        .iter()
        .map(|(number, entry)| numbered(*number, entry))
        .collect()
}
