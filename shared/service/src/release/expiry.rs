//! Removes replies that were held for too long.

use casement_core::decide::hold_expiry::{has_expired, with_expiry};
use casement_core::model::identity::ConversationKey;
use casement_core::model::queue::ConversationTask;
use casement_core::say::notes::{Note, TimerNote};

use crate::app::{App, Outbound, Ports};
use crate::event::Event;
use crate::failure::Failure;
use crate::held::{self, terms_of};
use crate::note;
use crate::outcome::{Done, Ignored, Outcome};
use crate::ports::*;
use crate::release;
use crate::saving::change_stored;

/// Removes every expired reply, each with a note, and sets the timer for the next.
pub(crate) async fn run<P: Ports>(
    outbound: &Outbound<P>,
    task: &ConversationTask,
) -> Result<Outcome, Failure> {
    let key = &task.conversation;
    let app = &outbound.app;
    let Some(conversation) = release::load_released(outbound, key).await? else {
        return Ok(Outcome::Ignored(Ignored::NoConversation));
    };
    let terms = terms_of(app, key).await?;
    let mut expired = 0;
    for reply in held::all(app, &conversation).await? {
        if !has_expired(reply.held_since, terms.hold_for, app.clock.now()) {
            continue;
        }
        let note = Note::Timer(TimerNote::HoldExpired {
            held_since: reply.held_since.with_timezone(&terms.zone),
        });
        let about = format!("expired:{}", reply.comment_id.as_str());
        note::tell(app, &reply.issue_id, &note, about).await?;
        held::cancel(app, &conversation, &reply).await?;
        Event::HoldExpired.count();
        expired += 1;
    }
    set_expiry(app, key).await?;
    Ok(if expired > 0 {
        Outcome::Done(Done::HoldExpired)
    } else {
        Outcome::Ignored(Ignored::NotExpired)
    })
}

/// Sets the timer for the oldest reply that is still held.
async fn set_expiry<P: Ports>(app: &App<P>, key: &ConversationKey) -> Result<(), Failure> {
    let hold_for = terms_of(app, key).await?.hold_for;
    let held = app.store.held(key).await?;
    change_stored(&app.store, key, |current| {
        with_expiry(current, held.iter().map(|reply| reply.held_since), hold_for)
    })
    .await?;
    Ok(())
}
