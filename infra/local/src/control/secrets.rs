//! The two secrets that the functions read. Their values are for development and not confidential.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use local_simulators::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{internal, parse};
use crate::deployment::{CREDENTIALS_SECRET, WEBHOOK_SECRET};
use crate::stack::Stack;

/// Members of each of them.
#[derive(Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Members {
    webhook: Map<String, Value>,
    credentials: Map<String, Value>,
}

pub(super) async fn show(State(stack): State<Stack>) -> Result<Json<Members>, Problem> {
    Ok(Json(current(&stack)?))
}

pub(super) async fn change(
    State(stack): State<Stack>,
    body: Bytes,
) -> Result<Json<Members>, Problem> {
    let changes: Members = parse(&body)?;
    let mut members = current(&stack)?;
    for (name, members, changes) in [
        (WEBHOOK_SECRET, &mut members.webhook, changes.webhook),
        (
            CREDENTIALS_SECRET,
            &mut members.credentials,
            changes.credentials,
        ),
    ] {
        members.extend(changes);
        members.retain(|_, value| !value.is_null());
        let text = Value::Object(members.clone()).to_string();
        stack.secrets.set(name, &text);
    }
    Ok(Json(members))
}

fn current(stack: &Stack) -> Result<Members, Problem> {
    let read = |name| {
        let value = stack.secrets.value(name).unwrap_or_default();
        serde_json::from_str(&value).map_err(internal)
    };
    Ok(Members {
        webhook: read(WEBHOOK_SECRET)?,
        credentials: read(CREDENTIALS_SECRET)?,
    })
}
