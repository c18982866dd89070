//! The table behind the ports: one item per thing, read and written whole.
//!
//! Every write is conditional on what the writer has read, so that two functions that change the
//! same item cannot undo each other's work. `expires_at` is garbage collection only: an item that
//! is still there counts, however old.

mod beginning;
mod conversations;
mod held;
mod item;
mod ledger;
mod links;
mod reconciliation;
mod sightings;
mod templates;
mod timers;

#[cfg(test)]
mod tests;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use casement_service::StoreFailure;
use casement_service::ports::Saved;

use crate::error_code::backend_failure;
use crate::keys::{ItemKey, PK, SK};
use item::{Expected, Item, string};

/// The table.
///
/// It implements every port of `casement-service` that stores something.
#[derive(Clone, Debug)]
pub struct DynamoStore<C> {
    client: Client,
    table: String,
    clock: C,
    sightings: sightings::Recorded,
}

impl<C> DynamoStore<C> {
    /// The table of this name. An item's expiry counts from the time of `clock`.
    pub fn new(client: Client, table: impl Into<String>, clock: C) -> Self {
        Self {
            client,
            table: table.into(),
            clock,
            sightings: sightings::Recorded::default(),
        }
    }

    /// Reads an item with full consistency.
    async fn get(&self, key: ItemKey) -> Result<Option<Item>, StoreFailure> {
        let answer = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(PK, string(key.pk))
            .key(SK, string(key.sk))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| StoreFailure(backend_failure(&error)))?;
        Ok(answer.item)
    }

    /// Returns every item that `query` finds, with full consistency, from as many pages as it takes.
    async fn all(&self, query: QueryFluentBuilder) -> Result<Vec<Item>, StoreFailure> {
        let query = query.table_name(&self.table).consistent_read(true);
        let (mut items, mut from) = (Vec::new(), None);
        loop {
            let page = query.clone().set_exclusive_start_key(from).send().await;
            let page = page.map_err(|error| StoreFailure(backend_failure(&error)))?;
            items.extend(page.items.unwrap_or_default());
            from = page.last_evaluated_key;
            if from.is_none() {
                return Ok(items);
            }
        }
    }

    /// Writes an item, whatever is stored.
    async fn overwrite(&self, item: Item) -> Result<(), StoreFailure> {
        let put = self.client.put_item().table_name(&self.table);
        let written = put.set_item(Some(item)).send().await;
        written.map_err(|error| StoreFailure(backend_failure(&error)))?;
        Ok(())
    }

    /// Writes an item if the stored one is as `expected`.
    async fn put(&self, item: Item, expected: Expected) -> Result<Written, StoreFailure> {
        let result = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression(expected.expression())
            .set_expression_attribute_names(expected.names())
            .set_expression_attribute_values(expected.values())
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = result else {
            return Ok(Written::Yes);
        };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                Ok(Written::No(failed.item.clone()))
            }
            // A transaction is changing this item, so nothing was written.
            Some(PutItemError::TransactionConflictException(_)) => Ok(Written::No(None)),
            _ => Err(StoreFailure(backend_failure(&error))),
        }
    }
}

/// The result of a conditional write.
enum Written {
    /// The item was written.
    Yes,
    /// The condition failed. Has the stored item, if DynamoDB returned it.
    No(Option<Item>),
}

impl From<Written> for Saved {
    fn from(written: Written) -> Self {
        match written {
            Written::Yes => Self::Yes,
            Written::No(_) => Self::Conflict,
        }
    }
}
