//! What has happened so far: calls, invocations, log lines, metrics.

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
}

type SinceQuery = Result<Query<Since>, QueryRejection>;

pub(super) async fn calls(
    State(stack): State<Stack>,
    query: SinceQuery,
) -> Result<Json<Vec<Value>>, Problem> {
    Ok(Json(list(stack.calls.since(number(query)?))))
}

pub(super) async fn invocations(
    State(stack): State<Stack>,
    query: SinceQuery,
) -> Result<Json<Vec<Value>>, Problem> {
    Ok(Json(list(stack.lambda.invocations_since(number(query)?))))
}

pub(super) async fn logs(
    State(stack): State<Stack>,
    query: SinceQuery,
) -> Result<Json<Vec<Value>>, Problem> {
    Ok(Json(list(stack.output.lines_since(number(query)?))))
}

pub(super) async fn metrics(State(stack): State<Stack>) -> Json<Vec<MetricSum>> {
    Json(stack.output.metrics())
}

fn number(query: SinceQuery) -> Result<u64, Problem> {
    match query {
        Ok(Query(query)) => Ok(query.since),
        Err(error) => Err(Problem::bad_request(format!("since: {error}"))),
    }
}

fn list<T: Serialize>(entries: Vec<(u64, T)>) -> Vec<Value> {
    entries
        .iter()
        .map(|(number, entry)| numbered(*number, entry))
        .collect()
}
