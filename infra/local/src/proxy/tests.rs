//! Large bodies in both directions, whole and under faults.

use std::convert::Infallible;
use std::path::PathBuf;

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, Method};
use axum::routing::get;
use futures_util::{StreamExt, stream};
use local_clock::Clock;
use serde_json::json;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use super::*;
use crate::events::Events;
use crate::lambda::{Output, Surroundings};

const PIECE: usize = 1024 * 1024;
/// More than is ever held in memory at once.
const PIECES: usize = 40;
const SIZE: usize = PIECE * PIECES;

/// Returns a body whose bytes exist only while somebody reads them.
fn large() -> Body {
    let piece = Bytes::from(vec![b'x'; PIECE]);
    let pieces = stream::iter(std::iter::repeat_n(Ok::<_, Infallible>(piece), PIECES));
    Body::from_stream(pieces)
}

/// Returns a service that reports how many bytes it received.
fn service(arrived: UnboundedSender<usize>) -> Router {
    let count = async move |body: Body| {
        let mut pieces = body.into_data_stream();
        let mut size = 0;
        while let Some(piece) = pieces.next().await {
            size += piece.unwrap().len();
        }
        arrived.send(size).unwrap();
        "taken"
    };
    Router::new()
        .route("/count", any(count))
        .route("/refuse", any(|| async { StatusCode::FORBIDDEN }))
        .route(
            "/large",
            get(|| async { ([(header::CONTENT_LENGTH, SIZE.to_string())], large()) }),
        )
        .route("/headers", get(forwarded_prefix))
        .layer(DefaultBodyLimit::disable())
}

async fn forwarded_prefix(headers: HeaderMap) -> String {
    let prefix = headers.get(FORWARDED_PREFIX);
    prefix
        .map_or("none", |prefix| prefix.to_str().unwrap())
        .to_owned()
}

struct Bench {
    router: Router,
    proxy: Proxy,
    arrived: UnboundedReceiver<usize>,
}

impl Bench {
    fn new() -> Self {
        let (sender, arrived) = mpsc::unbounded_channel();
        let service = service(sender);
        let (clock, events) = (Clock::default(), Events::default());
        let output = Output::new(clock.clone(), events.clone(), true);
        let surroundings = Surroundings {
            base_url: "http://localhost".to_owned(),
            clock_file: PathBuf::from("/nonexistent"),
            region: "eu-central-1".to_owned(),
        };
        let proxy = Proxy {
            services: Services {
                whatsapp: service.clone(),
                jira: service.clone(),
                sqs: service,
                dynamodb: Router::new(),
                secrets: Router::new(),
            },
            calls: Calls::new(events.clone()),
            faults: Arc::default(),
            permissions: Arc::default(),
            lambda: Lambda::new(Vec::new(), surroundings, clock, events, output),
        };
        Self {
            router: Router::new().nest("/_via", proxy.clone().router()),
            proxy,
            arrived,
        }
    }

    fn fault(&self, kind: &str) {
        self.proxy.faults.clear();
        let fault = json!({"target": "jira", "kind": kind, "status": 503});
        self.proxy
            .faults
            .add(serde_json::from_value(fault).unwrap());
    }

    async fn call(&self, method: Method, path: &str, body: Body) -> Response {
        let request = Request::builder()
            .method(method)
            .uri(format!("/_via/worker/1/{path}"))
            .body(body)
            .unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Sends a large body. Returns the status, `None` if the connection is cut, and how many bytes
    /// of the body were read.
    async fn upload(&self, path: &str) -> (Option<u16>, usize) {
        let (sender, mut read) = mpsc::unbounded_channel();
        let pieces = large().into_data_stream().inspect(move |piece| {
            sender.send(piece.as_ref().unwrap().len()).unwrap();
        });
        let response = self
            .call(Method::POST, path, Body::from_stream(pieces))
            .await;
        let cut = response.extensions().get::<CutConnection>().is_some();
        let mut size = 0;
        while let Some(piece) = read.recv().await {
            size += piece;
        }
        ((!cut).then(|| response.status().as_u16()), size)
    }
}

/// Returns how many bytes arrive, and whether the body ends without an error.
async fn read(response: Response) -> (usize, bool) {
    let mut pieces = response.into_body().into_data_stream();
    let mut size = 0;
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(piece) => size += piece.len(),
            Err(_) => return (size, false),
        }
    }
    (size, true)
}

#[tokio::test]
async fn large_bodies_pass_in_both_directions() {
    let mut bench = Bench::new();
    assert_eq!(bench.upload("atlassian/count").await, (Some(200), SIZE));
    assert_eq!(bench.arrived.recv().await, Some(SIZE));
    let response = bench.call(Method::GET, "graph/large", Body::empty()).await;
    assert_eq!(response.headers()[header::CONTENT_LENGTH], SIZE.to_string());
    assert_eq!(read(response).await, (SIZE, true));
    let recorded = bench.proxy.calls.since(0);
    assert_eq!(recorded.len(), 2);
    assert!(recorded.iter().all(|(_, call)| call.request.is_none()));
}

#[tokio::test]
async fn a_refused_upload_is_read_to_its_end() {
    let bench = Bench::new();
    assert_eq!(bench.upload("atlassian/refuse").await, (Some(403), SIZE));
}

#[tokio::test]
async fn faults_hit_large_uploads_after_their_effect_or_without_it() {
    for (kind, status, effect) in [
        ("status", Some(503), false),
        ("refuse", None, false),
        ("status_after", Some(503), true),
        ("cut_after", None, true),
        ("kill_after", None, true),
        ("truncate", Some(200), true),
    ] {
        let mut bench = Bench::new();
        bench.fault(kind);
        let (seen, _) = bench.upload("atlassian/count").await;
        assert_eq!(seen, status, "{kind}");
        let arrived = bench.arrived.try_recv().ok();
        assert_eq!(arrived, effect.then_some(SIZE), "{kind}");
    }
}

#[tokio::test]
async fn faults_hit_large_downloads() {
    let bench = Bench::new();
    for (kind, expected) in [
        ("status", (503, (0, true))),
        ("status_after", (503, (0, true))),
        ("truncate", (200, (SIZE / 2, false))),
    ] {
        bench.fault(kind);
        let response = bench
            .call(Method::GET, "atlassian/large", Body::empty())
            .await;
        let status = response.status().as_u16();
        if kind == "truncate" {
            assert_eq!(response.headers()[header::CONTENT_LENGTH], SIZE.to_string());
        }
        assert_eq!((status, read(response).await), expected, "{kind}");
    }
    for kind in ["refuse", "cut_after", "kill_after"] {
        bench.fault(kind);
        let response = bench
            .call(Method::GET, "atlassian/large", Body::empty())
            .await;
        assert!(
            response.extensions().get::<CutConnection>().is_some(),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn simulators_learn_under_which_path_they_are_called() {
    let bench = Bench::new();
    for (path, prefix) in [
        ("graph/headers", "/_via/worker/1/graph"),
        ("atlassian/headers?a=/headers", "/_via/worker/1/atlassian"),
        ("sqs/headers", "none"),
    ] {
        let response = bench.call(Method::GET, path, Body::empty()).await;
        let seen = body::buffered(response.into_body()).await.unwrap();
        assert_eq!(seen, prefix, "{path}");
    }
}

#[tokio::test]
async fn a_call_is_recorded_as_the_service_saw_it() {
    let bench = Bench::new();
    let request = Request::builder()
        .method(Method::POST)
        .uri("/_via/worker/1/atlassian/count?expand=a%2Cb")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(r#"{"a":1}"#))
        .unwrap();
    bench.router.clone().oneshot(request).await.unwrap();
    let (_, call) = bench.proxy.calls.since(0).pop().unwrap();
    assert_eq!(call.method, "POST");
    assert_eq!(call.path, "/count?expand=a%2Cb");
    assert_eq!(call.content_type.as_deref(), Some("application/json"));
    assert_eq!(call.request, Some(json!({"a": 1})));
}
