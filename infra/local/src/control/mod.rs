//! The control API, with which the page, the tests and other tools observe and move the stack.
//! Errors are `application/problem+json`. The simulators add their own calls.

mod clock;
mod events;
mod faults;
mod idle;
mod queues;
mod records;
mod reset;
mod secrets;
mod seed;
mod settings;
mod state;
mod table;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, any, delete, get, post};
use local_simulators::problem::Problem;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::deployment::StackOutput;
use crate::stack::Stack;

const OPENAPI: &str = include_str!("../../openapi.json");
// Above the limit of Casement's own routes, so that their refusal can be seen.
const BODY_LIMIT: usize = 16 * 1024 * 1024;

/// Returns the control API, with absolute paths.
pub(crate) fn router(stack: &Stack) -> Router {
    let mut router = Router::new();
    for (path, methods) in routes() {
        router = router.route(path, methods);
    }
    router
        .route("/api/{*unknown}", any(unknown))
        .with_state(stack.clone())
        .merge(stack.whatsapp.control_router())
        .merge(stack.jira.control_router())
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

fn routes() -> Vec<(&'static str, MethodRouter<Stack>)> {
    vec![
        ("/api/health", get(health)),
        ("/api/clock", get(clock::show).post(clock::change)),
        (
            "/api/faults",
            get(faults::list).post(faults::add).delete(faults::clear),
        ),
        ("/api/faults/{id}", delete(faults::remove)),
        ("/api/calls", get(records::calls)),
        ("/api/invocations", get(records::invocations)),
        ("/api/logs", get(records::logs)),
        ("/api/metrics", get(records::metrics)),
        ("/api/idle", post(idle::wait)),
        ("/api/state", get(state::show)),
        ("/api/table", get(table::show)),
        ("/api/queues", get(queues::show)),
        ("/api/redrive", post(state::redrive)),
        ("/api/seed", post(seed::past)),
        ("/api/settings", get(settings::show).put(settings::replace)),
        ("/api/secrets", get(secrets::show).patch(secrets::change)),
        ("/api/outputs", get(outputs)),
        ("/api/events", get(events::stream)),
        ("/api/reset", post(reset::everything)),
        ("/api/openapi.json", get(openapi)),
    ]
}

async fn health(State(stack): State<Stack>) -> impl IntoResponse {
    let functions: serde_json::Map<_, _> = stack
        .lambda
        .living()
        .into_iter()
        .map(|(name, warm)| (name, json!({"warm": warm})))
        .collect();
    axum::Json(json!({"ready": true, "functions": functions}))
}

/// Answers in the form of `sam list stack-outputs --output json`.
async fn outputs(State(stack): State<Stack>) -> axum::Json<Vec<StackOutput>> {
    axum::Json(stack.outputs.to_vec())
}

async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI)
}

async fn unknown() -> Problem {
    Problem::not_found("no such call; GET /api/openapi.json lists them all")
}

/// Parses a body as JSON. An empty body counts as an empty object, for calls where everything is
/// optional.
fn parse<T: DeserializeOwned>(body: &Bytes) -> Result<T, Problem> {
    let text: &[u8] = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(text).map_err(|error| Problem::bad_request(format!("body: {error}")))
}

fn internal(error: impl std::fmt::Display) -> Problem {
    Problem::new(
        axum::http::StatusCode::INTERNAL_SERVER_ERROR,
        error.to_string(),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn the_description_names_every_route() {
        let document: Value = serde_json::from_str(OPENAPI).unwrap();
        for (path, methods) in routes() {
            let described = document["paths"][path]
                .as_object()
                .unwrap_or_else(|| panic!("{path} is not described"));
            // The only way to see a method router's methods.
            let shown = format!("{methods:?}");
            for method in ["get", "post", "put", "patch", "delete"] {
                let mounted = !shown.contains(&format!("{method}: None"));
                assert_eq!(described.contains_key(method), mounted, "{method} {path}");
            }
        }
    }
}
