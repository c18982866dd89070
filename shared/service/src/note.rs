//! Writes internal notes, each once.

use casement_core::model::fate::{CallFailure, Fate, fate};
use casement_core::model::identity::{CommentId, IssueId};
use casement_core::model::ledger::{Claim, InternalNote, LedgerEntry, NoteKey};
use casement_core::say::notes::Note;

use crate::app::{App, Ports};
use crate::claim::{Claimed, claim, close};
use crate::event::Event;
use crate::failure::Failure;
use crate::ports::*;

/// Whether a note may have been written by an earlier attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attempted {
    /// Certainly not.
    Never,
    /// Perhaps: look for the note first.
    Maybe,
}

impl Attempted {
    /// Decides whether an attempt before `claim` may have got so far.
    pub(crate) fn before(claim: &Claim) -> Self {
        if claim.may_have_happened() {
            Self::Maybe
        } else {
            Self::Never
        }
    }
}

/// Leaves `note` in the request, and returns its comment. `about` names the occasion; one occasion
/// has one note. `None`: the request is full, for agents' comments as well, and the subject of the
/// note must not wait for that.
///
/// # Errors
/// Jira failed. The note may have been written, so try again with [`Attempted::Maybe`].
pub(crate) async fn leave(
    jira: &impl Comments,
    issue: &IssueId,
    note: &Note,
    about: String,
    attempted: Attempted,
) -> Result<Option<CommentId>, CallFailure> {
    match write(jira, issue, note, about, attempted).await {
        Err(CallFailure::Full) => {
            tracing::warn!(issue = issue.as_str(), "a full request takes no note");
            Event::NotShown("note").count();
            Ok(None)
        }
        written => written.map(Some),
    }
}

/// Leaves a note as [`leave`] does, but fails when the request is full.
///
/// # Errors
/// See [`leave`].
pub(crate) async fn write(
    jira: &impl Comments,
    issue: &IssueId,
    note: &Note,
    about: String,
    attempted: Attempted,
) -> Result<CommentId, CallFailure> {
    let marker = Marker::Note(about);
    if attempted == Attempted::Maybe
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

/// Leaves a note, unless the request is gone, and with it all readers. Call this before the step
/// that the note is about: after a crash the next attempt finds the note, but no longer its cause.
pub(crate) async fn tell<P: Ports>(
    app: &App<P>,
    issue: &IssueId,
    note: &Note,
    about: String,
) -> Result<(), Failure> {
    match leave(&app.jira, issue, note, about, Attempted::Maybe).await {
        Err(failure) if fate(&failure) != Fate::Gone => Err(failure.into()),
        _ => Ok(()),
    }
}

/// Records an occasion as dealt with, without a note of its own.
///
/// # Errors
/// The store failed; repeat it.
pub(crate) async fn remember<P: Ports>(
    app: &App<P>,
    issue: &IssueId,
    about: String,
) -> Result<(), Failure> {
    let subject = InternalNote {
        issue_id: issue.clone(),
    };
    let entry = LedgerEntry::claimed(subject, app.clock.now()).settled();
    app.store.create(&NoteKey(about), &entry).await?;
    Ok(())
}

/// Leaves a note as [`leave`] does, when several workers may be about to leave the same note at the
/// same time: the parts of a comment fail together. A deleted request needs no note.
///
/// # Errors
/// The store or Jira failed, or another worker is at the same note; repeat it.
pub(crate) async fn leave_together<P: Ports>(
    app: &App<P>,
    issue: &IssueId,
    note: &Note,
    about: String,
) -> Result<(), Failure> {
    once(app, issue, note, about, Attempted::before).await
}

/// Answers a command as [`leave_together`] leaves a note. A version that kept no record of its
/// answers may have answered before.
///
/// # Errors
/// See [`leave_together`].
pub(crate) async fn answer<P: Ports>(
    app: &App<P>,
    issue: &IssueId,
    note: &Note,
    about: String,
) -> Result<(), Failure> {
    once(app, issue, note, about, |_| Attempted::Maybe).await
}

async fn once<P: Ports>(
    app: &App<P>,
    issue: &IssueId,
    note: &Note,
    about: String,
    attempted: impl Fn(&Claim) -> Attempted,
) -> Result<(), Failure> {
    let key = NoteKey(about.clone());
    let first = InternalNote {
        issue_id: issue.clone(),
    };
    let entry = match claim(&app.store, &key, first, app.clock.now()).await? {
        Claimed::Ours(entry) => entry,
        Claimed::Settled(_) => return Ok(()),
    };
    let attempted = attempted(&entry.claim);
    match leave(&app.jira, issue, note, about, attempted).await {
        Err(failure) if fate(&failure) != Fate::Gone => {
            let now = app.clock.now();
            close(&app.store, &key, entry, |entry| entry.released(now)).await?;
            Err(failure.into())
        }
        _ => Ok(close(&app.store, &key, entry, LedgerEntry::settled).await?),
    }
}
