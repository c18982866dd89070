//! WhatsApp's reports about our messages reach the ledger, and failures reach the agent.

use casement_core::conversation::NoticeState;
use casement_core::fate::WhatsappCode;
use casement_core::ledger::{LedgerEntry, LedgerKey, LedgerState, OutboundKey, OutboundSource};
use casement_core::notes::Note;
use casement_core::notice::with_notice;
use casement_core::status::{StatusDecision, StatusReport, decide_status};
use chrono::Duration;

use crate::claim::close;
use crate::event::Event;
use crate::failure::{Failure, Later, Outcome};
use crate::holding::{Because, hold, zone_of};
use crate::note::{self, Before};
use crate::ports::{
    Clock, Comments, Conversations, HeldReplies, HeldReply, Ledger, SettingsSource,
};
use crate::saving::change_stored;

/// How long a report that is ahead of its ledger entry waits.
const UNTIL_WRITTEN: Duration = Duration::seconds(5);

/// The use case of `message-status`.
#[derive(Debug)]
pub struct Statuses<S, J, T, C> {
    /// The table.
    pub store: S,
    /// Jira.
    pub jira: J,
    /// The owner's settings.
    pub settings: T,
    /// The clock.
    pub clock: C,
}

impl<S, J, T, C> Statuses<S, J, T, C>
where
    S: Ledger + Conversations + HeldReplies,
    J: Comments,
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
        match decide_status(entry.delivery, report.delivery) {
            StatusDecision::Ignore => Ok(Outcome::Ignored("known")),
            StatusDecision::Record => {
                self.settle(&ledger_key, entry, report).await?;
                Ok(Outcome::Done(report.delivery.as_str()))
            }
            StatusDecision::TellAgent(code) => {
                // The note first: a report that is repeated after a crash finds it.
                self.tell_agent(&key, &entry, code).await?;
                self.settle(&ledger_key, entry, report).await?;
                Event::SendFailed(code).count();
                Ok(Outcome::Done("failed"))
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
        key: &LedgerKey,
        entry: LedgerEntry,
        report: &StatusReport,
    ) -> Result<(), Failure> {
        let proven = |mut entry: LedgerEntry| {
            if decide_status(entry.delivery, report.delivery) != StatusDecision::Ignore {
                entry.delivery = Some(report.delivery);
            }
            entry.wamid = Some(report.wamid.clone());
            entry.state = LedgerState::Settled;
            entry
        };
        Ok(close(&self.store, key, entry, proven).await?)
    }

    async fn tell_agent(
        &self,
        key: &OutboundKey,
        entry: &LedgerEntry,
        code: Option<WhatsappCode>,
    ) -> Result<(), Failure> {
        // Nobody waits for a notice to arrive.
        let (Some(issue), OutboundSource::Comment(_)) = (&entry.issue_id, &key.source) else {
            return Ok(());
        };
        let note = Note::NotDelivered { code };
        let about = format!("failed:{}", key.source);
        note::leave(&self.jira, issue, &note, about, Before::Perhaps).await?;
        Ok(())
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
                let zone = zone_of(&self.settings, conversation).await?;
                let (store, jira) = (&self.store, &self.jira);
                hold(store, jira, conversation, &held, Because::Meta, zone, now).await
            }
            OutboundSource::LostFile(_) | OutboundSource::Wish(_) => {
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
