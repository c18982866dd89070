//! Receives a customer's message, which becomes a request or a comment and opens the window.

mod blocked;
mod customer;
mod earlier;
mod file;
mod follow_up;
mod link;
mod opening;
mod others;
mod phone;
mod plan;
mod request;
mod stale;
mod written;

use casement_core::decide::inbound::RequestStep;
use casement_core::model::content::InboundMessage;
use casement_core::model::fate::{Fate, fate};
use casement_core::model::identity::IssueRef;
use casement_core::model::ledger::{Claim, KnownMessage, LedgerEntry, ReceivedMessage};
use casement_core::say::notes::Note;
use casement_core::settings::{MarkRead, NumberSettings, Served, Unwanted};

use self::customer::find;
use self::written::Written;
use crate::app::{App, Inbound, Ports};
use crate::claim::{Claimed, claim, close, release};
use crate::event::Event;
use crate::failure::{Failure, StoreFailure};
use crate::note::{self, Attempted};
use crate::outcome::{Done, Ignored, Later, Outcome};
use crate::ports::*;
use crate::receipt;

/// The attempts at a message that wait for the parts it can do without: its file, and the link to
/// an earlier request. With the queue's backoff that is some five minutes.
const PATIENCE: u32 = 6;

/// The outcome of a message that is in Jira.
const RECEIVED: Outcome = Outcome::Done(Done::Received);

/// The use case of a new message from a customer.
pub(crate) struct ReceiveMessage<'a> {
    pub(crate) message: &'a InboundMessage,
}

/// A message whose ledger entry is claimed, with the context that the steps need.
struct Receiving<'a, P: Ports> {
    inbound: &'a Inbound<P>,
    message: &'a InboundMessage,
    number: &'a NumberSettings,
    claim: &'a Claim,
}

impl ReceiveMessage<'_> {
    /// Runs the use case. An inner failure means that the message is in Jira and only its ledger
    /// entry is still open.
    pub(crate) async fn run<P: Ports>(
        self,
        inbound: &Inbound<P>,
    ) -> Result<Result<Outcome, StoreFailure>, Later> {
        let app = &inbound.app;
        let ignored = |reason| Ok(Ok(Outcome::Ignored(reason)));
        let settings = app.settings.current().await?;
        let number = match settings.served(&self.message.phone_number_id) {
            Served::Here(number) => number,
            Served::Elsewhere => return ignored(Ignored::OtherNumber),
            Served::Unknown => {
                let id = self.message.phone_number_id.clone();
                return Err(Failure::UnknownNumber(id).into());
            }
        };
        let unmasked = blocked::unmasked(app, self.message, number).await?;
        let message = unmasked.as_ref().unwrap_or(self.message);
        if number.senders.unwanted(&message.from) == Some(Unwanted::Ignore) {
            return ignored(Ignored::Unwanted);
        }
        if others::is_our_own(app, message).await? {
            return ignored(Ignored::Own);
        }
        let key = &message.wamid;
        let first = KnownMessage::Received(ReceivedMessage::default());
        let entry = match claim(&app.store, key, first, app.clock.now()).await? {
            Claimed::Ours(entry) => entry,
            Claimed::Settled(_) => return ignored(Ignored::Duplicate),
        };
        let mut written = Written::by_earlier_attempts(&entry);
        let receiving = Receiving {
            inbound,
            message,
            number,
            claim: &entry.claim,
        };
        match take_in(&receiving, &mut written).await {
            Ok(outcome) => {
                let settle = |entry: LedgerEntry<_>| written.note_in(entry.settled());
                let closed = close(&app.store, key, entry, settle).await;
                if closed.is_ok() {
                    others::count(app, message, number).await;
                }
                if closed.is_ok() && outcome == RECEIVED {
                    show_receipt(inbound, message, number).await;
                }
                Ok(closed.map(|()| outcome))
            }
            Err(failure) => {
                let so_far = |entry| written.note_in(entry);
                Err(release(app, key, entry, so_far, failure).await)
            }
        }
    }
}

/// Takes the message in, and records the progress in `written`.
async fn take_in<P: Ports>(
    receiving: &Receiving<'_, P>,
    written: &mut Written,
) -> Result<Outcome, Failure> {
    let app = &receiving.inbound.app;
    if let Some(outcome) = stale::leave_alone(receiving).await? {
        return Ok(outcome);
    }
    let mut plan = plan::make(receiving).await?;
    let Some(mut issue) = request::of_plan(receiving, &mut plan).await? else {
        return Ok(Outcome::Ignored(match plan.request {
            RequestStep::Unwanted(_) => Ignored::Unwanted,
            RequestStep::Quiet => Ignored::Quiet,
            _ => Ignored::NoRequest,
        }));
    };
    let age = app.clock.now() - receiving.message.sent_at;
    let mut result = written::write(receiving, &plan, &issue, written).await;
    if let Err(Failure::Call(failure)) = &result
        && let Some(ended) = request::ended(receiving, &plan, &issue, failure).await?
    {
        if !plan.may_open {
            return Ok(Outcome::Ignored(Ignored::Gone));
        }
        plan = plan::after_end(receiving, plan, &issue, ended).await?;
        if let Some(opened) = request::of_plan(receiving, &mut plan).await? {
            issue = opened;
        }
        result = written::write(receiving, &plan, &issue, written).await;
    }
    let event = match result {
        Ok(()) => Event::Rendered(age),
        // Jira will never take the message; the customer's next messages must not wait behind it.
        Err(Failure::Call(failure)) if fate(&failure) == Fate::GiveUp => {
            let failure = Failure::from(failure);
            tell_of_missing(app, &issue, receiving.message, failure.to_string()).await?;
            Event::of_failure(&failure)
        }
        Err(failure) => return Err(failure),
    };
    others::tell(receiving, &plan, &issue).await?;
    follow_up::enqueue(receiving, &plan, &issue).await?;
    link::link(receiving, &plan, &issue).await?;
    phone::tell_of_unknown(receiving, &plan.conversation, &issue).await?;
    phone::take_up(receiving, &plan.conversation.key, &issue).await?;
    if plan.is_shown && receiving.message.is_for_customers() {
        event.count();
    }
    let hour = plan.conversation.hour;
    if hour.is_some_and(|hour| hour.has_become_busy()) {
        Event::ManyMessages.count();
    }
    Ok(RECEIVED)
}

/// Shows the customer that the message has arrived, once nothing else is left to do.
async fn show_receipt<P: Ports>(
    inbound: &Inbound<P>,
    message: &InboundMessage,
    number: &NumberSettings,
) {
    let is_written = message.is_written_to_us() && message.content.is_from_a_person();
    if number.mark_read == MarkRead::Stored && is_written {
        let (number, wamid) = (&message.phone_number_id, &message.wamid);
        receipt::show(&inbound.whatsapp, number, wamid, ReadReceipt::Read).await;
    }
}

/// Tells the agents, in the customer's request if there is one, that a message is missing. If that
/// fails, `later` says so for the operators' log.
pub(crate) async fn put_aside<P: Ports>(app: &App<P>, message: &InboundMessage, later: &mut Later) {
    if !message.is_for_customers() {
        return;
    }
    let (number, customer) = (&message.phone_number_id, &message.from);
    let told = match find(app, number, customer, message.sent_at).await {
        Ok(found) => match found.conversation.issue {
            Some(issue) => tell_of_missing(app, &issue, message, later.cause.clone()).await,
            None => return,
        },
        Err(failure) => Err(failure),
    };
    if let Err(failure) = told {
        later.cause = format!("{}; the agents could not be told: {failure}", later.cause);
    }
}

async fn tell_of_missing<P: Ports>(
    app: &App<P>,
    issue: &IssueRef,
    message: &InboundMessage,
    cause: String,
) -> Result<(), Failure> {
    let note = Note::MessageNotWritten { cause };
    let about = format!("not-written:{}", message.wamid.fingerprint());
    note::write(&app.jira, &issue.id, &note, about, Attempted::Maybe).await?;
    Ok(())
}
