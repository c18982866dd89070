//! DynamoDB, as the product uses it.

mod parallel;
mod queries;
mod transactions;
mod writes;

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, GlobalSecondaryIndex, KeySchemaElement,
    KeyType, Projection, ProjectionType, ScalarAttributeType, TableStatus,
};
use local_emulators::dynamodb::DynamoDb;

use crate::world::{start_dynamodb, unique_name};

type Item = HashMap<String, AttributeValue>;

/// The index of the tables here: by `kind`, then `sk`.
const INDEX: &str = "by-kind";

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn number(value: i64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// A table of its own for one check: key `pk` and `sk`, and an index.
struct Table {
    client: Client,
    name: String,
    _emulator: Option<DynamoDb>,
}

impl Table {
    async fn create() -> Self {
        let (client, emulator) = start_dynamodb().await;
        let table = Self {
            client,
            name: unique_name(),
            _emulator: emulator,
        };
        table.creating().send().await.unwrap();
        table.wait_until_active().await;
        table
    }

    fn creating(
        &self,
    ) -> aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder {
        let index = GlobalSecondaryIndex::builder()
            .index_name(INDEX)
            .key_schema(key("kind", KeyType::Hash))
            .key_schema(key("sk", KeyType::Range))
            .projection(
                Projection::builder()
                    .projection_type(ProjectionType::All)
                    .build(),
            );
        self.client
            .create_table()
            .table_name(&self.name)
            .billing_mode(BillingMode::PayPerRequest)
            .set_attribute_definitions(Some(["pk", "sk", "kind"].map(definition).into()))
            .key_schema(key("pk", KeyType::Hash))
            .key_schema(key("sk", KeyType::Range))
            .global_secondary_indexes(index.build().unwrap())
    }

    async fn wait_until_active(&self) {
        loop {
            let describing = self.client.describe_table().table_name(&self.name);
            let described = describing.send().await.unwrap().table.unwrap();
            if described.table_status == Some(TableStatus::Active) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn putting(&self, pk: &str, sk: &str) -> PutItemFluentBuilder {
        self.client
            .put_item()
            .table_name(&self.name)
            .item("pk", text(pk))
            .item("sk", text(sk))
    }

    async fn put(&self, pk: &str, sk: &str, v: i64) {
        self.putting(pk, sk)
            .item("v", number(v))
            .send()
            .await
            .unwrap();
    }

    fn updating(&self, pk: &str, sk: &str, expression: &str) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.name)
            .key("pk", text(pk))
            .key("sk", text(sk))
            .update_expression(expression)
    }

    async fn get(&self, pk: &str, sk: &str) -> Option<Item> {
        let getting = self.client.get_item().table_name(&self.name);
        let getting = getting.key("pk", text(pk)).key("sk", text(sk));
        getting.consistent_read(true).send().await.unwrap().item
    }
}

fn key(name: &str, kind: KeyType) -> KeySchemaElement {
    KeySchemaElement::builder()
        .attribute_name(name)
        .key_type(kind)
        .build()
        .unwrap()
}

fn definition(name: &str) -> AttributeDefinition {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S)
        .build()
        .unwrap()
}

/// The code of the error that is expected.
fn refusal<T, E: ProvideErrorMetadata, R>(outcome: Result<T, SdkError<E, R>>) -> String {
    match outcome {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.code().unwrap_or("none").to_owned(),
    }
}
