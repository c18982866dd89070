use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use local_simulators::problem::Problem;
use serde::Deserialize;
use serde_json::{Value, json};

use super::internal;
use crate::settings;
use crate::stack::Stack;

pub(super) async fn show(State(stack): State<Stack>) -> Result<impl IntoResponse, Problem> {
    let (document, _) = stored(&stack)?;
    Ok(([(header::CONTENT_TYPE, "application/toml")], document))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Replacing {
    /// Whether to only check the document.
    #[serde(default)]
    dry_run: bool,
}

pub(super) async fn replace(
    State(stack): State<Stack>,
    query: Result<Query<Replacing>, QueryRejection>,
    document: String,
) -> Result<Json<Value>, Problem> {
    let Query(Replacing { dry_run }) = query?;
    settings::check(&document).map_err(Problem::bad_request)?;
    let (_, version) = stored(&stack)?;
    if dry_run {
        return Ok(Json(json!({"version": version})));
    }
    stack
        .store_settings(&document, version + 1)
        .map_err(internal)?;
    stack.events.publish_change("settings");
    Ok(Json(json!({"version": version + 1})))
}

/// Returns the stored document and its version.
pub(super) fn stored(stack: &Stack) -> Result<(String, u64), Problem> {
    let stored = stack.stored_settings().map_err(internal)?;
    Ok(stored.unwrap_or_default())
}
