//! Confirms a customer's opt-out from automatic messages, or its end, once.

use casement_core::model::ledger::OutboundKey;
use casement_core::model::queue::OptOutTask;
use casement_core::say::notes::{Note, OptOutNote};
use casement_core::say::texts::TextKey;

use crate::app::{Outbound, Ports};
use crate::automatic::{Automatic, served};
use crate::failure::Failure;
use crate::note::{self, Attempted};
use crate::outcome::{Done, Outcome};
use crate::ports::*;
use crate::saving::load_joined;

/// Sends the confirmation, even to a customer who has opted out, since it answers that. The
/// agents get a note in any case.
pub(crate) async fn run<P: Ports>(
    outbound: &Outbound<P>,
    task: &OptOutTask,
) -> Result<Outcome, Failure> {
    let (key, issue) = (&task.conversation, &task.issue_id);
    let (opt_out, occasion) = (task.opt_out, task.occasion.as_str());
    let app = &outbound.app;
    let conversation = load_joined(&app.store, key).await?;
    let (conversation, number) = match served(app, conversation).await? {
        Ok(served) => served,
        Err(why) => return Ok(Outcome::Ignored(why)),
    };
    let now = app.clock.now();
    let note = |confirmed: Option<String>| {
        let confirmed = confirmed.map(Into::into);
        Note::OptOut(OptOutNote { opt_out, confirmed })
    };
    let outbound_key = OutboundKey::opt_out(occasion);
    let about = outbound_key.source.to_string();
    let recipient = conversation.identity.recipient();
    let may_send = conversation.window_is_open(now) && !conversation.is_held_by_another(now);
    if let Some(recipient) = recipient.filter(|_| may_send) {
        let text = number.words(&conversation, now).say(if opt_out.is_stop() {
            TextKey::OptedOut
        } else {
            TextKey::OptedIn
        });
        let message = Automatic {
            conversation: &conversation.key,
            key: outbound_key,
            recipient: &recipient,
            issue,
            message: OutgoingMessage::Text(&text),
            note: note(Some(text.clone())),
        };
        if message.send(outbound).await? {
            return Ok(Outcome::Done(Done::OptOutConfirmed));
        }
    }
    note::leave(&app.jira, issue, &note(None), about, Attempted::Maybe).await?;
    Ok(Outcome::Done(Done::OptOutNoted))
}
