//! The Lambda runtime API for one process ("Using the Lambda runtime API for custom runtimes"),
//! which reports when the process asks for work and when it answers.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::{AppendHeaders, IntoResponse};
use axum::routing::{get, post};
use tokio::sync::{Mutex, mpsc};

/// A call of the process.
#[derive(Debug)]
pub(crate) enum Said {
    /// It asks for work.
    Next(Instant),
    /// It answers.
    Answer(Instant, Bytes),
    /// It reports a failure, at an invocation or before.
    Failure(Bytes),
}

/// The near end: sends events and receives the process's calls.
pub(crate) struct RuntimeApi {
    pub(crate) events: mpsc::UnboundedSender<Bytes>,
    pub(crate) said: mpsc::UnboundedReceiver<Said>,
}

struct FarEnd {
    events: Mutex<mpsc::UnboundedReceiver<Bytes>>,
    said: mpsc::UnboundedSender<Said>,
}

impl RuntimeApi {
    /// Makes the API and its routes.
    pub(crate) fn new() -> (Self, Router) {
        let (events, to_do) = mpsc::unbounded_channel();
        let (say, said) = mpsc::unbounded_channel();
        let far_end = FarEnd {
            events: Mutex::new(to_do),
            said: say,
        };
        let runtime = "/2018-06-01/runtime";
        let router = Router::new()
            .route(&format!("{runtime}/invocation/next"), get(next))
            .route(
                &format!("{runtime}/invocation/{{id}}/response"),
                post(answer),
            )
            .route(&format!("{runtime}/invocation/{{id}}/error"), post(failure))
            .route(&format!("{runtime}/init/error"), post(failure))
            .layer(DefaultBodyLimit::disable())
            .with_state(Arc::new(far_end));
        (Self { events, said }, router)
    }
}

impl FarEnd {
    fn say(&self, said: Said) {
        // The receiver is gone when the process is being ended.
        self.said.send(said).ok();
    }
}

async fn next(State(api): State<Arc<FarEnd>>) -> impl IntoResponse {
    api.say(Said::Next(Instant::now()));
    let Some(event) = api.events.lock().await.recv().await else {
        return StatusCode::GONE.into_response();
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let deadline = now + Duration::from_secs(600);
    let headers = AppendHeaders([
        ("content-type", "application/json".to_owned()),
        (
            "lambda-runtime-aws-request-id",
            "00000000-0000-0000-0000-000000000000".to_owned(),
        ),
        (
            "lambda-runtime-deadline-ms",
            deadline.as_millis().to_string(),
        ),
        (
            "lambda-runtime-invoked-function-arn",
            "arn:aws:lambda:eu-central-1:000000000000:function:bench".to_owned(),
        ),
        (
            "lambda-runtime-trace-id",
            "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0".to_owned(),
        ),
    ]);
    (headers, event).into_response()
}

async fn answer(State(api): State<Arc<FarEnd>>, body: Bytes) -> StatusCode {
    api.say(Said::Answer(Instant::now(), body));
    StatusCode::ACCEPTED
}

async fn failure(State(api): State<Arc<FarEnd>>, body: Bytes) -> StatusCode {
    api.say(Said::Failure(body));
    StatusCode::ACCEPTED
}
