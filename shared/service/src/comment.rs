//! Reads a comment as it is now, and its entries in the ledger.

use casement_core::model::comment::Comment;
use casement_core::model::fate::{Fate, fate};
use casement_core::model::identity::{CommentId, IssueId};
use casement_core::model::ledger::{InternalNote, LedgerEntry, NoteKey, OutboundKey, SentEntry};
use casement_core::model::opened::NEW_FOR;
use chrono::Duration;

use crate::app::{App, Ports};
use crate::failure::Failure;
use crate::ports::*;

/// The delay before Jira is asked again whether a request is deleted.
const ASKED_AGAIN: Duration = Duration::minutes(2);

/// Reads a comment from Jira. `None`: the comment is deleted. The deletion of the whole request is
/// believed only when Jira still reports it after a while: a reply that is dropped is lost for
/// good.
///
/// # Errors
/// Jira failed, or it is too early to say.
pub(crate) async fn read<P: Ports>(
    app: &App<P>,
    issue: &IssueId,
    comment: &CommentId,
) -> Result<Option<Comment>, Failure> {
    match app.jira.read(issue, comment).await {
        Err(failure) if fate(&failure) == Fate::Gone => {}
        read => return Ok(read?),
    }
    let now = app.clock.now();
    let key = NoteKey(format!("gone:{}", comment.as_str()));
    let about = InternalNote {
        issue_id: issue.clone(),
    };
    let first = LedgerEntry::claimed(about, now).settled();
    let earlier = app.store.create(&key, &first).await?;
    let since = earlier.map_or(now, |entry| entry.claim.begun_at);
    if now < since + NEW_FOR {
        return Err(Failure::NotYet(
            "the request seems to be deleted",
            ASKED_AGAIN,
        ));
    }
    Ok(None)
}

/// Returns the ledger entry of a comment's first message.
pub(crate) async fn first_part<P: Ports>(
    app: &App<P>,
    comment: &CommentId,
) -> Result<Option<SentEntry>, Failure> {
    Ok(app.store.entry(&OutboundKey::comment(comment, 0)).await?)
}

/// Decides whether sending of a comment has begun. A webhook may come again after the window has
/// closed, and the window may close before all of a comment is sent.
pub(crate) async fn was_begun<P: Ports>(
    app: &App<P>,
    comment: &CommentId,
) -> Result<bool, Failure> {
    is_settled(app, &OutboundKey::comment(comment, 0)).await
}

/// Decides whether WhatsApp has accepted or refused a message.
pub(crate) async fn is_settled<P: Ports>(app: &App<P>, key: &OutboundKey) -> Result<bool, Failure> {
    let entry = app.store.entry(key).await?;
    Ok(entry.is_some_and(|entry| entry.claim.is_settled()))
}
