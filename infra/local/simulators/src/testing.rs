//! A stand-in for the product that records its webhooks, and calls to a simulator's routers.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::lock;

/// A webhook as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub headers: HeaderMap,
    pub body: String,
}

impl Received {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// A product that answers with the given statuses, then with 200.
#[derive(Clone, Debug, Default)]
pub(crate) struct Product {
    received: Arc<Mutex<Vec<Received>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Product {
    /// Starts a product on a free port. Returns its webhook URL too.
    pub(crate) async fn start() -> (Self, String) {
        let product = Self::default();
        let router = Router::new()
            .route("/hook", post(receive).get(confirm))
            .with_state(product.clone());
        (product, format!("{}/hook", serve(router).await))
    }

    /// Answers the next webhooks with these statuses.
    pub(crate) fn answer(&self, statuses: &[u16]) {
        lock(&self.answers).extend(statuses);
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        lock(&self.received).clone()
    }

    pub(crate) fn bodies(&self) -> Vec<Value> {
        self.received().iter().map(Received::json).collect()
    }
}

async fn receive(State(product): State<Product>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let body = String::from_utf8(body.to_vec()).unwrap();
    lock(&product.received).push(Received { headers, body });
    let status = lock(&product.answers).pop_front().unwrap_or(200);
    StatusCode::from_u16(status).unwrap()
}

async fn confirm(Query(query): Query<Vec<(String, String)>>) -> (StatusCode, String) {
    let get = |name: &str| {
        query
            .iter()
            .find(|(given, _)| given == name)
            .unwrap()
            .1
            .clone()
    };
    if get("hub.verify_token") == "local-verify-token" {
        (StatusCode::OK, get("hub.challenge"))
    } else {
        (StatusCode::FORBIDDEN, String::new())
    }
}

/// Serves `router` on a free loopback port. Returns its address.
pub(crate) async fn serve(router: Router) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("http://{address}")
}

/// Returns a client for loopback. It needs a TLS provider although it never uses one.
pub(crate) fn http() -> reqwest::Client {
    // An error means that another test has installed it.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// Waits until `busy` reports that nothing is under way.
pub(crate) async fn idle(mut changes: watch::Receiver<u64>, busy: impl Fn() -> usize) {
    loop {
        changes.borrow_and_update();
        if busy() == 0 {
            return;
        }
        changes.changed().await.unwrap();
    }
}
