use axum::Json;
use axum::extract::State;
use local_simulators::problem::Problem;
use serde_json::{Value, json};

use super::internal;
use crate::stack::Stack;

pub(super) async fn everything(State(stack): State<Stack>) -> Result<Json<Value>, Problem> {
    stack.reset().await.map_err(internal)?;
    Ok(Json(json!({"reset": true})))
}
