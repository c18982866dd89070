//! What became of a reply on its way, told to the agent.

use casement_core::delivery_state::DeliveryState;
use casement_core::fate::WhatsappCode;
use casement_core::identity::{CommentId, IssueId};
use casement_core::ledger::OutboundSource;
use casement_core::notes::{DeliveryNote, Note, TemplateNote};
use casement_core::status::Delivery;

use crate::event::Event;
use crate::failure::{Failure, StoreFailure};
use crate::note;
use crate::ports::{Clock, Comments, Ledger};

/// How often the state is written anew because it changed while it was written.
const ATTEMPTS: u32 = 3;

/// Leaves the note that WhatsApp does not deliver what comes from `source`: one, however many of
/// its parts fail.
///
/// # Errors
/// The store or Jira failed; repeat it.
pub(crate) async fn tell_of_failure(
    store: &impl Ledger,
    jira: &impl Comments,
    clock: &impl Clock,
    issue: &IssueId,
    source: &OutboundSource,
    code: Option<WhatsappCode>,
) -> Result<(), Failure> {
    let note = match source {
        OutboundSource::Comment(_) => Note::NotDelivered { code },
        OutboundSource::Template(_) => Note::Template(TemplateNote::NotDelivered { code }),
        OutboundSource::Reopening(_) => Note::Template(TemplateNote::not_announced(code)),
        OutboundSource::Notice(_)
        | OutboundSource::KeepOpen(_)
        | OutboundSource::LostFile(_)
        | OutboundSource::Wish(_) => Note::Delivery(DeliveryNote::AutomaticFailed { code }),
    };
    let about = format!("failed:{source}");
    note::leave_together(store, jira, clock, issue, &note, about).await
}

/// Shows on a comment how far it has come, if `news` about one of its parts is worth a call.
/// Nothing depends on it, so a failure is logged and no more: the next news makes it good.
pub(crate) async fn show(
    store: &impl Ledger,
    jira: &impl Comments,
    comment: &CommentId,
    news: Delivery,
) {
    if news == Delivery::Sent {
        return;
    }
    match state_of(store, comment).await {
        Ok(state) if state.is_worth_showing_after(news) => {
            write_until_stable(store, jira, comment, state).await;
        }
        Ok(_) => {}
        Err(failure) => not_shown(&failure),
    }
}

/// Two reports at the same time may write in either order. Whoever writes the older state sees
/// that the ledger has gone on, and writes again.
async fn write_until_stable(
    store: &impl Ledger,
    jira: &impl Comments,
    comment: &CommentId,
    mut state: DeliveryState,
) {
    for _ in 0..ATTEMPTS {
        if let Err(failure) = jira.show_delivery(comment, &state).await {
            not_shown(&failure);
            return;
        }
        match state_of(store, comment).await {
            Ok(newer) if newer != state => state = newer,
            Ok(_) => return,
            Err(failure) => {
                not_shown(&failure);
                return;
            }
        }
    }
}

async fn state_of(store: &impl Ledger, comment: &CommentId) -> Result<DeliveryState, StoreFailure> {
    let source = OutboundSource::Comment(comment.clone());
    Ok(DeliveryState::of(&store.parts(&source).await?))
}

fn not_shown(failure: &dyn std::fmt::Display) {
    Event::NotShown("delivery_state").count();
    tracing::warn!(%failure, "the comment does not show how far it is");
}
