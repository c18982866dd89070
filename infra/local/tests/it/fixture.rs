//! A Lambda service, or a whole stack, around the fake function of `examples/fake_function.rs`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use clap::Parser;
use local::command::Options;
use local::events::Events;
use local::lambda::{FunctionConfig, InvokeError, Lambda, Output, Surroundings};
use local::start::{Running, Setup};
use local_clock::Clock;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Returns the fake function's executable, which `cargo test` builds with the examples.
pub(crate) fn fake_function() -> PathBuf {
    let binary = Path::new(env!("CARGO_BIN_EXE_casement-local"))
        .with_file_name("examples")
        .join("fake_function");
    assert!(
        binary.exists(),
        "{} is missing: run `cargo test -p local` without `--test`, or `cargo build -p local --examples` first",
        binary.display()
    );
    binary
}

/// Returns a function called `name` that obeys its events.
pub(crate) fn config(name: &str) -> FunctionConfig {
    FunctionConfig {
        name: name.to_owned(),
        binary: fake_function(),
        memory_mb: 128,
        timeout: Duration::from_secs(20),
        reserved_concurrency: None,
        environment: BTreeMap::new(),
    }
}

/// Starts a Lambda service with its runtime API on a free port.
pub(crate) async fn lambda_with(functions: Vec<FunctionConfig>) -> (Lambda, Output) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let surroundings = Surroundings {
        base_url: format!("http://{}", listener.local_addr().unwrap()),
        clock_file: PathBuf::from("/nonexistent"),
        region: "eu-central-1".to_owned(),
    };
    let events = Events::default();
    let clock = Clock::default();
    let output = Output::new(clock.clone(), events.clone(), true);
    let lambda = Lambda::new(functions, surroundings, clock, events, output.clone());
    let router = Router::new().nest("/_runtime", lambda.runtime_api());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (lambda, output)
}

/// Invokes `function` with an event and reads the result as JSON.
pub(crate) async fn invoke(
    lambda: &Lambda,
    function: &str,
    event: Value,
) -> Result<Value, InvokeError> {
    let result = lambda
        .invoke(function, Bytes::from(event.to_string()))
        .await?;
    Ok(serde_json::from_slice(&result).unwrap())
}

/// A whole stack around the fake function, on a free port.
pub(crate) struct TestStack {
    running: Running,
    client: Client,
}

impl TestStack {
    pub(crate) async fn start() -> Self {
        Self::start_in(None).await
    }

    pub(crate) async fn start_in(data: Option<PathBuf>) -> Self {
        Self::start_with(|options| options.data = data).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options::try_parse_from(["casement-local", "--port", "0"]).unwrap();
        options.no_build = true;
        options.quiet = true;
        change(&mut options);
        let setup = Setup {
            options,
            template: include_str!("template.yaml").to_owned(),
            executable: fake_function(),
        };
        Self {
            running: setup.start().await.unwrap(),
            client: Client::builder().no_proxy().build().unwrap(),
        }
    }

    pub(crate) async fn stop(self) {
        self.running.stop().await;
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address())
    }

    pub(crate) async fn call(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let request = self.client.request(method, self.url(path));
        read(request.json(body).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.call(Method::POST, path, body).await
    }

    pub(crate) async fn post_bytes(&self, path: &str, body: Vec<u8>) -> (u16, Value) {
        let request = self.client.post(self.url(path)).body(body);
        read(request.send().await.unwrap()).await
    }

    /// Makes a call with the token of the simulated Cloud API.
    pub(crate) fn authorized(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, self.url(path));
        request.bearer_auth("local-access-token")
    }

    /// Posts a form whose boundary is `edge`.
    pub(crate) async fn post_form(&self, path: &str, form: Vec<u8>) -> (u16, Value) {
        let request = self.authorized(Method::POST, path);
        let request = request.header("Content-Type", "multipart/form-data; boundary=edge");
        read(request.body(form).send().await.unwrap()).await
    }

    /// Returns the status, and the text of an error.
    pub(crate) async fn try_call(&self, method: Method, path: &str) -> (u16, String) {
        let request = self.client.request(method, self.url(path)).body("{}");
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        // Successful answers may never end.
        let text = match status {
            400.. => response.text().await.unwrap(),
            _ => String::new(),
        };
        (status, text)
    }

    pub(crate) async fn put_text(&self, path: &str, body: &str) -> (u16, Value) {
        let request = self.client.put(self.url(path)).body(body.to_owned());
        read(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        serde_json::from_str(&self.text(path).await).unwrap()
    }

    pub(crate) async fn text(&self, path: &str) -> String {
        self.open(path).await.text().await.unwrap()
    }

    pub(crate) async fn open(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    /// Has the function send a message to its own queue.
    pub(crate) async fn send(&self, body: &str, group: &str) {
        let order = self.order_to_send(body, group).await;
        let (status, answer) = self.post("/whatsapp", &order).await;
        assert_eq!((status, &answer["status"]), (200, &200.into()), "{answer}");
    }

    pub(crate) async fn order_to_send(&self, body: &str, group: &str) -> Value {
        let (_, variables) = self.post("/whatsapp", &json!({"do": "environment"})).await;
        let message = json!({
            "QueueUrl": variables["WORK_QUEUE_URL"],
            "MessageBody": body,
            "MessageGroupId": group,
            "MessageDeduplicationId": body.replace(' ', "-"),
        });
        order_to_call("AWS_ENDPOINT_URL_SQS", "AmazonSQS.SendMessage", &message)
    }
}

/// Returns the order for the fake function to call the service at the address in `variable`.
pub(crate) fn order_to_call(variable: &str, target: &str, json: &Value) -> Value {
    json!({
        "do": "post",
        "variable": variable,
        "target": target,
        "path": "/",
        "timeout_ms": 1_000,
        "json": json,
    })
}

async fn read(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}
