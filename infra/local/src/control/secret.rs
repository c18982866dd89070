//! The secret that the functions read. Its values are for development and not confidential.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use local_simulators::problem::Problem;
use serde_json::{Map, Value};

use super::{internal, parse};
use crate::deployment::SECRET;
use crate::stack::Stack;

pub(super) async fn show(State(stack): State<Stack>) -> Result<Json<Map<String, Value>>, Problem> {
    Ok(Json(current(&stack)?))
}

pub(super) async fn change(
    State(stack): State<Stack>,
    body: Bytes,
) -> Result<Json<Map<String, Value>>, Problem> {
    let changes: Map<String, Value> = parse(&body)?;
    let mut secret = current(&stack)?;
    secret.extend(changes);
    secret.retain(|_, value| !value.is_null());
    stack
        .secrets
        .set(SECRET, &Value::Object(secret.clone()).to_string());
    Ok(Json(secret))
}

fn current(stack: &Stack) -> Result<Map<String, Value>, Problem> {
    let value = stack.secrets.value(SECRET).unwrap_or_default();
    serde_json::from_str(&value).map_err(internal)
}
