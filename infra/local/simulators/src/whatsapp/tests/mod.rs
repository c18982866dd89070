//! The routers, with a product that records its webhooks.

mod fetching;
mod files;
mod meta;
mod receiving;
mod registration;
mod sending;
mod sending_files;
mod templates;
mod uploading;
mod webhooks;

use chrono::TimeDelta;
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

    /// Writes a message as the customer.
    async fn write(&self, message: Value) -> Value {
        let path = format!("/api/customers/{PHONE}/messages");
        let (status, answer) = self.call(Method::POST, &path, message).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// Sends a message as the product.
    async fn send(&self, message: Value) -> (u16, Value) {
        let path = "/graph/v27.0/106540352242922/messages";
        self.call(Method::POST, path, message).await
    }

    async fn chat(&self) -> Vec<Value> {
        let path = format!("/api/customers/{PHONE}/messages");
        let (_, chat) = self.call(Method::GET, &path, Value::Null).await;
        chat.as_array().cloned().unwrap_or_default()
    }

    /// Posts a form with a file and texts.
    async fn post_form(
        &self,
        path: &str,
        file: Option<File<'_>>,
        texts: &[(&str, &str)],
    ) -> (u16, Value) {
        let mut form = Vec::new();
        for (name, text) in texts {
            let part = format!(
                "--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n"
            );
            form.extend_from_slice(part.as_bytes());
        }
        if let Some(File {
            name,
            mime_type,
            bytes,
        }) = file
        {
            let part = format!(
                "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {mime_type}\r\n\r\n"
            );
            form.extend_from_slice(part.as_bytes());
            form.extend_from_slice(bytes);
            form.extend_from_slice(b"\r\n");
        }
        form.extend_from_slice(b"--edge--\r\n");
        let request = self
            .http
            .post(format!("{}{path}", self.base))
            .bearer_auth("local-access-token")
            .header("Content-Type", "multipart/form-data; boundary=edge")
            .body(form);
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or_default())
    }

    /// Sends a file as the customer. Returns the message in the webhook.
    async fn send_file(&self, file: File<'_>, texts: &[(&str, &str)]) -> Value {
        let path = format!("/api/customers/{PHONE}/files");
        let (status, answer) = self.post_form(&path, Some(file), texts).await;
        assert_eq!(
            (status, &answer["webhook_status"]),
            (200, &json!(200)),
            "{answer}"
        );
        self.last_message()
    }

    /// Uploads a file as the product. Returns its id.
    async fn upload(&self, file: File<'_>) -> String {
        let texts = [("messaging_product", "whatsapp"), ("type", file.mime_type)];
        let path = "/graph/v27.0/106540352242922/media";
        let (status, answer) = self.post_form(path, Some(file), &texts).await;
        assert_eq!(status, 200, "{answer}");
        answer["id"].as_str().unwrap().to_owned()
    }

    /// Returns the message in the newest webhook.
    fn last_message(&self) -> Value {
        let body = self.product.bodies().pop().unwrap();
        let message = body.pointer("/entry/0/changes/0/value/messages/0");
        message.unwrap().clone()
    }

    fn move_clock(&self, by: TimeDelta) {
        let offset = self.clock.offset_ms() + by.num_milliseconds();
        self.clock.set_offset_ms(offset).unwrap();
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

    /// Returns the `statuses[0]` of all webhooks that contain one.
    fn statuses(&self) -> Vec<Value> {
        let status = |body: &Value| body.pointer("/entry/0/changes/0/value/statuses/0").cloned();
        self.product.bodies().iter().filter_map(status).collect()
    }

    fn status_names(&self) -> Vec<String> {
        let name = |status: &Value| status["status"].as_str().unwrap().to_owned();
        self.statuses().iter().map(name).collect()
    }
}

/// A file in a form.
#[derive(Clone, Copy)]
struct File<'a> {
    name: &'a str,
    mime_type: &'a str,
    bytes: &'a [u8],
}

/// Returns a file of this type with a few bytes.
fn file(mime_type: &str) -> File<'_> {
    File {
        name: "a name",
        mime_type,
        bytes: b"some bytes",
    }
}

fn text(body: &str) -> Value {
    json!({"type": "text", "text": {"body": body}})
}

/// Returns a text from the product to the customer.
fn reply(body: &str) -> Value {
    json!({
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": format!("+{PHONE}"),
        "type": "text",
        "text": {"body": body},
    })
}
