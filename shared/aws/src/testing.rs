//! Shared parts of this crate's tests: a clock, a table, a server that plays a service.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use casement_service::ports::Clock;
use chrono::{DateTime, Duration, Utc};
use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::client::{AwsClients, AwsEnvironment};

pub(crate) const TABLE: &str = "casement";

/// A clock that stands still until it is moved. Clones move together.
#[derive(Clone, Debug)]
pub(crate) struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(1_790_000_000)))
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(by.num_seconds(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(self.0.load(Ordering::SeqCst), 0).unwrap()
    }
}

/// Clients of a service at `url`.
pub(crate) fn clients(url: &str) -> AwsClients {
    let environment = AwsEnvironment::read(|name| match name {
        "AWS_REGION" => Some("eu-central-1".to_owned()),
        "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("test".to_owned()),
        "AWS_ENDPOINT_URL" => Some(url.to_owned()),
        _ => None,
    });
    AwsClients::new(environment.unwrap())
}

/// A new table with the keys of the deployed one.
pub(crate) async fn table() -> Client {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let database = dynoxide::Database::memory().unwrap();
    let forever = std::future::pending();
    tokio::spawn(dynoxide::server::serve_with_shutdown(
        listener, database, forever,
    ));
    let client = clients(&url).dynamodb();
    create_table(&client).await;
    client
}

async fn create_table(client: &Client) {
    let attribute = |name: &str, kind| {
        let definition = AttributeDefinition::builder().attribute_name(name);
        definition.attribute_type(kind).build().unwrap()
    };
    let key = |name: &str, kind| {
        let element = KeySchemaElement::builder().attribute_name(name);
        element.key_type(kind).build().unwrap()
    };
    let projection = Projection::builder()
        .projection_type(ProjectionType::Include)
        .non_key_attributes("timers");
    let due = GlobalSecondaryIndex::builder()
        .index_name("due")
        .key_schema(key("due_shard", KeyType::Hash))
        .key_schema(key("due_at", KeyType::Range))
        .projection(projection.build());
    client
        .create_table()
        .table_name(TABLE)
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(attribute("pk", ScalarAttributeType::S))
        .attribute_definitions(attribute("sk", ScalarAttributeType::S))
        .attribute_definitions(attribute("due_shard", ScalarAttributeType::S))
        .attribute_definitions(attribute("due_at", ScalarAttributeType::N))
        .key_schema(key("pk", KeyType::Hash))
        .key_schema(key("sk", KeyType::Range))
        .global_secondary_indexes(due.build().unwrap())
        .send()
        .await
        .unwrap();
}

/// A service that gives one answer after the other, the last one again and again.
pub(crate) async fn service(answers: Vec<(u16, Value)>) -> MockServer {
    let server = MockServer::start().await;
    let last = answers.len().saturating_sub(1);
    for (index, (status, body)) in answers.into_iter().enumerate() {
        let answer = ResponseTemplate::new(status)
            .set_body_raw(body.to_string(), "application/x-amz-json-1.0");
        let mock = Mock::given(any()).respond_with(answer);
        if index == last {
            mock.mount(&server).await;
        } else {
            mock.up_to_n_times(1).mount(&server).await;
        }
    }
    server
}

/// Returns the calls that a service got: operation and body, in order.
pub(crate) async fn calls(server: &MockServer) -> Vec<(String, Value)> {
    let requests = server.received_requests().await.unwrap();
    let call = |request: wiremock::Request| {
        let target = request.headers["x-amz-target"].to_str().unwrap();
        let operation = target.rsplit('.').next().unwrap().to_owned();
        (operation, request.body_json().unwrap())
    };
    requests.into_iter().map(call).collect()
}
