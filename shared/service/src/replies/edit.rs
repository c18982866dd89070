//! Follows an agent's edit of a comment.

use casement_core::decide::edit::{EditDecision, decide_edit};
use casement_core::decide::reply::ReplyDecision;
use casement_core::model::comment::Comment;
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::IssueId;
use casement_core::model::ledger::{OutboundKey, SentEntry};
use casement_core::say::notes::Note;

use crate::app::{App, Ports};
use crate::claim::close;
use crate::comment;
use crate::failure::Failure;
use crate::held::{self, Removed};
use crate::note;
use crate::outcome::{Done, Outcome};
use crate::ports::*;

/// Carries out an edit. `None`: the edit asks for nothing beyond the usual handling of the comment,
/// given in `reply`.
pub(crate) async fn follow_edit<P: Ports>(
    app: &App<P>,
    conversation: &Conversation,
    comment: &Comment,
    issue: &IssueId,
    reply: &ReplyDecision,
) -> Result<Option<Outcome>, Failure> {
    if comment.updated <= comment.created {
        return Ok(None);
    }
    let first_part = comment::first_part(app, &comment.id).await?;
    let held = held::of_comment(app, conversation, &comment.id).await?;
    let now = app.clock.now();
    let decision = decide_edit(comment, reply, first_part.as_ref(), held.is_some(), now);
    let (note, occasion, outcome) = match decision {
        EditDecision::AsWritten => return Ok(None),
        EditDecision::SavedAgain => {
            if let Some(sent) = first_part {
                read_again(app, comment, sent).await?;
            }
            return Ok(None);
        }
        EditDecision::Wait(left) => {
            return Err(Failure::NotYet("whether it was sent will show", left));
        }
        EditDecision::Withdraw => (Note::Withdrawn, "withdrawn", Done::Withdrawn),
        EditDecision::TellOutdated => {
            (Note::EditedAfterSending, "edited", Done::EditedAfterSending)
        }
        EditDecision::TellTooLate => (Note::EditedTooLate, "edited", Done::EditedTooLate),
    };
    let about = format!("{occasion}:{}", comment.id.as_str());
    note::tell(app, issue, &note, about).await?;
    if let Some(held) = held {
        held::remove(app, &conversation.key, &held, Removed::Unsent).await?;
    }
    Ok(Some(Outcome::Done(outcome)))
}

/// Records that the comment was read in its current state, so that it is not looked at again.
async fn read_again<P: Ports>(
    app: &App<P>,
    comment: &Comment,
    sent: SentEntry,
) -> Result<(), Failure> {
    let key = OutboundKey::comment(&comment.id, 0);
    let read = |mut entry: SentEntry| {
        entry.about.read = Some(comment.version());
        entry
    };
    Ok(close(&app.store, &key, sent, read).await?)
}
