//! Handles comments that come too late for anything to be done.

use casement_core::decide::freshness::Happening;
use casement_core::decide::reply::ReplyDecision;
use casement_core::model::comment::Comment;
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::IssueId;
use casement_core::say::notes::{Note, StaleNote};

use crate::app::{App, Ports};
use crate::comment;
use crate::failure::Failure;
use crate::held;
use crate::note;
use crate::outcome::Outcome;
use crate::ports::*;

/// Decides whether a comment is so old that the ledger may have forgotten it.
pub(crate) fn is_stale<P: Ports>(app: &App<P>, comment: &Comment) -> bool {
    Happening::Comment.is_stale(comment.created, app.clock.now())
}

/// Ignores a public comment that came too late. `None`: the comment is in time, or is known to be
/// on its way. A comment edited since is left to [`follow_edit`](super::follow_edit).
pub(crate) async fn leave_stale<P: Ports>(
    app: &App<P>,
    conversation: &Conversation,
    comment: &Comment,
    issue: &IssueId,
    decision: &ReplyDecision,
) -> Result<Option<Outcome>, Failure> {
    let is_followed = comment.updated > comment.created && decision.is_for_the_customer();
    let stays_inside = matches!(decision, ReplyDecision::Ignore(_));
    if !is_stale(app, comment) || is_followed || stays_inside {
        return Ok(None);
    }
    let is_known = comment::first_part(app, &comment.id).await?.is_some();
    if is_known
        || held::of_comment(app, conversation, &comment.id)
            .await?
            .is_some()
    {
        return Ok(None);
    }
    tell_of_stale(app, comment, issue).await.map(Some)
}

/// Says in a note that nothing is done about a comment, since it is too old.
pub(crate) async fn tell_of_stale<P: Ports>(
    app: &App<P>,
    comment: &Comment,
    issue: &IssueId,
) -> Result<Outcome, Failure> {
    let note = Note::Stale(StaleNote::Comment);
    let about = format!("stale-comment:{}", comment.id.as_str());
    note::tell(app, issue, &note, about).await?;
    Ok(Outcome::Ignored(Happening::Comment.into()))
}
