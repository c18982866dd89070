use std::time::{Duration, Instant};

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use local_simulators::problem::Problem;
use serde::Deserialize;
use serde_json::json;

use super::parse;
use crate::stack::Stack;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wait {
    #[serde(default = "half_a_minute")]
    timeout_s: f64,
    #[serde(default)]
    ignore_backoff: bool,
}

fn half_a_minute() -> f64 {
    30.0
}

pub(super) async fn wait(State(stack): State<Stack>, body: Bytes) -> Result<Response, Problem> {
    let wait: Wait = parse(&body)?;
    let patience = Duration::try_from_secs_f64(wait.timeout_s)
        .map_err(|error| Problem::bad_request(format!("timeout_s: {error}")))?;
    let started = Instant::now();
    let rest = stack.rest(patience, wait.ignore_backoff).await;
    let waited_ms = started.elapsed().as_millis();
    Ok(match rest {
        Ok(()) => Json(json!({"idle": true, "waited_ms": waited_ms})).into_response(),
        Err(busy) => {
            let problem = json!({
                "type": "about:blank",
                "title": "Gateway Timeout",
                "status": 504,
                "detail": format!("still busy after {waited_ms} ms"),
                "idle": false,
                "waited_ms": waited_ms,
                "busy": busy,
            });
            (
                StatusCode::GATEWAY_TIMEOUT,
                [("content-type", "application/problem+json")],
                problem.to_string(),
            )
                .into_response()
        }
    })
}
