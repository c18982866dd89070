//! Follows an agent's deletion of a comment.

use casement_core::decide::edit::{DeletionDecision, decide_deletion};
use casement_core::model::fate::{Fate, fate};
use casement_core::model::queue::CommentEvent;
use casement_core::say::notes::Note;

use crate::app::{App, Ports};
use crate::comment;
use crate::failure::Failure;
use crate::held::{self, Removed};
use crate::note;
use crate::outcome::{Done, Ignored, Outcome};
use crate::ports::*;
use crate::saving::load_joined;

/// Removes a deleted comment if it is held, and tells the agent if the customer has received
/// it. A deletion never sends anything, whatever Jira says of the comment.
pub(crate) async fn run<P: Ports>(app: &App<P>, event: &CommentEvent) -> Result<Outcome, Failure> {
    let (issue, id) = (&event.issue_id, &event.comment_id);
    let Some(key) = app.store.of_issue(issue).await? else {
        return Ok(Outcome::Ignored(Ignored::NoConversation));
    };
    let Some(conversation) = load_joined(&app.store, &key).await? else {
        return Ok(Outcome::Ignored(Ignored::NoConversation));
    };
    // A comment of another request is not gone from this one.
    let first_part = comment::first_part(app, id).await?;
    let first_part = first_part.filter(|sent| sent.about.issue_id == *issue);
    let held = held::of_comment(app, &conversation, id).await?;
    let held = held.filter(|held| held.issue_id == *issue);
    let now = app.clock.now();
    let decision = decide_deletion(first_part.as_ref(), held.is_some(), now);
    let (note, occasion, outcome) = match decision {
        DeletionDecision::Nothing => return Ok(Outcome::Ignored(Ignored::Gone)),
        DeletionDecision::Wait(left) => {
            return Err(Failure::NotYet("whether it was sent will show", left));
        }
        DeletionDecision::Withdraw => (Note::Withdrawn, "withdrawn", Done::Withdrawn),
        DeletionDecision::TellSent => (
            Note::DeletedAfterSending,
            "deleted",
            Done::DeletedAfterSending,
        ),
    };
    match app.jira.read(issue, id).await {
        Ok(Some(_)) => return Ok(Outcome::Ignored(Ignored::StillThere)),
        Ok(None) => {}
        // The request is deleted, and the comment with it.
        Err(failure) if fate(&failure) == Fate::Gone => {}
        Err(failure) => return Err(failure.into()),
    }
    let about = format!("{occasion}:{}", id.as_str());
    note::tell(app, issue, &note, about).await?;
    if let Some(held) = held {
        held::remove(app, &conversation.key, &held, Removed::Unsent).await?;
    }
    Ok(Outcome::Done(outcome))
}
