//! Transactions (API reference, `TransactWriteItems`).

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsFluentBuilder;
use aws_sdk_dynamodb::types::{
    Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};

use super::{Table, number, refusal, text};
use crate::world::unique_name;

impl Table {
    /// Puts an item that must be absent, and counts the transactions in another.
    fn transacting(&self, token: &str, pk: &str) -> TransactWriteItemsFluentBuilder {
        let put = Put::builder()
            .table_name(&self.name)
            .item("pk", text(pk))
            .item("sk", text("new"))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .unwrap();
        let update = Update::builder()
            .table_name(&self.name)
            .key("pk", text("count"))
            .key("sk", text("count"))
            .update_expression("ADD n :one")
            .expression_attribute_values(":one", number(1))
            .build()
            .unwrap();
        self.client
            .transact_write_items()
            .client_request_token(token)
            .transact_items(TransactWriteItem::builder().put(put).build())
            .transact_items(TransactWriteItem::builder().update(update).build())
    }

    async fn assert_counted(&self, n: i64) {
        let item = self.get("count", "count").await.unwrap();
        assert_eq!(item["n"], number(n));
    }
}

/// A transaction does all of its writes.
#[tokio::test]
async fn a_transaction_does_all_of_its_writes() {
    let table = Table::create().await;
    table.transacting(&unique_name(), "a").send().await.unwrap();
    assert!(table.get("a", "new").await.is_some());
    table.assert_counted(1).await;
}

/// The same transaction with the same token is done once and succeeds again.
#[tokio::test]
async fn a_repeated_transaction_is_done_once() {
    let table = Table::create().await;
    let token = unique_name();
    for _ in 0..2 {
        table.transacting(&token, "a").send().await.unwrap();
    }
    table.assert_counted(1).await;
}

/// Another transaction with the same token is an error.
#[tokio::test]
async fn a_token_belongs_to_one_transaction() {
    let table = Table::create().await;
    let token = unique_name();
    table.transacting(&token, "a").send().await.unwrap();
    let other = table.transacting(&token, "b").send().await;
    assert_eq!(refusal(other), "IdempotentParameterMismatchException");
}

/// A cancelled transaction gives a reason for each write, with the old item where it was
/// asked for.
#[tokio::test]
async fn a_cancelled_transaction_gives_a_reason_for_each_write() {
    let table = Table::create().await;
    table.transacting(&unique_name(), "a").send().await.unwrap();
    let cancelled = table.transacting(&unique_name(), "a").send().await;
    let error = cancelled.unwrap_err().into_service_error();
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else {
        panic!("{error}");
    };
    let reasons: Vec<_> = cancelled
        .cancellation_reasons()
        .iter()
        .map(|reason| (reason.code().unwrap_or("None"), reason.item().is_some()))
        .collect();
    assert_eq!(reasons, [("ConditionalCheckFailed", true), ("None", false)]);
}

/// A cancelled transaction does none of its writes.
#[tokio::test]
async fn a_cancelled_transaction_does_nothing() {
    let table = Table::create().await;
    table.transacting(&unique_name(), "a").send().await.unwrap();
    let cancelled = table.transacting(&unique_name(), "a").send().await;
    assert_eq!(refusal(cancelled), "TransactionCanceledException");
    table.assert_counted(1).await;
}

/// A transaction writes each item once.
#[tokio::test]
async fn a_transaction_writes_each_item_once() {
    let table = Table::create().await;
    let put = Put::builder()
        .table_name(&table.name)
        .item("pk", text("a"))
        .item("sk", text("a"))
        .build()
        .unwrap();
    let delete = Delete::builder()
        .table_name(&table.name)
        .key("pk", text("a"))
        .key("sk", text("a"))
        .build()
        .unwrap();
    let transacting = table
        .client
        .transact_write_items()
        .transact_items(TransactWriteItem::builder().put(put).build())
        .transact_items(TransactWriteItem::builder().delete(delete).build());
    assert_eq!(refusal(transacting.send().await), "ValidationException");
}
