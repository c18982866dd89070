//! The earlier message that a customer answers or reacts to.

use casement_core::content::first_line_of;
use casement_core::fate::{CallFailure, Fate, fate};
use casement_core::inbound::InboundMessage;
use casement_core::ledger::LedgerKey;

use super::Inbound;
use crate::failure::Failure;
use crate::ports::{Clock, DelayQueue, Jira, MediaFiles, OutboundQueue, SettingsSource, Store};

impl<S, J, W, Q, T, C> Inbound<S, J, W, Q, T, C>
where
    S: Store,
    J: Jira,
    W: MediaFiles,
    Q: OutboundQueue + DelayQueue,
    T: SettingsSource,
    C: Clock,
{
    /// The first line of the earlier message, read again in Jira: the table has no texts. `None`:
    /// there is none, or it is not known any more.
    pub(super) async fn earlier(
        &self,
        message: &InboundMessage,
    ) -> Result<Option<String>, Failure> {
        let Some(wamid) = message.earlier() else {
            return Ok(None);
        };
        let entry = self.store.entry(&LedgerKey::Message(wamid.clone())).await?;
        let Some((Some(issue), comments)) = entry.map(|entry| (entry.issue_id, entry.comments))
        else {
            return Ok(None);
        };
        let Some(comment) = comments.first() else {
            return Ok(None);
        };
        match self.jira.body(&issue, comment).await {
            Ok(body) => Ok(first_line_of(&body)),
            Err(failure) if is_unreadable(&failure) => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }
}

/// Whether asking again cannot help. A quotation is not worth an operator's time.
fn is_unreadable(failure: &CallFailure) -> bool {
    matches!(failure, CallFailure::Jira { status: 403, .. })
        || matches!(fate(failure), Fate::Gone | Fate::GiveUp)
}
