//! Tables and single items: conditions, expressions, limits.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{
    AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure, TimeToLiveSpecification,
    TimeToLiveStatus,
};

use super::{Table, number, refusal, text};
use crate::world::unique_name;

/// A table is created once (API reference, `CreateTable`).
#[tokio::test]
async fn a_table_is_created_once() {
    let table = Table::create().await;
    let again = table.creating().send().await;
    assert_eq!(refusal(again), "ResourceInUseException");
}

/// A table that does not exist is an error of its own (API reference, `GetItem`).
#[tokio::test]
async fn a_table_that_does_not_exist_is_an_error() {
    let table = Table::create().await;
    let getting = table.client.get_item().table_name(unique_name());
    let got = getting.key("pk", text("a")).key("sk", text("a")).send();
    assert_eq!(refusal(got.await), "ResourceNotFoundException");
}

/// A put on condition of absence succeeds once and then answers with the old item (API
/// reference, `PutItem`, `ReturnValuesOnConditionCheckFailure`).
#[tokio::test]
async fn a_put_on_condition_of_absence_succeeds_once() {
    let table = Table::create().await;
    let putting = |v| {
        table
            .putting("a", "a")
            .item("v", number(v))
            .condition_expression("attribute_not_exists(pk)")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
    };
    putting(1).await.unwrap();
    let error = putting(2).await.unwrap_err().into_service_error();
    let PutItemError::ConditionalCheckFailedException(failed) = error else {
        panic!("{error}");
    };
    assert_eq!(failed.item().unwrap()["v"], number(1));
}

/// One update sets, adds and removes, under a condition with functions, and answers with
/// the new item (API reference, `UpdateItem`).
#[tokio::test]
async fn one_update_sets_adds_and_removes() {
    let table = Table::create().await;
    table.put("a", "a", 1).await;
    let updated = table
        .updating(
            "a",
            "a",
            "SET v = v + :one, #l = if_not_exists(#l, :empty) ADD n :one REMOVE gone",
        )
        .condition_expression("attribute_exists(pk) AND v < :ten AND size(pk) > :zero")
        .expression_attribute_names("#l", "list")
        .expression_attribute_values(":one", number(1))
        .expression_attribute_values(":ten", number(10))
        .expression_attribute_values(":zero", number(0))
        .expression_attribute_values(":empty", AttributeValue::L(vec![]))
        .return_values(ReturnValue::AllNew)
        .send()
        .await
        .unwrap();
    let item = updated.attributes.unwrap();
    assert_eq!(item["v"], number(2));
    assert_eq!(item["n"], number(1));
    assert_eq!(item["list"], AttributeValue::L(vec![]));
}

/// An update whose condition fails changes nothing and answers with the old item (API
/// reference, `UpdateItem`).
#[tokio::test]
async fn an_update_whose_condition_fails_answers_with_the_old_item() {
    let table = Table::create().await;
    table.put("a", "a", 2).await;
    let updated = table
        .updating("a", "a", "SET v = :new")
        .condition_expression("v = :old")
        .expression_attribute_values(":new", number(5))
        .expression_attribute_values(":old", number(77))
        .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
        .send()
        .await;
    let error = updated.unwrap_err().into_service_error();
    let UpdateItemError::ConditionalCheckFailedException(failed) = error else {
        panic!("{error}");
    };
    assert_eq!(failed.item().unwrap()["v"], number(2));
}

/// A value that no expression uses is an error (developer guide, "Expression attribute
/// values").
#[tokio::test]
async fn a_value_that_no_expression_uses_is_an_error() {
    let table = Table::create().await;
    let updated = table
        .updating("a", "a", "SET v = :v")
        .expression_attribute_values(":v", number(5))
        .expression_attribute_values(":unused", number(2))
        .send()
        .await;
    assert_eq!(refusal(updated), "ValidationException");
}

/// A reserved word needs a placeholder (developer guide, "Reserved words in DynamoDB").
#[tokio::test]
async fn a_reserved_word_needs_a_placeholder() {
    let table = Table::create().await;
    let updated = table
        .updating("a", "a", "SET ttl = :v")
        .expression_attribute_values(":v", number(5))
        .send()
        .await;
    assert_eq!(refusal(updated), "ValidationException");
}

/// The text of a key is not empty (developer guide, "Quotas in Amazon DynamoDB").
#[tokio::test]
async fn a_key_is_not_empty() {
    let table = Table::create().await;
    let put = table.putting("", "a").send().await;
    assert_eq!(refusal(put), "ValidationException");
}

/// An item has at most 400 KB (developer guide, "Quotas in Amazon DynamoDB").
#[tokio::test]
async fn an_item_has_at_most_400_kilobytes() {
    let table = Table::create().await;
    let large = text(&"x".repeat(400 * 1024 + 1));
    let put = table.putting("a", "a").item("large", large).send().await;
    assert_eq!(refusal(put), "ValidationException");
}

/// The attribute with an item's expiry is set on the table (API reference,
/// `UpdateTimeToLive`).
#[tokio::test]
async fn a_table_knows_which_attribute_holds_the_expiry() {
    let table = Table::create().await;
    let specification = TimeToLiveSpecification::builder()
        .enabled(true)
        .attribute_name("expires_at")
        .build()
        .unwrap();
    let updating = table.client.update_time_to_live().table_name(&table.name);
    let updating = updating.time_to_live_specification(specification);
    updating.send().await.unwrap();
    let describing = table.client.describe_time_to_live().table_name(&table.name);
    let described = describing.send().await.unwrap();
    let described = described.time_to_live_description.unwrap();
    assert_eq!(described.attribute_name(), Some("expires_at"));
    let status = described.time_to_live_status.unwrap();
    assert!(
        [TimeToLiveStatus::Enabled, TimeToLiveStatus::Enabling].contains(&status),
        "{status}"
    );
}

/// An item whose time to live has run out is still returned: deletion comes days late
/// (developer guide, "Working with expired items and time to live").
#[tokio::test]
async fn an_item_whose_time_has_run_out_is_still_returned() {
    let table = Table::create().await;
    let past = chrono::Utc::now().timestamp() - 100;
    let putting = table.putting("a", "a").item("expires_at", number(past));
    putting.send().await.unwrap();
    assert!(table.get("a", "a").await.is_some());
}
