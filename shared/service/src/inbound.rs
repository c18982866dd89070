//! A customer's message becomes a request or a comment, and opens the window.

mod blocked;
mod customer;
mod earlier;
mod file;
mod identity_change;
mod request;
mod stale;
mod written;

use casement_core::decide::inbound::{InboundPlan, RequestStep, decide_inbound};
use casement_core::model::content::InboundMessage;
use casement_core::model::conversation::Conversation;
use casement_core::model::fate::{Fate, fate};
use casement_core::model::identity::IssueRef;
use casement_core::model::ledger::{LedgerEntry, LedgerKey, decide_claim};
use casement_core::model::queue::{DelayQueueMessage, OutboundQueueMessage};
use casement_core::model::timer;
use casement_core::say::notes::Note;
use casement_core::settings::{MarkRead, NumberSettings, Served, Unwanted};
use chrono::Duration;

use self::request::judged;
use self::written::Written;
use crate::app::{App, Ports};
use crate::claim::{Claim, claim, close};
use crate::event::Event;
use crate::failure::{Failure, StoreFailure};
use crate::note::{self, Before};
use crate::outcome::{Done, Ignored, Later, Outcome};
use crate::ports::*;
use crate::receipt;
use crate::saving::{change_stored, raised};

/// How often a conversation is decided upon anew because somebody else has changed it.
const ATTEMPTS: u32 = 8;

/// A message is in Jira.
const RECEIVED: Outcome = Outcome::Done(Done::Received);

/// How soon another attempt is worth while after somebody else has changed the conversation.
const SOON: Duration = Duration::seconds(1);

/// The use case of `inbound-message`.
pub struct Inbound<P: Ports> {
    /// The ports.
    pub app: App<P>,
    /// WhatsApp.
    pub whatsapp: P::Whatsapp,
    /// The queue to the only sender.
    pub outbound: P::Outbound,
    /// The queue whose messages arrive later.
    pub delays: P::Delays,
}

impl<P: Ports> Inbound<P> {
    /// Takes a customer's message into Jira, once, however often it is delivered. `last`: it goes
    /// to the dead letters if this attempt fails, so the agents are told.
    ///
    /// # Errors
    /// [`Later`]: put the message back. Nothing is lost and nothing will be repeated.
    pub async fn receive(&self, message: &InboundMessage, last: bool) -> Result<Outcome, Later> {
        let mut is_in_jira = false;
        let mut ended = self.attempt(message, &mut is_in_jira).await;
        if last
            && !is_in_jira
            && let Err(later) = &mut ended
        {
            self.put_aside(message, later).await;
        }
        ended
    }

    async fn attempt(
        &self,
        message: &InboundMessage,
        is_in_jira: &mut bool,
    ) -> Result<Outcome, Later> {
        let settings = self.app.settings.current().await?;
        let number = match settings.served(&message.phone_number_id) {
            Served::Here(number) => number,
            Served::Elsewhere => return Ok(Outcome::Ignored(Ignored::OtherNumber)),
            Served::Unknown => {
                return Err(Failure::UnknownNumber(message.phone_number_id.clone()).into());
            }
        };
        let unmasked = self.unmasked(message, number).await?;
        let message = unmasked.as_ref().unwrap_or(message);
        if number.senders.unwanted(&message.from) == Some(Unwanted::Ignore) {
            return Ok(Outcome::Ignored(Ignored::Unwanted));
        }
        let key = LedgerKey::Message(message.wamid.clone());
        let now = self.app.clock.now();
        let first = LedgerEntry::claimed(now);
        let entry = match claim(&self.app.store, &key, first, decide_claim, now).await? {
            Claim::Ours(entry) => entry,
            Claim::Settled(_) => return Ok(Outcome::Ignored(Ignored::Duplicate)),
        };
        let mut written = Written::by_earlier_attempts(&entry);
        match self.process(message, number, &entry, &mut written).await {
            Ok(outcome) => {
                *is_in_jira = true;
                let settle = |entry: LedgerEntry| written.note_in(entry.settled());
                close(&self.app.store, &key, entry, settle).await?;
                if outcome == RECEIVED {
                    self.show_receipt(message, number).await;
                }
                Ok(outcome)
            }
            Err(failure) => {
                let now = self.app.clock.now();
                let release = |entry: LedgerEntry| written.note_in(entry.released(now));
                let released = close(&self.app.store, &key, entry, release).await;
                Err(unreleased(failure.into(), released))
            }
        }
    }

    /// Lets the customer see that the message has arrived: it is in Jira, and nothing else is left
    /// to do.
    async fn show_receipt(&self, message: &InboundMessage, settings: &NumberSettings) {
        if settings.mark_read == MarkRead::Stored && message.content.is_from_a_person() {
            let (number, wamid) = (&message.phone_number_id, &message.wamid);
            receipt::show(&self.whatsapp, number, wamid, ReadReceipt::Read).await;
        }
    }

    /// Tells the agents of the request, if there is one, that a message is missing in it.
    async fn put_aside(&self, message: &InboundMessage, later: &mut Later) {
        let told = match self.issue_of(message).await {
            Ok(Some(issue)) => self.not_written(&issue, message, later.cause.clone()).await,
            Ok(None) => return,
            Err(failure) => Err(failure),
        };
        if let Err(failure) = told {
            later.cause = format!("{}; the agents could not be told: {failure}", later.cause);
        }
    }

    async fn issue_of(&self, message: &InboundMessage) -> Result<Option<IssueRef>, Failure> {
        let found = self
            .find(&message.phone_number_id, &message.from, message.sent_at)
            .await?;
        Ok(found.conversation.issue)
    }

    async fn not_written(
        &self,
        issue: &IssueRef,
        message: &InboundMessage,
        cause: String,
    ) -> Result<(), Failure> {
        let note = Note::MessageNotWritten { cause };
        let about = format!("not-written:{}", message.wamid.fingerprint());
        note::write(&self.app.jira, &issue.id, &note, about, Before::Perhaps).await?;
        Ok(())
    }

    /// Does what the message asks for, and puts down in `written` how far it got.
    async fn process(
        &self,
        message: &InboundMessage,
        settings: &NumberSettings,
        entry: &LedgerEntry,
        written: &mut Written,
    ) -> Result<Outcome, Failure> {
        if let Some(outcome) = self.leave_stale(message, settings, entry).await? {
            return Ok(outcome);
        }
        let mut plan = self.plan(message, settings).await?;
        let Some(mut issue) = self.request(&mut plan, message).await? else {
            return Ok(Outcome::Ignored(match plan.request {
                RequestStep::Unwanted(_) => Ignored::Unwanted,
                _ => Ignored::NoRequest,
            }));
        };
        let age = self.app.clock.now() - message.sent_at;
        let mut result = self.write_in(&plan, &issue, message, entry, written).await;
        if let Err(Failure::Call(failure)) = &result
            && let Some(ended) = self.ended(&plan, &issue, message, failure).await?
        {
            plan = self
                .after_gone(plan, &issue, ended, message, settings)
                .await?;
            if let Some(opened) = self.request(&mut plan, message).await? {
                issue = opened;
            }
            result = self.write_in(&plan, &issue, message, entry, written).await;
        }
        let event = match result {
            Ok(()) => Event::Rendered(age),
            // Jira will never take it; the customer's next messages must not wait behind it.
            Err(Failure::Call(failure)) if fate(&failure) == Fate::GiveUp => {
                let failure = Failure::from(failure);
                let cause = failure.to_string();
                self.not_written(&issue, message, cause).await?;
                Event::of_failure(&failure)
            }
            Err(failure) => return Err(failure),
        };
        self.follow_up(&plan, &issue, message).await?;
        event.count();
        if plan
            .conversation
            .hour
            .is_some_and(|hour| hour.has_become_busy())
        {
            Event::ManyMessages.count();
        }
        Ok(RECEIVED)
    }

    /// Writes the message into the request of the plan.
    async fn write_in(
        &self,
        plan: &InboundPlan,
        issue: &IssueRef,
        message: &InboundMessage,
        entry: &LedgerEntry,
        written: &mut Written,
    ) -> Result<(), Failure> {
        let conversation = &plan.conversation;
        match self.write(issue, message, entry, written).await {
            Ok(()) if conversation.is_on_trial(&issue.id) => {
                let proven = |current: Conversation| current.proven(&issue.id);
                change_stored(&self.app.store, &conversation.key, proven).await?;
                Ok(())
            }
            Err(Failure::Call(failure)) => {
                let now = self.app.clock.now();
                Err(judged(failure, conversation, &issue.id, message, now).into())
            }
            result => result,
        }
    }

    /// What to do with the message, with the conversation written and Jira asked.
    async fn plan(
        &self,
        message: &InboundMessage,
        settings: &NumberSettings,
    ) -> Result<InboundPlan, Failure> {
        loop {
            let noted = self.take_note(message, settings).await?;
            self.arm(&noted).await?;
            if let Some(plan) = self.routed(noted, message, settings).await? {
                return Ok(plan);
            }
        }
    }

    /// Decides and writes the conversation: from here on the window is open.
    async fn take_note(
        &self,
        message: &InboundMessage,
        settings: &NumberSettings,
    ) -> Result<InboundPlan, Failure> {
        for _ in 0..ATTEMPTS {
            let found = self
                .find(&message.phone_number_id, &message.from, message.sent_at)
                .await?;
            let own = InboundMessage {
                from: found.identity.clone(),
                ..message.clone()
            };
            let current = &found.conversation;
            let mut plan = decide_inbound(current, &own, settings, self.app.clock.now());
            if matches!(
                plan.request,
                RequestStep::Nowhere | RequestStep::Unwanted(Unwanted::Ignore)
            ) {
                return Ok(plan);
            }
            if self.file(&found, &plan.conversation).await? == Saved::Yes {
                plan.conversation = raised(plan.conversation);
                return Ok(plan);
            }
        }
        Err(Failure::NotYet(
            "others keep changing the conversation",
            SOON,
        ))
    }

    /// Near timers go to the delay queue at once; the sweep takes up the others.
    async fn arm(&self, plan: &InboundPlan) -> Result<(), Failure> {
        let now = self.app.clock.now();
        let exact = plan.armed.iter().filter(|(timer, _)| timer.is_exact());
        let near: Vec<_> = exact
            .filter_map(|(timer, due_at)| {
                let due = DelayQueueMessage::TimerDue {
                    conversation: plan.conversation.key.clone(),
                    timer: *timer,
                    due_at: *due_at,
                };
                Some((due, timer::delay_until(*due_at, now)?))
            })
            .collect();
        if !near.is_empty() {
            self.delays.enqueue_later(&near).await?;
        }
        Ok(())
    }

    /// What the only sender has to do about the message.
    async fn follow_up(
        &self,
        plan: &InboundPlan,
        issue: &IssueRef,
        message: &InboundMessage,
    ) -> Result<(), Failure> {
        let conversation = plan.conversation.key.clone();
        let occasion = message.wamid.fingerprint();
        if plan.tell_of_lost_file {
            let told = OutboundQueueMessage::LostFile {
                conversation: conversation.clone(),
                generation: plan.conversation.notice_generation,
                issue_id: issue.id.clone(),
            };
            let id = format!("lost-file:{occasion}");
            self.outbound.enqueue(&told, &id).await?;
        }
        if let Some(wish) = plan.wish {
            let confirm = OutboundQueueMessage::ConfirmWish {
                conversation: conversation.clone(),
                wish,
                occasion: occasion.clone(),
                issue_id: issue.id.clone(),
            };
            let id = format!("wish:{occasion}");
            self.outbound.enqueue(&confirm, &id).await?;
        }
        if plan.release_held {
            let release = OutboundQueueMessage::ReleaseHeld {
                conversation,
                issue_id: issue.id.clone(),
            };
            let id = format!("release:{occasion}");
            self.outbound.enqueue(&release, &id).await?;
        }
        Ok(())
    }
}

/// What stood in the way of the work stays what the message goes back for, also when its entry
/// could not be released: that is free again when its lease ends.
fn unreleased(mut later: Later, released: Result<(), StoreFailure>) -> Later {
    if let Err(failure) = released {
        later.cause = format!("{}; its entry was not released: {failure}", later.cause);
    }
    later
}

fn before(entry: &LedgerEntry) -> Before {
    if entry.may_have_happened() {
        Before::Perhaps
    } else {
        Before::No
    }
}

#[cfg(test)]
mod tests;
