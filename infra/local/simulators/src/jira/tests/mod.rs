//! The routers, with a product that records its webhooks.

mod accounts;
mod agent_files;
mod agents;
mod attachments;
mod comments;
mod desk_files;
mod files;
mod judged;
mod requests;
mod search;
mod views;
mod webhooks;

use local_clock::Clock;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Account, Config, JiraSimulator};
use crate::testing::{self, Product};

/// A simulator with its routers served, and its product.
struct Bench {
    simulator: JiraSimulator,
    product: Product,
    clock: Clock,
    base: String,
    http: reqwest::Client,
}

/// An answer of a router.
struct Answer {
    status: u16,
    headers: reqwest::header::HeaderMap,
    body: Value,
}

impl Bench {
    async fn start() -> Self {
        let clock = Clock::default();
        let http = testing::http();
        let simulator = JiraSimulator::new(Config::new(clock.clone()), http.clone());
        let (product, url) = Product::start().await;
        simulator.set_webhook_url(url);
        let router = simulator
            .control_router()
            .nest("/atlassian", simulator.atlassian_router());
        Self {
            simulator,
            product,
            clock,
            base: testing::serve(router).await,
            http,
        }
    }

    async fn call(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = self
            .http
            .request(method, format!("{}{path}", self.base))
            .basic_auth("casement@example.com", Some("local-jira-token"))
            .json(&body);
        let response = request.send().await.unwrap();
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.json().await.unwrap_or_default(),
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, Value::Null).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, body).await
    }

    /// Raises a request as the product. Returns its key.
    async fn raise(&self, fields: Value) -> String {
        let body =
            json!({"serviceDeskId": "1", "requestTypeId": "10", "requestFieldValues": fields});
        let answer = self
            .post("/atlassian/rest/servicedeskapi/request", body)
            .await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["issueKey"].as_str().unwrap().to_owned()
    }

    /// Writes a comment as an agent. Returns its id.
    async fn comment(&self, key: &str, comment: Value) -> String {
        let answer = self
            .post(&format!("/api/requests/{key}/comments"), comment)
            .await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.body["id"].as_str().unwrap().to_owned()
    }

    async fn options(&self, options: Value) {
        let answer = self.post("/api/jira/options", options).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    async fn idle(&self) {
        testing::idle(self.simulator.changes(), || self.simulator.busy()).await;
    }

    /// Returns the webhooks of one event.
    fn events(&self, event: &str) -> Vec<Value> {
        let mut bodies = self.product.bodies();
        bodies.retain(|body| body["webhookEvent"] == event);
        bodies
    }

    fn advance(&self, by: chrono::TimeDelta) {
        let offset = self.clock.offset_ms() + by.num_milliseconds();
        self.clock.set_offset_ms(offset).unwrap();
    }
}
