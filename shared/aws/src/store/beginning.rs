//! Creates a conversation and the aliases of its customer in one transaction.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{ConditionCheck, Put, TransactWriteItem};
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::ConversationKey;
use casement_service::ports::{Clock, Saved};
use casement_service::{BackendFailure, StoreFailure};

use super::DynamoStore;
use super::item::{Expected, Item, string};
use crate::error_code::backend_failure;
use crate::keys::{self, ItemKey, PK, SK};

impl<C: Clock> DynamoStore<C> {
    /// One transaction: another message of the same customer finds at least one of these items,
    /// whichever identifier it comes under.
    pub(super) async fn begin_with(
        &self,
        conversation: &Conversation,
        aliases: &[String],
    ) -> Result<Saved, StoreFailure> {
        let key = &conversation.key;
        let own_alias = keys::alias(&key.phone_number_id, &key.customer);
        let mut steps = vec![
            self.put_absent(self.conversation_item(conversation)?)?,
            self.check_absent(own_alias)?,
        ];
        for alias in aliases {
            let as_key = ConversationKey::new(&key.phone_number_id, alias);
            steps.push(self.put_absent(self.alias_item(alias, key)?)?);
            steps.push(self.check_absent(keys::conversation(&as_key))?);
        }
        let transaction = self.client.transact_write_items();
        let result = transaction.set_transact_items(Some(steps)).send().await;
        let Err(error) = result else {
            return Ok(Saved::Yes);
        };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(canceled)) => {
                let codes = canceled.cancellation_reasons().iter();
                let mut codes = codes.filter_map(|reason| reason.code());
                // A concurrent transaction on the same items counts as the first.
                let first = |code| matches!(code, "ConditionalCheckFailed" | "TransactionConflict");
                if codes.any(first) {
                    Ok(Saved::Conflict)
                } else {
                    Err(StoreFailure(backend_failure(&error)))
                }
            }
            _ => Err(StoreFailure(backend_failure(&error))),
        }
    }

    fn put_absent(&self, item: Item) -> Result<TransactWriteItem, StoreFailure> {
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression(Expected::Absent.expression())
            .build()
            .map_err(|_| not_built())?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    fn check_absent(&self, key: ItemKey) -> Result<TransactWriteItem, StoreFailure> {
        let check = ConditionCheck::builder()
            .table_name(&self.table)
            .key(PK, string(key.pk))
            .key(SK, string(key.sk))
            .condition_expression(Expected::Absent.expression())
            .build()
            .map_err(|_| not_built())?;
        Ok(TransactWriteItem::builder().condition_check(check).build())
    }
}

fn not_built() -> StoreFailure {
    StoreFailure(BackendFailure::Unreadable("request not built"))
}
