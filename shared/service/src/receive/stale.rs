//! Handles messages that come too late to be taken in.

use casement_core::decide::freshness::{Happening, is_backlog};
use casement_core::say::notes::{Note, StaleNote};

use super::Receiving;
use super::customer::find;
use crate::app::Ports;
use crate::failure::Failure;
use crate::note;
use crate::outcome::Outcome;
use crate::ports::*;

/// Ignores a message that came too late, and says so in the conversation's request. `None`: the
/// message is to be taken in.
pub(super) async fn leave_alone<P: Ports>(
    receiving: &Receiving<'_, P>,
) -> Result<Option<Outcome>, Failure> {
    let &Receiving {
        message,
        number,
        claim,
        ..
    } = receiving;
    let app = &receiving.inbound.app;
    let (what, sent_at) = (Happening::CustomerMessage, message.sent_at);
    if !claim.was_begun_too_late(what, sent_at) {
        return Ok(None);
    }
    let found = find(app, &message.phone_number_id, &message.from, sent_at).await?;
    let now = app.clock.now();
    if is_backlog(&found.conversation, now) {
        return Ok(None);
    }
    if let Some(issue) = &found.conversation.issue
        && number.senders.unwanted(&message.from).is_none()
    {
        let sent_at = sent_at.with_timezone(&number.time_zone);
        let note = Note::Stale(StaleNote::Message { sent_at });
        let (id, day) = (issue.id.as_str(), now.format("%Y-%m-%d"));
        let about = format!("stale-message:{id}:{day}");
        // Messages from two numbers of one customer may come in at the same time.
        note::leave_together(app, &issue.id, &note, about).await?;
    }
    Ok(Some(Outcome::Ignored(what.into())))
}
