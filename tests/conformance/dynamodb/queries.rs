//! Batches, queries and the index.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{PutRequest, WriteRequest};

use super::{INDEX, Table, refusal, text};

impl Table {
    /// Thirteen messages and twelve events of one conversation, all of one kind.
    async fn filled() -> Self {
        let table = Self::create().await;
        table.writing(25).send().await.unwrap();
        table
    }

    fn writing(
        &self,
        items: usize,
    ) -> aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemFluentBuilder {
        let requests = (0..items).map(|n| {
            let prefix = if n % 2 == 0 { "MSG" } else { "EVT" };
            let put = PutRequest::builder()
                .item("pk", text("CONV#1"))
                .item("sk", text(&format!("{prefix}#{n:03}")))
                .item("kind", text("K"))
                .build()
                .unwrap();
            WriteRequest::builder().put_request(put).build()
        });
        let writing = self.client.batch_write_item();
        writing.request_items(&self.name, requests.collect())
    }

    fn querying(&self, condition: &str) -> QueryFluentBuilder {
        self.client
            .query()
            .table_name(&self.name)
            .key_condition_expression(condition)
    }

    fn querying_index(&self) -> QueryFluentBuilder {
        self.querying("kind = :kind")
            .index_name(INDEX)
            .expression_attribute_values(":kind", text("K"))
    }
}

/// A batch writes at most 25 items (API reference, `BatchWriteItem`).
#[tokio::test]
async fn a_batch_writes_at_most_25_items() {
    let table = Table::create().await;
    table.writing(25).send().await.unwrap();
    let written = table.writing(26).send().await;
    assert_eq!(refusal(written), "ValidationException");
}

/// A query goes on where its last page ended (API reference, Query).
#[tokio::test]
async fn a_query_goes_on_where_its_last_page_ended() {
    let table = Table::filled().await;
    let querying = || {
        table
            .querying("pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":pk", text("CONV#1"))
            .expression_attribute_values(":prefix", text("MSG#"))
    };
    let first = querying().limit(5).send().await.unwrap();
    assert_eq!(first.count(), 5);
    let rest = querying().set_exclusive_start_key(first.last_evaluated_key);
    let rest = rest.send().await.unwrap();
    assert_eq!(rest.count(), 8);
    assert_eq!(rest.items()[0]["sk"], text("MSG#010"));
}

/// An index is queried backwards too (API reference, Query).
#[tokio::test]
async fn an_index_is_queried_backwards() {
    let table = Table::filled().await;
    let querying = table.querying_index().scan_index_forward(false);
    let found = querying.send().await.unwrap();
    assert_eq!(found.count(), 25);
    assert_eq!(found.items()[0]["sk"], text("MSG#024"));
}

/// A global index has no consistent reads (API reference, Query).
#[tokio::test]
async fn a_global_index_has_no_consistent_reads() {
    let table = Table::filled().await;
    let found = table.querying_index().consistent_read(true).send().await;
    assert_eq!(refusal(found), "ValidationException");
}

/// An index has only the items that have its key (developer guide, "Take advantage of
/// sparse indexes").
#[tokio::test]
async fn an_index_has_only_the_items_with_its_key() {
    let table = Table::create().await;
    table.put("a", "a", 1).await;
    assert_eq!(table.querying_index().send().await.unwrap().count(), 0);
}
