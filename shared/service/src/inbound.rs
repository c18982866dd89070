//! A customer's message becomes a request or a comment, and opens the window.

mod customer;
mod earlier;
mod file;
mod identity_change;
mod request;
mod written;

use casement_core::fate::{Fate, fate};
use casement_core::identity::IssueRef;
use casement_core::inbound::{InboundMessage, InboundPlan, RequestStep, decide_inbound};
use casement_core::ledger::{LedgerEntry, LedgerKey, decide_claim};
use casement_core::notes::Note;
use casement_core::queue::{DelayQueueMessage, OutboundQueueMessage};
use casement_core::settings::{NumberSettings, Unwanted};
use casement_core::timer;
use chrono::Duration;

use self::written::Written;
use crate::claim::{Claim, claim, close};
use crate::event::Event;
use crate::failure::{Failure, Later, Outcome};
use crate::note::{self, Before};
use crate::ports::{
    Clock, DelayQueue, Jira, MediaFiles, OutboundQueue, Saved, SettingsSource, Store,
};
use crate::saving::raised;

/// How often a conversation is decided upon anew because somebody else has changed it.
const ATTEMPTS: u32 = 8;

/// How soon another attempt is worth while after somebody else has changed the conversation.
const SOON: Duration = Duration::seconds(1);

/// The use case of `inbound-message`.
#[derive(Debug)]
pub struct Inbound<S, J, W, Q, T, C> {
    /// The table.
    pub store: S,
    /// Jira.
    pub jira: J,
    /// WhatsApp, which keeps customers' files.
    pub whatsapp: W,
    /// The outbound and the delay queue.
    pub queues: Q,
    /// The owner's settings.
    pub settings: T,
    /// The clock.
    pub clock: C,
}

impl<S, J, W, Q, T, C> Inbound<S, J, W, Q, T, C>
where
    S: Store,
    J: Jira,
    W: MediaFiles,
    Q: OutboundQueue + DelayQueue,
    T: SettingsSource,
    C: Clock,
{
    /// Takes a customer's message into Jira, once, however often it is delivered. `last`: it goes
    /// to the dead letters if this attempt fails, so the agents are told.
    ///
    /// # Errors
    /// [`Later`]: put the message back. Nothing is lost and nothing will be repeated.
    pub async fn receive(&self, message: &InboundMessage, last: bool) -> Result<Outcome, Later> {
        let settings = self.settings.current().await?;
        let Some(number) = settings.number(&message.phone_number_id) else {
            return Ok(Outcome::Ignored("unknown_number"));
        };
        if number.senders.unwanted(&message.from) == Some(Unwanted::Ignore) {
            return Ok(Outcome::Ignored("unwanted"));
        }
        let key = LedgerKey::Message(message.wamid.clone());
        let now = self.clock.now();
        let first = LedgerEntry::claimed(now);
        let entry = match claim(&self.store, &key, first, decide_claim, now).await? {
            Claim::Ours(entry) => entry,
            Claim::Settled(_) => return Ok(Outcome::Ignored("duplicate")),
        };
        let mut written = Written::by_earlier_attempts(&entry);
        match self.process(message, number, &entry, &mut written).await {
            Ok(outcome) => {
                let settle = |entry: LedgerEntry| written.note_in(entry.settled());
                close(&self.store, &key, entry, settle).await?;
                Ok(outcome)
            }
            Err(failure) => {
                let now = self.clock.now();
                let release = |entry: LedgerEntry| written.note_in(entry.released(now));
                close(&self.store, &key, entry, release).await?;
                let mut later = Later::from(failure);
                if last {
                    self.put_aside(message, &mut later).await;
                }
                Err(later)
            }
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
        let found = self.find(&message.phone_number_id, &message.from).await?;
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
        note::leave(&self.jira, &issue.id, &note, about, Before::Perhaps).await?;
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
        let mut plan = self.plan(message, settings).await?;
        let Some(mut issue) = self.request(&mut plan).await? else {
            return Ok(Outcome::Ignored(match plan.request {
                RequestStep::Unwanted(_) => "unwanted",
                _ => "no_request",
            }));
        };
        let age = self.clock.now() - message.sent_at;
        let event = match self.write(&issue, message, entry, written).await {
            Ok(()) => Event::Rendered(age),
            Err(Failure::Call(failure)) if fate(&failure) == Fate::Gone => {
                plan = self.after_gone(plan, &issue, message, settings).await?;
                if let Some(opened) = self.request(&mut plan).await? {
                    issue = opened;
                }
                self.write(&issue, message, entry, written).await?;
                Event::Rendered(age)
            }
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
        Ok(Outcome::Done("received"))
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
            let found = self.find(&message.phone_number_id, &message.from).await?;
            let own = InboundMessage {
                from: found.identity.clone(),
                ..message.clone()
            };
            let current = &found.conversation;
            let mut plan = decide_inbound(current, &own, settings, self.clock.now());
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
        let now = self.clock.now();
        if let Some(delay) = plan
            .armed
            .and_then(|due_at| timer::delay_until(due_at, now))
        {
            let due = DelayQueueMessage::NoticeDue {
                conversation: plan.conversation.key.clone(),
                generation: plan.conversation.notice_generation,
            };
            self.queues.enqueue_later(&[(due, delay)]).await?;
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
            self.queues.enqueue(&told, &id).await?;
        }
        if let Some(wish) = plan.wish {
            let confirm = OutboundQueueMessage::ConfirmWish {
                conversation: conversation.clone(),
                wish,
                occasion: occasion.clone(),
                issue_id: issue.id.clone(),
            };
            let id = format!("wish:{occasion}");
            self.queues.enqueue(&confirm, &id).await?;
        }
        if plan.release_held {
            let release = OutboundQueueMessage::ReleaseHeld {
                conversation,
                issue_id: issue.id.clone(),
            };
            let id = format!("release:{occasion}");
            self.queues.enqueue(&release, &id).await?;
        }
        Ok(())
    }
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
