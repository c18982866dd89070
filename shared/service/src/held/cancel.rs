//! Cancels held replies when an agent asks for it.

use casement_core::model::comment::Comment;
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::IssueId;
use casement_core::model::ledger::{OutboundKey, SentEntry, SentMessage};
use casement_core::say::notes::Note;
use chrono::{DateTime, Utc};

use crate::answers;
use crate::app::{App, Ports};
use crate::claim::{Claimed, claim, close};
use crate::failure::Failure;
use crate::held::{self, Removed};
use crate::note;
use crate::outcome::{Done, Outcome};
use crate::ports::*;

/// Cancels every reply of the conversation that was held when `command` was written. The time
/// matters because the webhook may come again when other replies are held.
pub(crate) async fn cancel_all<P: Ports>(
    app: &App<P>,
    conversation: &Conversation,
    command: &Comment,
    issue: &IssueId,
) -> Result<Outcome, Failure> {
    let mut held = held::all(app, conversation).await?;
    held.retain(|reply| reply.created <= command.created);
    let note = Note::Cancelled { count: held.len() };
    let about = answers::cancel(&command.id);
    note::answer(app, issue, &note, about).await?;
    for reply in &held {
        cancel(app, conversation, reply).await?;
    }
    Ok(Outcome::Done(Done::Cancelled))
}

/// Closes the reply in the ledger and removes it.
pub(crate) async fn cancel<P: Ports>(
    app: &App<P>,
    conversation: &Conversation,
    reply: &HeldReply,
) -> Result<(), Failure> {
    let key = OutboundKey::comment(&reply.comment_id, 0);
    close_unsent(app, conversation, &key, &reply.issue_id, reply.created).await?;
    held::remove(app, &conversation.key, reply, Removed::Unsent).await
}

/// Closes a message in the ledger, so that no later webhook about its comment sends it after all.
pub(crate) async fn close_unsent<P: Ports>(
    app: &App<P>,
    conversation: &Conversation,
    key: &OutboundKey,
    issue: &IssueId,
    written: DateTime<Utc>,
) -> Result<(), Failure> {
    let first = SentMessage {
        source_created: Some(written),
        ..SentMessage::new(&conversation.key, issue)
    };
    match claim(&app.store, key, first, app.clock.now()).await? {
        Claimed::Ours(entry) => close(&app.store, key, entry, SentEntry::cancelled).await?,
        // A part of the reply was sent before: the rest is not sent any more.
        Claimed::Settled(entry) => {
            close(&app.store, key, entry, SentEntry::without_the_rest).await?;
        }
    }
    Ok(())
}
