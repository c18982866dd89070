//! Held replies. They change together with the conversation that counts them.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Delete, Put, TransactWriteItem};
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{CommentId, ConversationKey, IssueId};
use casement_service::ports::{Clock, Held, HeldReplies, HeldReply, Saved};
use casement_service::{BackendFailure, StoreFailure};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::DynamoStore;
use super::item::{Expected, item_of, parsed, string};
use crate::error_code::backend_failure;
use crate::keys::{self, HELD_PREFIX, PK, SK};

/// As long as any link to the conversation. The agent was told that the reply goes out when the
/// customer writes again, however late that is.
const KEPT: Duration = Duration::days(400);

#[derive(Serialize, Deserialize)]
struct StoredReply {
    comment_id: CommentId,
    issue_id: IssueId,
    created: DateTime<Utc>,
    held_since: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    by_rule: bool,
}

impl<C: Clock> HeldReplies for DynamoStore<C> {
    async fn held(&self, key: &ConversationKey) -> Result<Vec<HeldReply>, StoreFailure> {
        let query = self
            .client
            .query()
            .key_condition_expression("pk = :pk AND begins_with(sk, :held)")
            .expression_attribute_values(":pk", string(keys::conversation_pk(key)))
            .expression_attribute_values(":held", string(HELD_PREFIX));
        let items = self.all(query).await?.into_iter();
        items
            .map(|item| {
                let stored: StoredReply = parsed(item)?;
                Ok(HeldReply {
                    comment_id: stored.comment_id,
                    issue_id: stored.issue_id,
                    created: stored.created,
                    held_since: stored.held_since,
                    by_rule: stored.by_rule,
                })
            })
            .collect()
    }

    async fn hold(
        &self,
        conversation: &Conversation,
        reply: &HeldReply,
    ) -> Result<Held, StoreFailure> {
        let stored = StoredReply {
            comment_id: reply.comment_id.clone(),
            issue_id: reply.issue_id.clone(),
            created: reply.created,
            held_since: reply.held_since,
            by_rule: reply.by_rule,
        };
        let key = keys::held_reply(&conversation.key, reply);
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(item_of(&stored, key, reply.held_since + KEPT)?))
            .condition_expression(Expected::Absent.expression())
            .build()
            .map_err(|_| not_built())?;
        let reply_step = TransactWriteItem::builder().put(put).build();
        Ok(match self.together(conversation, reply_step).await? {
            Together::Yes => Held::Now,
            // The reply is held, whatever became of the conversation.
            Together::ReplyRefused => Held::Already,
            Together::ConversationRefused => Held::Conflict,
        })
    }

    async fn unhold(
        &self,
        conversation: &Conversation,
        reply: &HeldReply,
    ) -> Result<Saved, StoreFailure> {
        let key = keys::held_reply(&conversation.key, reply);
        let delete = Delete::builder()
            .table_name(&self.table)
            .key(PK, string(key.pk))
            .key(SK, string(key.sk))
            .build()
            .map_err(|_| not_built())?;
        let reply_step = TransactWriteItem::builder().delete(delete).build();
        Ok(match self.together(conversation, reply_step).await? {
            Together::Yes => Saved::Yes,
            Together::ReplyRefused | Together::ConversationRefused => Saved::Conflict,
        })
    }
}

/// The result of writing a conversation and a reply together.
enum Together {
    /// Both are written.
    Yes,
    /// Neither: the reply's condition failed.
    ReplyRefused,
    /// Neither: the conversation has changed, or is being changed.
    ConversationRefused,
}

impl<C: Clock> DynamoStore<C> {
    /// Writes both or neither. The SDK's token makes its own retries count as one call.
    async fn together(
        &self,
        conversation: &Conversation,
        reply_step: TransactWriteItem,
    ) -> Result<Together, StoreFailure> {
        let expected = Expected::read_as(conversation.version);
        let put = Put::builder()
            .table_name(&self.table)
            .set_item(Some(self.conversation_item(conversation)?))
            .condition_expression(expected.expression())
            .set_expression_attribute_names(expected.names())
            .set_expression_attribute_values(expected.values())
            .build()
            .map_err(|_| not_built())?;
        let result = self
            .client
            .transact_write_items()
            .transact_items(TransactWriteItem::builder().put(put).build())
            .transact_items(reply_step)
            .send()
            .await;
        match result {
            Ok(_) => Ok(Together::Yes),
            Err(error) => refusal(&error).ok_or_else(|| StoreFailure(backend_failure(&error))),
        }
    }
}

/// Returns which of the two conditions failed, or `None` if the call failed for another reason. The
/// reasons are in the order of the items (DynamoDB API reference, `TransactWriteItems`).
fn refusal<R>(error: &SdkError<TransactWriteItemsError, R>) -> Option<Together> {
    let TransactWriteItemsError::TransactionCanceledException(canceled) =
        error.as_service_error()?
    else {
        return None;
    };
    let reasons = canceled.cancellation_reasons();
    let code = |index: usize| reasons.get(index).and_then(|reason| reason.code());
    if code(1) == Some("ConditionalCheckFailed") {
        return Some(Together::ReplyRefused);
    }
    let changed = |code| matches!(code, Some("ConditionalCheckFailed" | "TransactionConflict"));
    (changed(code(0)) || changed(code(1))).then_some(Together::ConversationRefused)
}

fn not_built() -> StoreFailure {
    StoreFailure(BackendFailure::Unreadable("request not built"))
}
