//! Tells a customer, once in a wait, that a file did not get through.

use casement_core::model::content::Unseen;
use casement_core::model::ledger::OutboundKey;
use casement_core::model::queue::WaitTask;
use casement_core::say::notes::Note;
use casement_core::say::texts::TextKey;

use crate::app::{Outbound, Ports};
use crate::automatic::{Automatic, served};
use crate::failure::Failure;
use crate::note::{self, Attempted};
use crate::outcome::{Done, Ignored, Outcome};
use crate::ports::*;
use crate::saving::load_joined;

/// Tells the customer, or the agents if the customer cannot be told.
pub(crate) async fn run<P: Ports>(
    outbound: &Outbound<P>,
    task: &WaitTask,
) -> Result<Outcome, Failure> {
    let (key, generation) = (&task.conversation, task.generation);
    let app = &outbound.app;
    let conversation = load_joined(&app.store, key).await?;
    let (conversation, number) = match served(app, conversation).await? {
        Ok(served) => served,
        Err(why) => return Ok(Outcome::Ignored(why)),
    };
    let Some(issue) = &conversation.issue else {
        return Ok(Outcome::Ignored(Ignored::NoRequest));
    };
    let untold = async |why: Ignored| {
        let note = Note::Unseen(Unseen::LostFile);
        let about = format!("untold:{}", OutboundKey::lost_file(key, generation).source);
        note::leave(&app.jira, &issue.id, &note, about, Attempted::Maybe).await?;
        Ok(Outcome::Ignored(why))
    };
    if conversation.opted_out {
        return untold(Ignored::OptedOut).await;
    }
    if conversation.is_held_by_another(app.clock.now()) {
        return untold(Ignored::HeldByAnother).await;
    }
    if !conversation.window_is_open(app.clock.now()) {
        return untold(Ignored::WindowClosed).await;
    }
    let Some(recipient) = conversation.identity.recipient() else {
        return untold(Ignored::NoRecipient).await;
    };
    let words = number.words(&conversation, app.clock.now());
    let text = words.say(TextKey::LostFile);
    let message = Automatic {
        conversation: key,
        key: OutboundKey::lost_file(key, generation),
        recipient: &recipient,
        issue: &issue.id,
        message: OutgoingMessage::Text(&text),
        note: Note::LostFileTold {
            text: text.clone().into(),
        },
    };
    Ok(if message.send(outbound).await? {
        Outcome::Done(Done::LostFileTold)
    } else {
        Outcome::Ignored(Ignored::Refused)
    })
}
