//! What comes so late that it is not carried out.

use casement_core::decide::freshness::{Happening, is_backlog};
use casement_core::model::content::InboundMessage;
use casement_core::model::identity::IssueId;
use casement_core::model::ledger::LedgerEntry;
use casement_core::say::notes::{Note, StaleNote};
use casement_core::settings::NumberSettings;

use super::Inbound;
use crate::app::Ports;
use crate::failure::Failure;
use crate::note;
use crate::outcome::Outcome;
use crate::ports::*;

impl<P: Ports> Inbound<P> {
    /// Leaves a message alone that came too late, and says so in the request of the conversation.
    /// `None`: it is to be taken in.
    pub(super) async fn leave_stale(
        &self,
        message: &InboundMessage,
        settings: &NumberSettings,
        entry: &LedgerEntry,
    ) -> Result<Option<Outcome>, Failure> {
        let what = Happening::CustomerMessage;
        if !entry.was_begun_too_late(what, message.sent_at) {
            return Ok(None);
        }
        let found = self
            .find(&message.phone_number_id, &message.from, message.sent_at)
            .await?;
        let now = self.app.clock.now();
        if is_backlog(&found.conversation, now) {
            return Ok(None);
        }
        if let Some(issue) = &found.conversation.issue
            && settings.senders.unwanted(&message.from).is_none()
        {
            let sent_at = message.sent_at.with_timezone(&settings.time_zone);
            let note = Note::Stale(StaleNote::Message { sent_at });
            let about = format!(
                "stale-message:{}:{}",
                issue.id.as_str(),
                now.format("%Y-%m-%d")
            );
            self.tell_of_stale(&issue.id, &note, about).await?;
        }
        Ok(Some(Outcome::Ignored(what.into())))
    }
}

impl<P: Ports> Inbound<P> {
    /// Messages from two numbers of one customer may come in at the same time. Nobody is left in a
    /// deleted request who could be told.
    pub(super) async fn tell_of_stale(
        &self,
        issue: &IssueId,
        note: &Note,
        about: String,
    ) -> Result<(), Failure> {
        note::leave_together(&self.app, issue, note, about).await
    }
}
