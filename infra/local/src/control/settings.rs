use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use local_simulators::problem::Problem;
use serde_json::{Value, json};

use super::internal;
use crate::settings;
use crate::stack::Stack;

pub(super) async fn show(State(stack): State<Stack>) -> Result<impl IntoResponse, Problem> {
    let (document, _) = stored(&stack)?;
    Ok(([(header::CONTENT_TYPE, "application/toml")], document))
}

pub(super) async fn replace(
    State(stack): State<Stack>,
    document: String,
) -> Result<Json<Value>, Problem> {
    settings::check(&document).map_err(Problem::bad_request)?;
    let (_, version) = stored(&stack)?;
    stack
        .store_settings(&document, version + 1)
        .map_err(internal)?;
    stack
        .events
        .publish("changed", || json!({"what": "settings"}));
    Ok(Json(json!({"version": version + 1})))
}

/// The stored document and its version.
fn stored(stack: &Stack) -> Result<(String, u64), Problem> {
    let items = stack.table.all_items().map_err(internal)?;
    let item = items.iter().find(|item| item["pk"]["S"] == settings::KEY);
    let document = item.and_then(|item| item["document"]["S"].as_str());
    let version = item.and_then(|item| item["version"]["N"].as_str()?.parse().ok());
    Ok((
        document.unwrap_or_default().to_owned(),
        version.unwrap_or(0),
    ))
}
