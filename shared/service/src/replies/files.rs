//! Prepares the files of a comment for WhatsApp.

use casement_core::decide::command::Command;
use casement_core::decide::reply::{Answer, Sending, decide_answer};
use casement_core::model::attachment::{CommentFile, Sendable};
use casement_core::model::comment::Comment;
use casement_core::model::fate::{Absence, CallFailure};
use casement_core::model::identity::{IssueId, MediaId};
use casement_core::model::ledger::{LEASE, SentEntry};

use crate::app::{App, Outbound, Ports};
use crate::failure::{Failure, is_unreadable};
use crate::ports::*;
use crate::sending::Addressed;

/// Decides which messages the comment becomes. Jira is asked for files only where the comment shows
/// some.
pub(crate) async fn answer<P: Ports>(
    app: &App<P>,
    comment: &Comment,
    issue: &IssueId,
    sending: &Sending,
) -> Result<Answer, Failure> {
    let listed = if sending.files.is_empty() {
        Vec::new()
    } else {
        app.jira.files_of(issue, &comment.id).await?
    };
    decide_answer(sending, comment, listed, app.clock.now())
        .map_err(|wait| Failure::NotYet("Jira does not list the files of the comment yet", wait))
}

/// Fills in the names of the files that stand in the comment's sentences. Jira is asked only for
/// names that the comment lacks. A file that Jira does not list yet is waited for later, when it
/// has to be sent.
pub(crate) async fn with_file_names<P: Ports>(
    app: &App<P>,
    comment: Comment,
    issue: &IssueId,
) -> Result<Comment, Failure> {
    let is_for_us = || matches!(Command::of(&comment), Some(Command::Template(_)));
    let unnamed = comment.body.unnamed_files();
    if unnamed.is_empty() || (comment.public != Some(true) && !is_for_us()) {
        return Ok(comment);
    }
    let listed = match app.jira.files_of(issue, &comment.id).await {
        Err(failure) if is_unreadable(&failure) => Vec::new(),
        listed => listed?,
    };
    let names: Vec<&str> = listed.iter().map(|file| &*file.name).collect();
    let mut known = Vec::new();
    if let Some(name) = comment.body.only_file(&names) {
        known.push((unnamed[0].clone(), name.to_owned()));
    } else {
        for file in &listed {
            let media = match app.jira.media_id(&file.id).await {
                Err(failure) if is_unreadable(&failure) => None,
                media => media?,
            };
            known.extend(media.map(|media| (media, file.name.clone())));
            if unnamed
                .iter()
                .all(|id| known.iter().any(|(media, _)| media == id))
            {
                break;
            }
        }
    }
    let body = comment.body.with_file_names(&known);
    Ok(Comment { body, ..comment })
}

/// Returns the upload of the file, made now or by an earlier attempt. The entry keeps the id, so
/// that the file is not uploaded again when its message is not accepted.
pub(crate) async fn uploaded<P: Ports>(
    outbound: &Outbound<P>,
    to: &Addressed<'_>,
    file: &CommentFile,
    how: Sendable,
    entry: &mut SentEntry,
) -> Result<Result<MediaId, CallFailure>, Failure> {
    if let Some(media) = entry.about.upload.clone() {
        return Ok(Ok(media));
    }
    let media = match upload(outbound, to, file, how, &entry.about.issue_id).await {
        Ok(media) => media,
        Err(failure) => return Ok(Err(failure)),
    };
    entry.about.upload = Some(media.clone());
    if outbound.app.store.update(&to.key, entry).await? == Saved::Conflict {
        return Err(Failure::NotYet("another attempt has just begun", LEASE));
    }
    entry.claim.version += 1;
    Ok(Ok(media))
}

async fn upload<P: Ports>(
    outbound: &Outbound<P>,
    to: &Addressed<'_>,
    file: &CommentFile,
    how: Sendable,
    issue: &IssueId,
) -> Result<MediaId, CallFailure> {
    let app = &outbound.app;
    let content = match app.jira.open_file(&file.id).await {
        Err(failure) if failure.is_not_found() => open_again(app, file, issue).await?,
        opened => opened?,
    };
    outbound
        .whatsapp
        .upload(to.number, &file.name, how, content)
        .await
}

/// Opens a file again that Jira did not find. If its request can be read and the file is still not
/// found, the file is deleted.
async fn open_again<P: Ports>(
    app: &App<P>,
    file: &CommentFile,
    issue: &IssueId,
) -> Result<FileContent, CallFailure> {
    app.jira.state(issue).await?;
    match app.jira.open_file(&file.id).await {
        Err(failure) if failure.is_not_found() => Err(CallFailure::Absent(Absence::Deleted)),
        opened => opened,
    }
}
