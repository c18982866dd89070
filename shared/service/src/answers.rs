//! The names of the notes that answer commands. The ledger knows by them which commands were carried
//! out.

use casement_core::decide::command::Command;
use casement_core::model::comment::ListedComment;
use casement_core::model::identity::CommentId;
use casement_core::model::ledger::{NoteKey, OutboundKey};
use chrono::{DateTime, Utc};

use crate::app::{App, Ports};
use crate::failure::StoreFailure;
use crate::ports::*;

/// Names the answer to `/cancel`.
pub(crate) fn cancel(command: &CommentId) -> String {
    format!("cancel:{}", command.as_str())
}

/// Names the answer to `/window`.
pub(crate) fn window(command: &CommentId) -> String {
    format!("window:{}", command.as_str())
}

/// Names the answer to an unknown command.
pub(crate) fn unknown(command: &CommentId) -> String {
    format!("unknown-command:{}", command.as_str())
}

/// Names the refusal of a `/template` as it stood after its last edit.
pub(crate) fn refusal(command: &CommentId, updated: DateTime<Utc>) -> String {
    let (id, updated) = (command.as_str(), updated.timestamp_millis());
    format!("template-refused:{id}:{updated}")
}

/// Names the answer to a `/phone` that was not carried out, as it stood after its last edit.
pub(crate) fn not_asked(command: &CommentId, updated: DateTime<Utc>) -> String {
    let (id, updated) = (command.as_str(), updated.timestamp_millis());
    format!("phone-not-asked:{id}:{updated}")
}

/// Names the answer to a command as it stood after its last edit.
pub(crate) fn of(command: &Command, comment: &CommentId, updated: DateTime<Utc>) -> String {
    match command {
        Command::Cancel => cancel(comment),
        Command::Window => window(comment),
        Command::Unknown => unknown(comment),
        Command::Phone => not_asked(comment, updated),
        Command::Template(_) => refusal(comment, updated),
    }
}

/// Decides whether the command in a listed comment was answered.
///
/// # Errors
/// The store failed; try later.
pub(crate) async fn is_answered<P: Ports>(
    app: &App<P>,
    comment: &ListedComment,
    command: &Command,
) -> Result<bool, StoreFailure> {
    let id = &comment.id;
    let sent = match command {
        Command::Template(_) => Some(OutboundKey::template(id)),
        Command::Phone => Some(OutboundKey::phone(id)),
        Command::Cancel | Command::Window | Command::Unknown => None,
    };
    if let Some(key) = sent
        && app.store.entry(&key).await?.is_some()
    {
        return Ok(true);
    }
    let answer = of(command, id, comment.updated);
    Ok(app.store.entry(&NoteKey(answer)).await?.is_some())
}
