//! Sends a message of ours once. This is the only place that claims a send, makes it and closes it.

use casement_core::model::comment::Body;
use casement_core::model::fate::{CallFailure, Fate, WhatsappCode, fate};
use casement_core::model::identity::{CommentId, PhoneNumberId, Recipient, Wamid};
use casement_core::model::ledger::{
    KnownMessage, LedgerEntry, OutboundKey, SentEntry, SentMessage, SentReference,
};
use casement_core::model::status::Delivery;
use casement_core::say::notes::Note;
use chrono::Duration;

use crate::app::{App, Ports};
use crate::claim::{Claimed, claim, close};
use crate::event::Event;
use crate::failure::{Failure, StoreFailure};
use crate::ports::*;

/// The delay before asking again when Meta says "closed" although the window is clearly open by our
/// clock. In rare cases Meta lags behind the customer's message (Cloud API, "Send messages": known
/// issue).
const SECOND_OPINION: Duration = Duration::seconds(45);

/// The key and the address of a message.
pub(crate) struct Addressed<'a> {
    pub(crate) key: OutboundKey,
    pub(crate) number: &'a PhoneNumberId,
    pub(crate) recipient: &'a Recipient,
    /// The customer's message that this one answers.
    pub(crate) in_answer_to: Option<&'a Wamid>,
    pub(crate) window_is_open: bool,
}

/// WhatsApp's response to a message.
pub(crate) enum Sent {
    /// WhatsApp has accepted the message.
    Accepted(AcceptedTemplate),
    /// WhatsApp will never accept the message.
    Refused(Option<WhatsappCode>),
    /// The agent took the message back before it was sent.
    TakenBack,
    /// The window is closed. The message may be sent in the next one.
    WindowClosed,
}

/// The attempt that got the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Was {
    /// This attempt.
    Now,
    /// An earlier attempt.
    Before,
}

/// The effect of a closed window on a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WhenClosed {
    /// The message waits for the next window.
    Wait {
        /// Whether the window is open by our clock. Then Meta is asked twice.
        seems_open: bool,
    },
    /// The message will not be sent: it is of no use later, or it needs no window.
    Refuse,
}

/// Sends the message of `key`, if no earlier attempt has, under the existing entry or one about
/// `first`. An accepted message is known by its id from then on, and a refusal is recorded with its
/// code.
///
/// # Errors
/// WhatsApp gave no usable answer, another worker is at the same message, or the store failed:
/// repeat it.
pub(crate) async fn send_once<P: Ports>(
    app: &App<P>,
    key: &OutboundKey,
    first: SentMessage,
    when_closed: WhenClosed,
    send: impl AsyncFnOnce(&mut SentEntry) -> Result<Result<AcceptedTemplate, CallFailure>, Failure>,
) -> Result<(Sent, Was), Failure> {
    let (sent, was, message) = match claim(&app.store, key, first, app.clock.now()).await? {
        Claimed::Settled(entry) => (read_back(&entry.about), Was::Before, entry.about),
        Claimed::Ours(mut entry) => {
            let answer = send(&mut entry).await?;
            let sent = conclude(app, key, &entry, when_closed, answer).await?;
            (sent, Was::Now, entry.about)
        }
    };
    if let Sent::Accepted(accepted) = &sent {
        let known = KnownMessage::Sent(SentReference::new(key, &message));
        let known = LedgerEntry::claimed(known, app.clock.now()).settled();
        app.store.create(&accepted.wamid, &known).await?;
    }
    Ok((sent, was))
}

/// Reads the result of an earlier attempt from its settled entry. Every message that WhatsApp has
/// accepted has an id, from the answer or from a report.
fn read_back(message: &SentMessage) -> Sent {
    match (message.delivery, &message.wamid) {
        _ if message.taken_back => Sent::TakenBack,
        (Some(Delivery::Failed(code)), _) => Sent::Refused(code),
        (_, Some(wamid)) => Sent::Accepted(AcceptedTemplate {
            wamid: wamid.clone(),
            phone: message.recipient.clone(),
            hold: message.template_hold,
        }),
        (_, None) => Sent::Refused(None),
    }
}

/// Closes the entry according to the answer to the send.
async fn conclude<P: Ports>(
    app: &App<P>,
    key: &OutboundKey,
    entry: &SentEntry,
    when_closed: WhenClosed,
    answer: Result<AcceptedTemplate, CallFailure>,
) -> Result<Sent, Failure> {
    let now = app.clock.now();
    let close_as = async |change: &dyn Fn(SentEntry) -> SentEntry| {
        close(&app.store, key, entry.clone(), change).await
    };
    let failure = match answer {
        Ok(accepted) => {
            close_as(&|mut entry| {
                let known = entry.about.recipient;
                entry.about.wamid = Some(accepted.wamid.clone());
                entry.about.recipient = accepted.phone.clone().or(known);
                entry.about.template_hold = accepted.hold;
                entry.settled()
            })
            .await?;
            return Ok(Sent::Accepted(accepted));
        }
        Err(failure) => failure,
    };
    match (fate(&failure), when_closed) {
        (Fate::Resolve, _) => {
            close_as(&|entry| entry.unresolved(now)).await?;
            Err(failure.into())
        }
        (Fate::Retry(_) | Fate::Pause, _) => {
            close_as(&|entry| entry.released(now)).await?;
            Err(failure.into())
        }
        (Fate::Hold, WhenClosed::Wait { seems_open }) => {
            close_as(&|entry| entry.released(now)).await?;
            if seems_open && entry.claim.attempts == 1 {
                let cause = "Meta says that the window is closed";
                return Err(Failure::NotYet(cause, SECOND_OPINION));
            }
            Ok(Sent::WindowClosed)
        }
        (Fate::Hold | Fate::GiveUp | Fate::Gone, _) => {
            let code = failure.whatsapp_code();
            Event::SendFailed(code).count();
            close_as(&|entry| entry.reported(Delivery::Failed(code), now).settled()).await?;
            Ok(Sent::Refused(code))
        }
    }
}

/// Makes the id of an automatic message lead to the note about it, so that the customer's answer
/// shows what it answers. Idempotent. `left` is the note's comment, if a note was left.
///
/// # Errors
/// The store failed; repeat it.
pub(crate) async fn remember_note<P: Ports>(
    app: &App<P>,
    wamid: &Wamid,
    note: &Note,
    left: Option<CommentId>,
) -> Result<(), StoreFailure> {
    let Some(left) = left else {
        return Ok(());
    };
    let digest = Body::of(&note.document()).digest(&left);
    while let Some(mut known) = app.store.entry(wamid).await? {
        match known.about {
            KnownMessage::Sent(sent) if sent.comment.as_ref() != Some(&left) => {
                known.about = KnownMessage::Sent(sent.with_note(left.clone(), digest.clone()));
            }
            _ => break,
        }
        if app.store.update(wamid, &known).await? == Saved::Yes {
            break;
        }
    }
    Ok(())
}
