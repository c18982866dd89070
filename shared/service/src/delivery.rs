//! Tells the agent whether a reply was delivered.

use casement_core::model::delivery_state::DeliveryState;
use casement_core::model::fate::{Fate, WhatsappCode, fate};
use casement_core::model::identity::{CommentId, IssueId};
use casement_core::model::ledger::OutboundSource;
use casement_core::model::status::Delivery;
use casement_core::say::notes::{DeliveryNote, Note, PhoneNote, TemplateNote};

use crate::app::{App, Ports};
use crate::event::Event;
use crate::failure::Failure;
use crate::note;
use crate::ports::*;

/// The attempts at writing a state that changes during the write.
const ATTEMPTS: u32 = 3;

/// Leaves a note that WhatsApp does not deliver the message from `source`: one note, however many
/// of its parts fail.
///
/// # Errors
/// The store or Jira failed; repeat it.
pub(crate) async fn tell_of_failure<P: Ports>(
    app: &App<P>,
    issue: &IssueId,
    source: &OutboundSource,
    code: Option<WhatsappCode>,
) -> Result<(), Failure> {
    let note = match source {
        OutboundSource::Comment(_) => Note::NotDelivered { code },
        OutboundSource::Template(_) => Note::Template(TemplateNote::NotDelivered { code }),
        OutboundSource::Reopening(_) => Note::Template(TemplateNote::not_announced(code)),
        OutboundSource::Phone(_) => Note::Phone(PhoneNote::NotDelivered { code }),
        OutboundSource::Notice(_)
        | OutboundSource::KeepOpen(_)
        | OutboundSource::LostFile(_)
        | OutboundSource::OptOut(_) => Note::Delivery(DeliveryNote::AutomaticFailed { code }),
    };
    let about = format!("failed:{source}");
    note::leave_together(app, issue, &note, about).await
}

/// Shows the delivery state on a comment, if `news` about one of its parts is worth a call.
///
/// Nothing depends on good news: the next news makes up for a missing one, so a failure is only
/// logged. A failed delivery is the last news of a message, so that must be shown. Where the
/// account may not write to agents' comments, nothing is shown and nobody is alerted: the notes say
/// what matters.
///
/// # Errors
/// Bad news could not be shown, and may be later; repeat it.
pub(crate) async fn show<P: Ports>(
    app: &App<P>,
    source: &OutboundSource,
    news: Delivery,
) -> Result<(), Failure> {
    let (OutboundSource::Comment(comment) | OutboundSource::Template(comment)) = source else {
        return Ok(());
    };
    if news == Delivery::Sent {
        return Ok(());
    }
    match show_state(app, source, comment, news).await {
        Err(failure) if matches!(news, Delivery::Failed(_)) && may_pass(&failure) => Err(failure),
        Err(failure) => {
            Event::NotShown("delivery_state").count();
            tracing::warn!(%failure, "the comment does not show how far it is");
            Ok(())
        }
        Ok(Shown::Yes) => Ok(()),
        Ok(Shown::NotAllowed) => {
            Event::NotShown("edit_all_comments").count();
            Ok(())
        }
    }
}

/// Decides whether trying again may help. The comment may be gone, or not be ours to write to.
fn may_pass(failure: &Failure) -> bool {
    match failure {
        Failure::Call(failure) => {
            !failure.is_not_found() && !matches!(fate(failure), Fate::Gone | Fate::GiveUp)
        }
        _ => true,
    }
}

async fn show_state<P: Ports>(
    app: &App<P>,
    source: &OutboundSource,
    comment: &CommentId,
    news: Delivery,
) -> Result<Shown, Failure> {
    let parts = app.store.parts(source).await?;
    let state = DeliveryState::of(&parts);
    if !state.is_worth_showing_after(news) {
        return Ok(Shown::Yes);
    }
    // The requests of a number are in one project, and permissions are per project.
    let first = parts.values().next();
    let project = first.map_or("", |part| part.about.conversation.phone_number_id.as_str());
    write_until_stable(app, source, comment, state, project).await
}

/// Writes the state until the ledger agrees with it. Two reports at the same time may write in
/// either order; the worker that writes the older state sees that the ledger has changed, and
/// writes again.
async fn write_until_stable<P: Ports>(
    app: &App<P>,
    source: &OutboundSource,
    comment: &CommentId,
    mut state: DeliveryState,
    project: &str,
) -> Result<Shown, Failure> {
    for _ in 0..ATTEMPTS {
        let now = app.clock.now();
        let shown = app
            .jira
            .show_delivery(comment, &state, project, now)
            .await?;
        if shown == Shown::NotAllowed {
            return Ok(shown);
        }
        let newer = DeliveryState::of(&app.store.parts(source).await?);
        if newer == state {
            break;
        }
        state = newer;
    }
    Ok(Shown::Yes)
}
