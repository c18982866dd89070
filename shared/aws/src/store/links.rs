//! Links from issues and other identifiers to conversations.

use casement_core::model::identity::{ConversationKey, IssueId, PhoneNumberId};
use casement_service::StoreFailure;
use casement_service::ports::{Clock, Links};
use chrono::serde::ts_seconds;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::DynamoStore;
use super::item::{Item, item_of, parsed, seconds, string};
use crate::error_code::backend_failure;
use crate::keys::{self, EXPIRES_AT, ItemKey, PK, SK};

/// Longer than a conversation is kept. Following a link late in its life renews it, so that a
/// request that stays open for years does not lose its customer.
const KEPT: Duration = Duration::days(400);

/// Following a link with less time left than this renews it.
const KEPT_ANEW_BELOW: Duration = Duration::days(300);

#[derive(Serialize)]
struct NewLink<'a> {
    conversation: &'a ConversationKey,
}

#[derive(Deserialize)]
struct Link {
    conversation: ConversationKey,
    #[serde(with = "ts_seconds")]
    expires_at: DateTime<Utc>,
}

impl<C: Clock> Links for DynamoStore<C> {
    async fn of_issue(&self, issue: &IssueId) -> Result<Option<ConversationKey>, StoreFailure> {
        self.follow(keys::issue(issue)).await
    }

    async fn of_alias(
        &self,
        number: &PhoneNumberId,
        identifier: &str,
    ) -> Result<Option<ConversationKey>, StoreFailure> {
        self.follow(keys::alias(number, identifier)).await
    }

    async fn link_issue(&self, issue: &IssueId, to: &ConversationKey) -> Result<(), StoreFailure> {
        self.link(keys::issue(issue), to).await
    }

    async fn link_alias(&self, identifier: &str, to: &ConversationKey) -> Result<(), StoreFailure> {
        self.link(keys::alias(&to.phone_number_id, identifier), to)
            .await
    }
}

impl<C: Clock> DynamoStore<C> {
    /// Makes the item that leads from `identifier` to a conversation.
    pub(super) fn alias_item(
        &self,
        identifier: &str,
        to: &ConversationKey,
    ) -> Result<Item, StoreFailure> {
        let link = NewLink { conversation: to };
        let key = keys::alias(&to.phone_number_id, identifier);
        item_of(&link, key, self.clock.now() + KEPT)
    }

    /// Writes a link. The last one wins: a merged or moved customer leads to the newer
    /// conversation.
    async fn link(&self, from: ItemKey, to: &ConversationKey) -> Result<(), StoreFailure> {
        let link = NewLink { conversation: to };
        let item = item_of(&link, from, self.clock.now() + KEPT)?;
        self.overwrite(item).await
    }

    async fn follow(&self, from: ItemKey) -> Result<Option<ConversationKey>, StoreFailure> {
        let Some(item) = self.get(from.clone()).await? else {
            return Ok(None);
        };
        let link: Link = parsed(item)?;
        let now = self.clock.now();
        if link.expires_at - now < KEPT_ANEW_BELOW
            && let Err(failure) = self.keep_anew(from, now + KEPT).await
        {
            // The link itself is valid; the next read tries again.
            tracing::warn!(%failure, "a link could not be kept for longer");
        }
        Ok(Some(link.conversation))
    }

    /// Changes only the expiry: the target of the link may have changed since it was read.
    async fn keep_anew(&self, link: ItemKey, until: DateTime<Utc>) -> Result<(), StoreFailure> {
        self.client
            .update_item()
            .table_name(&self.table)
            .key(PK, string(link.pk))
            .key(SK, string(link.sk))
            .update_expression("SET #expires_at = :until")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#expires_at", EXPIRES_AT)
            .expression_attribute_values(":until", seconds(until))
            .send()
            .await
            .map_err(|error| StoreFailure(backend_failure(&error)))?;
        Ok(())
    }
}
