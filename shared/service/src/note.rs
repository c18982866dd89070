//! Writing internal notes, each once.

use casement_core::fate::CallFailure;
use casement_core::identity::{CommentId, IssueId};
use casement_core::notes::Note;

use crate::ports::{CommentDraft, Comments, Marker};

/// Whether a note may have been written by an earlier attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Before {
    /// Certainly not.
    No,
    /// Perhaps: look for it first.
    Perhaps,
}

/// Leaves `note` in the request. `about` names the occasion; one occasion has one note. Answers
/// with the comment that it is.
///
/// # Errors
/// Jira failed. The note may have been written, so try again with [`Before::Perhaps`].
pub(crate) async fn leave(
    jira: &impl Comments,
    issue: &IssueId,
    note: &Note,
    about: String,
    before: Before,
) -> Result<CommentId, CallFailure> {
    let marker = Marker::Note(about);
    if before == Before::Perhaps
        && let Some(left) = jira.marked(issue, &marker).await?
    {
        return Ok(left);
    }
    let draft = CommentDraft {
        body: note.document(),
        public: false,
        marker,
    };
    jira.add(issue, &draft).await
}
