//! WhatsApp's reports about our messages reach the ledger, and failures reach the agent.

use casement_core::conversation::NoticeState;
use casement_core::fate::{CallFailure, Fate, WhatsappCode, fate};
use casement_core::identity::{CommentId, ConversationKey, IssueId};
use casement_core::ledger::{LedgerEntry, LedgerKey, LedgerState, OutboundKey, OutboundSource};
use casement_core::notes::{DeliveryNote, Note};
use casement_core::notice::with_notice;
use casement_core::queue::OutboundQueueMessage;
use casement_core::status::{Delivery, StatusDecision, StatusReport, decide_status};
use casement_core::template::TemplateChange;
use chrono::Duration;

use crate::claim::close;
use crate::delivery;
use crate::event::Event;
use crate::failure::{Failure, Later, Outcome};
use crate::holding::{Because, hold, terms_of};
use crate::note;
use crate::ports::{
    Clock, Comments, Conversations, HeldReplies, HeldReply, Ledger, OutboundQueue, SettingsSource,
    TemplateChanges,
};
use crate::saving::change_stored;

/// How long a report that is ahead of its ledger entry waits.
const UNTIL_WRITTEN: Duration = Duration::seconds(5);

/// The use case of `message-status`.
#[derive(Debug)]
pub struct Statuses<S, J, Q, T, C> {
    /// The table.
    pub store: S,
    /// Jira.
    pub jira: J,
    /// The queue to the only sender.
    pub queue: Q,
    /// The owner's settings.
    pub settings: T,
    /// The clock.
    pub clock: C,
}

impl<S, J, Q, T, C> Statuses<S, J, Q, T, C>
where
    S: Ledger + Conversations + HeldReplies + TemplateChanges,
    J: Comments,
    Q: OutboundQueue,
    T: SettingsSource,
    C: Clock,
{
    /// Notes a report. `last`: it will not be delivered to us again.
    ///
    /// # Errors
    /// [`Later`]: put the report back.
    pub async fn record(&self, report: &StatusReport, last: bool) -> Result<Outcome, Later> {
        let Some(key): Option<OutboundKey> = report
            .callback
            .as_deref()
            .and_then(|text| text.parse().ok())
        else {
            return Ok(Outcome::Ignored("not_ours"));
        };
        let ledger_key = LedgerKey::Outbound(key.clone());
        let Some(entry) = self.store.entry(&ledger_key).await? else {
            if last {
                return Ok(Outcome::Ignored("unknown_message"));
            }
            return Err(Failure::NotYet("the send is not in the ledger yet", UNTIL_WRITTEN).into());
        };
        if !entry.is_about(&report.wamid) {
            return Ok(Outcome::Ignored("another_message"));
        }
        let decision = match decide_status(entry.delivery, report.delivery) {
            StatusDecision::Hold if key.source.is_template() => {
                StatusDecision::TellAgent(Some(WhatsappCode::WINDOW_CLOSED))
            }
            decision => decision,
        };
        match decision {
            StatusDecision::Ignore => {
                let failed = |delivery| matches!(delivery, Delivery::Failed(_));
                // The attempt that took it in may not have come to showing it.
                if failed(report.delivery) && entry.delivery.is_some_and(failed) {
                    self.show(&key, report.delivery).await?;
                }
                Ok(Outcome::Ignored("known"))
            }
            StatusDecision::Record => {
                self.settle(&key, entry, report).await?;
                Ok(Outcome::Done(report.delivery.as_str()))
            }
            StatusDecision::TellAgent(code) => {
                // The note first: a report that is repeated after a crash finds it.
                self.tell_agent(&key, &entry, code).await?;
                self.settle(&key, entry, report).await?;
                Event::SendFailed(code).count();
                Ok(Outcome::Done("failed"))
            }
            StatusDecision::TellArrived => {
                self.tell_arrived(&key, &entry).await?;
                self.settle(&key, entry, report).await?;
                Ok(Outcome::Done("arrived_after_all"))
            }
            StatusDecision::Hold => {
                self.hold(&key, &entry).await?;
                let now = self.clock.now();
                close(&self.store, &ledger_key, entry, |entry| {
                    entry.refused_by_meta(report.wamid.clone(), now)
                })
                .await?;
                Ok(Outcome::Done("held"))
            }
        }
    }

    /// A report is proof that WhatsApp has the message, whatever became of our call.
    async fn settle(
        &self,
        key: &OutboundKey,
        entry: LedgerEntry,
        report: &StatusReport,
    ) -> Result<(), Failure> {
        let proven = |entry: LedgerEntry| LedgerEntry {
            wamid: Some(report.wamid.clone()),
            state: LedgerState::Settled,
            ..entry.reported(report.delivery, report.at)
        };
        let ledger_key = LedgerKey::Outbound(key.clone());
        close(&self.store, &ledger_key, entry, proven).await?;
        self.show(key, report.delivery).await
    }

    async fn show(&self, key: &OutboundKey, news: Delivery) -> Result<(), Failure> {
        match &key.source {
            OutboundSource::Comment(comment) => {
                delivery::show(&self.store, &self.jira, comment, news).await
            }
            _ => Ok(()),
        }
    }

    async fn tell_agent(
        &self,
        key: &OutboundKey,
        entry: &LedgerEntry,
        code: Option<WhatsappCode>,
    ) -> Result<(), Failure> {
        if let Some(code) = code.filter(|code| fate(&CallFailure::Whatsapp(*code)) == Fate::Pause) {
            Event::SendingPaused(code).count();
            tracing::error!(
                event = "sending_paused",
                code = code.0,
                "an operator must act"
            );
        }
        let Some(issue) = &entry.issue_id else {
            return Ok(());
        };
        let (store, jira, clock) = (&self.store, &self.jira, &self.clock);
        delivery::tell_of_failure(store, jira, clock, issue, &key.source, code).await
    }

    async fn tell_arrived(&self, key: &OutboundKey, entry: &LedgerEntry) -> Result<(), Failure> {
        let Some(issue) = &entry.issue_id else {
            return Ok(());
        };
        let note = Note::Delivery(DeliveryNote::ArrivedAfterAll);
        let about = format!("arrived:{}", key.source);
        let (store, jira, clock) = (&self.store, &self.jira, &self.clock);
        note::leave_together(store, jira, clock, issue, &note, about).await
    }

    /// Asks for the held replies to be announced: only the sender may.
    async fn announce(
        &self,
        conversation: &ConversationKey,
        issue: &IssueId,
        comment: &CommentId,
    ) -> Result<(), Failure> {
        let settings = self.settings.current().await?;
        let number = settings.number(&conversation.phone_number_id);
        if number.is_none_or(|number| number.reopening_template.is_none()) {
            return Ok(());
        }
        let message = OutboundQueueMessage::AnnounceHeld {
            conversation: conversation.clone(),
            issue_id: issue.clone(),
        };
        let id = format!("announce:{}", comment.as_str());
        Ok(self.queue.enqueue(&message, &id).await?)
    }

    /// Notes that a template of a business account has changed.
    ///
    /// # Errors
    /// [`Later`]: put the report back.
    pub async fn template_changed(&self, change: &TemplateChange) -> Result<Outcome, Later> {
        let now = self.clock.now();
        let account = &change.business_account_id;
        self.store.templates_changed(account, now).await?;
        tracing::info!(
            template = change.name,
            language = change.language,
            event = change.event.as_deref().unwrap_or("changed"),
            "a template has changed"
        );
        Ok(Outcome::Done("template_changed"))
    }

    async fn hold(&self, key: &OutboundKey, entry: &LedgerEntry) -> Result<(), Failure> {
        let (Some(conversation), Some(issue)) = (&entry.conversation, &entry.issue_id) else {
            return Ok(());
        };
        let now = self.clock.now();
        match &key.source {
            OutboundSource::Comment(comment) => {
                let held = HeldReply {
                    comment_id: comment.clone(),
                    issue_id: issue.clone(),
                    created: entry.source_created.unwrap_or(now),
                    held_since: now,
                };
                let terms = terms_of(&self.settings, conversation).await?;
                let (store, jira) = (&self.store, &self.jira);
                hold(store, jira, conversation, &held, Because::Meta, terms, now).await?;
                self.announce(conversation, issue, comment).await
            }
            // They need no window, and [`Self::record`] takes them for failed.
            OutboundSource::Template(_) | OutboundSource::Reopening(_) => Ok(()),
            OutboundSource::LostFile(_) | OutboundSource::Wish(_) | OutboundSource::KeepOpen(_) => {
                change_stored(&self.store, conversation, |current| {
                    current.closed_by_meta(now)
                })
                .await?;
                Ok(())
            }
            OutboundSource::Notice(_) => {
                change_stored(&self.store, conversation, |current| {
                    with_notice(current.closed_by_meta(now), NoticeState::Skipped)
                })
                .await?;
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests;
