use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use local_simulators::problem::Problem;
use serde_json::{Value, json};

use super::parse;
use crate::proxy::{Armed, Fault};
use crate::stack::Stack;

pub(super) async fn list(State(stack): State<Stack>) -> Json<Vec<Armed>> {
    Json(stack.faults.list())
}

pub(super) async fn add(
    State(stack): State<Stack>,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let fault: Fault = parse(&body)?;
    fault.answer().map_err(Problem::bad_request)?;
    let id = stack.faults.add(fault);
    stack.events.publish_change("faults");
    Ok((StatusCode::CREATED, Json(json!({"id": id}))))
}

pub(super) async fn clear(State(stack): State<Stack>) -> StatusCode {
    stack.faults.clear();
    stack.events.publish_change("faults");
    StatusCode::NO_CONTENT
}

pub(super) async fn remove(
    State(stack): State<Stack>,
    Path(id): Path<u64>,
) -> Result<StatusCode, Problem> {
    if !stack.faults.remove(id) {
        return Err(Problem::not_found(format!("there is no fault {id}")));
    }
    stack.events.publish_change("faults");
    Ok(StatusCode::NO_CONTENT)
}
