//! Tells and counts what other senders of the number do.

use casement_core::decide::inbound::InboundPlan;
use casement_core::model::content::{InboundContent, InboundMessage, Via};
use casement_core::model::conversation::Holder;
use casement_core::model::identity::IssueRef;
use casement_core::model::ledger::KnownMessage;
use casement_core::model::sighting::Sighting;
use casement_core::say::notes::{ControlNote, Note};
use casement_core::settings::NumberSettings;

use super::Receiving;
use crate::app::{App, Ports};
use crate::event::Event;
use crate::failure::Failure;
use crate::note;
use crate::ports::*;

/// Returns whether the message is the echo of one that Casement sent.
pub(super) async fn is_our_own<P: Ports>(
    app: &App<P>,
    message: &InboundMessage,
) -> Result<bool, Failure> {
    let Some(echoed) = message.wamid.echoed() else {
        return Ok(false);
    };
    let known = app.store.entry(&echoed).await?;
    Ok(known.is_some_and(|known| matches!(known.about, KnownMessage::Sent(_))))
}

/// Tells the agents who holds the conversation, if the message shows that this has changed.
pub(super) async fn tell<P: Ports>(
    receiving: &Receiving<'_, P>,
    plan: &InboundPlan,
    issue: &IssueRef,
) -> Result<(), Failure> {
    let Some(holder) = plan.came_to else {
        return Ok(());
    };
    let note = Note::Control(ControlNote::GoesTo(holder));
    let about = format!("held-by:{}", receiving.message.wamid.fingerprint());
    note::tell(&receiving.inbound.app, &issue.id, &note, about).await
}

/// Counts what another sender does, once a message is dealt with.
pub(super) async fn count<P: Ports>(
    app: &App<P>,
    message: &InboundMessage,
    number: &NumberSettings,
) {
    let seen = match (message.via, &message.content) {
        (Via::Direct, InboundContent::Handover(handover)) => match handover.to {
            Holder::Casement => "handed_over",
            Holder::Another => "taken_over",
        },
        (Via::Direct, _) => return,
        // An owner who has not set anything may not know that somebody else answers.
        (Via::Standby, _) if number.standby.is_none() => "unexpected",
        (Via::Standby, _) => "customer",
        (Via::AgentEcho | Via::BotEcho, _) => "agent",
        (Via::AppEcho, _) => "app",
        (Via::OtherEcho, _) => "other",
    };
    Event::OtherSender(seen).count();
    if matches!(message.via, Via::AppEcho | Via::OtherEcho) {
        return;
    }
    if let Err(failure) = app
        .store
        .saw(Sighting::AnotherSender, app.clock.now())
        .await
    {
        tracing::warn!(%failure, "that another sender was seen was not recorded");
    }
}
