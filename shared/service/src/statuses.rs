//! Takes WhatsApp's delivery reports into the ledger, and tells the agent of failures.

use casement_core::decide::freshness::Happening;
use casement_core::decide::notice::with_notice;
use casement_core::model::conversation::NoticeState;
use casement_core::model::fate::{CallFailure, Fate, WhatsappCode, fate};
use casement_core::model::identity::{
    CommentId, ConversationKey, CustomerIdentity, IssueId, PhoneNumber, Wamid,
};
use casement_core::model::ledger::{
    KnownMessage, OutboundKey, OutboundSource, SentEntry, SentMessage,
};
use casement_core::model::queue::{CommentEvent, ConversationTask, OutboundQueueMessage};
use casement_core::model::status::{Delivery, StatusDecision, StatusReport, decide_status};
use casement_core::say::notes::{DeliveryNote, Note};
use chrono::{DateTime, Duration, Utc};

use crate::app::{App, Ports};
use crate::claim::{close, close_over};
use crate::delivery;
use crate::event::Event;
use crate::failure::Failure;
use crate::held::{Because, hold, terms_of};
use crate::note;
use crate::outcome::{Attempt, Done, Ignored, Later, Outcome};
use crate::ports::*;
use crate::saving::{change_joined, load_joined};

/// The delay for a report that is ahead of its ledger entry.
const UNTIL_WRITTEN: Duration = Duration::seconds(5);

/// The time for which a report that names no message of ours may be ahead of the ledger: a send
/// that was not recorded is recorded by the next attempt.
const KNOWN_WITHIN: Duration = Duration::minutes(10);

/// The use case of `message-status`.
pub struct Statuses<P: Ports> {
    /// The ports.
    pub app: App<P>,
    /// The queue to the only sender.
    pub outbound: P::Outbound,
}

impl<P: Ports> Statuses<P> {
    /// Records a report. The last attempt no longer waits for the entry of its message.
    ///
    /// # Errors
    /// [`Later`]: put the report back.
    pub async fn record(&self, report: &StatusReport, attempt: Attempt) -> Result<Outcome, Later> {
        let what = Happening::Status;
        if what.is_stale(report.at, self.app.clock.now()) {
            return Ok(Outcome::Ignored(what.into()));
        }
        let Some(key) = self.key_of(report, attempt).await? else {
            return Ok(Outcome::Ignored(Ignored::NotOurs));
        };
        let Some(entry) = self.app.store.entry(&key).await? else {
            if attempt == Attempt::Last {
                return Ok(Outcome::Ignored(Ignored::UnknownMessage));
            }
            return Err(Failure::NotYet("the send is not in the ledger yet", UNTIL_WRITTEN).into());
        };
        if self.is_foreign(&entry, report).await? {
            return Ok(Outcome::Ignored(Ignored::NotOurs));
        }
        if !entry.about.is_reported_as(&report.wamid) {
            return Ok(Outcome::Ignored(Ignored::AnotherMessage));
        }
        let decision = match decide_status(entry.about.delivery, report.delivery) {
            StatusDecision::Hold if key.source.is_template() => {
                StatusDecision::TellAgent(Some(WhatsappCode::WINDOW_CLOSED))
            }
            // The question is not held: an agent has to ask again.
            StatusDecision::Hold if matches!(key.source, OutboundSource::Phone(_)) => {
                self.close_window(&entry.about.conversation, report.at)
                    .await?;
                StatusDecision::TellAgent(Some(WhatsappCode::WINDOW_CLOSED))
            }
            decision => decision,
        };
        match decision {
            StatusDecision::Ignore => {
                let failed = |delivery| matches!(delivery, Delivery::Failed(_));
                // The attempt that recorded the report may have ended before it showed the failure.
                if failed(report.delivery) && entry.about.delivery.is_some_and(failed) {
                    self.show(&key, &entry.about, report.delivery).await?;
                }
                // The report that came first may have had no price.
                if report.price.is_some() && entry.about.price.is_none() {
                    self.take_in(&key, entry, |entry| entry.priced(report.price))
                        .await?;
                }
                Ok(Outcome::Ignored(Ignored::Known))
            }
            StatusDecision::Record => {
                self.settle(&key, entry, report).await?;
                Ok(Outcome::Done(Done::Reported(report.delivery)))
            }
            StatusDecision::TellAgent(code) => {
                // The note comes first: a report that is repeated after a crash finds it.
                self.tell_agent(&key, &entry.about.issue_id, code).await?;
                self.settle(&key, entry, report).await?;
                Event::SendFailed(code).count();
                Ok(Outcome::Done(Done::Failed))
            }
            StatusDecision::TellArrived => {
                self.tell_arrived(&key, &entry.about.issue_id).await?;
                self.settle(&key, entry, report).await?;
                Ok(Outcome::Done(Done::ArrivedAfterAll))
            }
            StatusDecision::Hold => {
                self.hold(&key, &entry.about, report.at).await?;
                let now = self.app.clock.now();
                let message = entry.about.clone();
                close(&self.app.store, &key, entry, |entry| {
                    entry.refused_by_meta(report.wamid.clone(), now)
                })
                .await?;
                self.release(message, &report.wamid).await?;
                Ok(Outcome::Done(Done::Held))
            }
        }
    }

    /// Decides whether a report is about a message from another number, or to another customer. The
    /// customer is compared only where WhatsApp's id does not already identify the message.
    async fn is_foreign(&self, entry: &SentEntry, report: &StatusReport) -> Result<bool, Failure> {
        let key = &entry.about.conversation;
        if report.is_of_another_number(&key.phone_number_id) {
            return Ok(true);
        }
        if entry.about.wamid.is_some() || report.recipient.is_none() {
            return Ok(false);
        }
        let Some(conversation) = load_joined(&self.app.store, key).await? else {
            return Ok(false);
        };
        // The message was sent to the former number or BSUID.
        let moved_at = conversation.moved_at;
        let has_moved = moved_at.is_some_and(|moved_at| moved_at >= entry.claim.begun_at);
        Ok(!has_moved && report.is_to_another_customer(&conversation.identity))
    }

    /// Finds the message of ours that a report is about, by the returned callback data, else by
    /// WhatsApp's id. Meta promises to return our callback data with "sent", "delivered" and
    /// "read", and says nothing of "failed".
    async fn key_of(
        &self,
        report: &StatusReport,
        attempt: Attempt,
    ) -> Result<Option<OutboundKey>, Failure> {
        if let Some(callback) = &report.callback {
            return Ok(callback.parse().ok());
        }
        if let Some(known) = self.app.store.entry(&report.wamid).await? {
            return Ok(match known.about {
                KnownMessage::Sent(sent) => Some(sent.outbound),
                KnownMessage::Received(_) | KnownMessage::IdentityChange => None,
            });
        }
        // Other systems may send from this number, so most of these reports are not about our
        // messages.
        let is_fresh = self.app.clock.now() - report.at < KNOWN_WITHIN;
        if is_fresh && attempt == Attempt::Another {
            let cause = "the message is not in the ledger yet";
            return Err(Failure::NotYet(cause, UNTIL_WRITTEN));
        }
        Ok(None)
    }

    /// Settles the entry: a report proves that WhatsApp has the message, whatever became of our
    /// call.
    async fn settle(
        &self,
        key: &OutboundKey,
        entry: SentEntry,
        report: &StatusReport,
    ) -> Result<(), Failure> {
        let phone = report.recipient.as_ref();
        let phone = phone.and_then(CustomerIdentity::phone);
        let proven = |entry: SentEntry| {
            let entry = entry.reported(report.delivery, report.at);
            let mut entry = entry.priced(report.price).settled();
            entry.about.wamid = Some(report.wamid.clone());
            entry.about.recipient = entry.about.recipient.or(phone.cloned());
            entry
        };
        self.take_in(key, entry.clone(), proven).await?;
        if let Some(phone) = phone {
            self.follow_spelling(key, &entry.about, phone).await?;
        }
        self.show(key, &entry.about, report.delivery).await
    }

    /// Writes what a report says into the entry, and counts what the message costs when that is
    /// known for the first time.
    async fn take_in(
        &self,
        key: &OutboundKey,
        entry: SentEntry,
        change: impl Fn(SentEntry) -> SentEntry,
    ) -> Result<(), Failure> {
        let written = close_over(&self.app.store, key, entry, change).await?;
        if let Some([former, current]) = written
            && let (None, Some(price)) = (former.about.billed(), current.about.billed())
        {
            Event::Billed(price).count();
        }
        Ok(())
    }

    /// Has the sender look at the template's note again if WhatsApp spells the customer's number in
    /// a new way. The answer to the template, which gives the spelling, may have been lost, and the
    /// customer may have a conversation under that spelling.
    async fn follow_spelling(
        &self,
        key: &OutboundKey,
        message: &SentMessage,
        phone: &PhoneNumber,
    ) -> Result<(), Failure> {
        let OutboundSource::Template(comment) = &key.source else {
            return Ok(());
        };
        let known = load_joined(&self.app.store, &message.conversation).await?;
        if known.is_none_or(|known| known.identity.has(phone.as_str())) {
            return Ok(());
        }
        let message = OutboundQueueMessage::CommentEdited(CommentEvent {
            issue_id: message.issue_id.clone(),
            comment_id: comment.clone(),
            author: None,
            door: None,
        });
        let id = format!("spelling:{}", comment.as_str());
        Ok(self.outbound.enqueue(&message, &id).await?)
    }

    /// Shows the state on the comment of a reply, or of a rule's template: an agent's template has
    /// a note.
    async fn show(
        &self,
        key: &OutboundKey,
        message: &SentMessage,
        news: Delivery,
    ) -> Result<(), Failure> {
        match &key.source {
            OutboundSource::Template(_) if !message.by_rule => Ok(()),
            source => delivery::show(&self.app, source, news).await,
        }
    }

    async fn tell_agent(
        &self,
        key: &OutboundKey,
        issue: &IssueId,
        code: Option<WhatsappCode>,
    ) -> Result<(), Failure> {
        if let Some(code) = code.filter(|code| fate(&CallFailure::whatsapp(*code)) == Fate::Pause) {
            Event::SendingPaused(code).count();
            tracing::error!(
                event = "sending_paused",
                code = code.0,
                "an operator must act"
            );
        }
        delivery::tell_of_failure(&self.app, issue, &key.source, code).await
    }

    async fn tell_arrived(&self, key: &OutboundKey, issue: &IssueId) -> Result<(), Failure> {
        let note = Note::Delivery(DeliveryNote::ArrivedAfterAll);
        let about = format!("arrived:{}", key.source);
        note::leave_together(&self.app, issue, &note, about).await
    }

    /// Asks the sender to release the held replies, if the customer has opened a window since the
    /// time of the report: nothing else would.
    async fn release(&self, refused: SentMessage, wamid: &Wamid) -> Result<(), Failure> {
        let now = self.app.clock.now();
        let current = load_joined(&self.app.store, &refused.conversation).await?;
        let Some(current) = current.filter(|current| current.may_release(now)) else {
            return Ok(());
        };
        let message = OutboundQueueMessage::ReleaseHeld(ConversationTask {
            conversation: current.key,
            issue_id: refused.issue_id,
        });
        let id = format!("release:{}", wamid.fingerprint());
        Ok(self.outbound.enqueue(&message, &id).await?)
    }

    /// Asks the sender to announce the held replies: only the sender may.
    async fn announce(
        &self,
        conversation: &ConversationKey,
        issue: &IssueId,
        comment: &CommentId,
    ) -> Result<(), Failure> {
        let settings = self.app.settings.current().await?;
        let number = settings.number(&conversation.phone_number_id);
        if number.is_none_or(|number| number.reopening_template.is_none()) {
            return Ok(());
        }
        let message = OutboundQueueMessage::AnnounceHeld(ConversationTask {
            conversation: conversation.clone(),
            issue_id: issue.clone(),
        });
        let id = format!("announce:{}", comment.as_str());
        Ok(self.outbound.enqueue(&message, &id).await?)
    }

    /// Closes the window after Meta said that it was closed `at` that time.
    async fn close_window(
        &self,
        conversation: &ConversationKey,
        at: DateTime<Utc>,
    ) -> Result<(), Failure> {
        change_joined(&self.app.store, conversation, |current| {
            current.closed_by_meta(at)
        })
        .await?;
        Ok(())
    }

    async fn hold(
        &self,
        key: &OutboundKey,
        message: &SentMessage,
        at: DateTime<Utc>,
    ) -> Result<(), Failure> {
        let (conversation, issue) = (&message.conversation, &message.issue_id);
        let now = self.app.clock.now();
        match &key.source {
            OutboundSource::Comment(comment) => {
                let held = HeldReply {
                    comment_id: comment.clone(),
                    issue_id: issue.clone(),
                    created: message.source_created.unwrap_or(now),
                    held_since: now,
                    by_rule: message.by_rule,
                };
                let terms = terms_of(&self.app, conversation).await?;
                if !hold(&self.app, conversation, &held, Because::Meta(at), terms).await? {
                    let closed = Some(WhatsappCode::WINDOW_CLOSED);
                    return self.tell_agent(key, issue, closed).await;
                }
                self.announce(conversation, issue, comment).await
            }
            // Templates need no window. [`Self::record`] treats these as failed.
            OutboundSource::Template(_)
            | OutboundSource::Reopening(_)
            | OutboundSource::Phone(_) => Ok(()),
            OutboundSource::LostFile(_)
            | OutboundSource::OptOut(_)
            | OutboundSource::KeepOpen(_) => self.close_window(conversation, at).await,
            OutboundSource::Notice(_) => {
                change_joined(&self.app.store, conversation, |current| {
                    with_notice(current.closed_by_meta(at), NoticeState::Skipped)
                })
                .await?;
                Ok(())
            }
        }
    }
}
