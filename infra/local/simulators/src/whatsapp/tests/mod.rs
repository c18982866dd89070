//! The routers, with a product that records its webhooks.

mod receiving;
mod sending;
mod webhooks;

use local_clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Config, WhatsappSimulator};
use crate::testing::{self, Product};

const PHONE: &str = "16505551234";

/// A simulator with its routers served, and its product.
struct Bench {
    simulator: WhatsappSimulator,
    product: Product,
    clock: Clock,
    base: String,
    http: reqwest::Client,
}

impl Bench {
    async fn start() -> Self {
        let clock = Clock::default();
        let http = testing::http();
        let simulator = WhatsappSimulator::new(Config::new(clock.clone()), http.clone());
        let (product, url) = Product::start().await;
        simulator.set_webhook_url(url);
        let router = simulator
            .control_router()
            .nest("/graph", simulator.graph_router());
        Self {
            simulator,
            product,
            clock,
            base: testing::serve(router).await,
            http,
        }
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> (u16, Value) {
        let request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .bearer_auth("local-access-token")
            .json(&body);
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or_default())
    }

    /// The customer writes a message.
    async fn write(&self, message: Value) -> Value {
        let path = format!("/api/customers/{PHONE}/messages");
        let (status, answer) = self.call(Method::POST, &path, message).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// The product sends a message.
    async fn send(&self, message: Value) -> (u16, Value) {
        let path = "/graph/v26.0/106540352242922/messages";
        self.call(Method::POST, path, message).await
    }

    async fn chat(&self) -> Vec<Value> {
        let path = format!("/api/customers/{PHONE}/messages");
        let (_, chat) = self.call(Method::GET, &path, Value::Null).await;
        chat.as_array().cloned().unwrap_or_default()
    }

    async fn options(&self, options: Value) {
        let (status, answer) = self
            .call(Method::POST, "/api/whatsapp/options", options)
            .await;
        assert_eq!(status, 200, "{answer}");
    }

    async fn idle(&self) {
        testing::idle(self.simulator.changes(), || self.simulator.busy()).await;
    }

    /// The `statuses[0]` of all webhooks that carry one.
    fn statuses(&self) -> Vec<Value> {
        let status = |body: &Value| body.pointer("/entry/0/changes/0/value/statuses/0").cloned();
        self.product.bodies().iter().filter_map(status).collect()
    }

    fn status_names(&self) -> Vec<String> {
        let name = |status: &Value| status["status"].as_str().unwrap().to_owned();
        self.statuses().iter().map(name).collect()
    }
}

fn text(body: &str) -> Value {
    json!({"type": "text", "text": {"body": body}})
}

/// A text from the product to the customer.
fn reply(body: &str) -> Value {
    json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": format!("+{PHONE}"),
        "type": "text",
        "text": {"body": body},
    })
}
