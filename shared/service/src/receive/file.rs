//! Takes over into Jira a customer's file, and text that is too long for comments.

use casement_core::model::content::{AttachedFile, FileOutcome, FileProblem, Media};
use casement_core::model::fate::{CallFailure, Fate, fate};
use casement_core::model::identity::{AttachmentId, IssueRef};

use super::{PATIENCE, Receiving};
use crate::app::Ports;
use crate::note::Attempted;
use crate::ports::*;

/// The source of a file's content.
enum Source<'a> {
    /// A file that WhatsApp keeps for us.
    Whatsapp(&'a Media),
    /// A text that becomes a file.
    Text(&'a str),
}

/// The reason why a file is not in Jira.
enum NotTaken {
    /// The file never will be.
    Problem(FileProblem),
    /// The file may be, next time.
    Call(CallFailure),
}

impl From<CallFailure> for NotTaken {
    fn from(failure: CallFailure) -> Self {
        Self::Call(failure)
    }
}

impl From<FileProblem> for NotTaken {
    fn from(problem: FileProblem) -> Self {
        Self::Problem(problem)
    }
}

/// Takes the message's file over into Jira. `None`: the message has no file.
///
/// # Errors
/// The file may be taken over later, and the message should wait for it.
pub(super) async fn take<P: Ports>(
    receiving: &Receiving<'_, P>,
    issue: &IssueRef,
) -> Result<Option<FileOutcome>, CallFailure> {
    let Some(media) = receiving.message.content.file() else {
        return Ok(None);
    };
    let name = media.attachment_name(&receiving.message.wamid);
    let taken = take_from(receiving, issue, &Source::Whatsapp(media), name).await;
    taken.map(Some)
}

/// Attaches the rest of a message that is too long for comments. `None`: Jira takes no such file,
/// so comments must do.
///
/// # Errors
/// As [`take`].
pub(super) async fn take_rest<P: Ports>(
    receiving: &Receiving<'_, P>,
    issue: &IssueRef,
    rest: &str,
) -> Result<Option<AttachedFile>, CallFailure> {
    let name = receiving.message.rest_name();
    match take_from(receiving, issue, &Source::Text(rest), name).await? {
        FileOutcome::Attached(file) => Ok(Some(file)),
        FileOutcome::Missing(_) => Ok(None),
    }
}

/// Attaches the file, or decides whether the message waits after a failure or goes on without it.
async fn take_from<P: Ports>(
    receiving: &Receiving<'_, P>,
    issue: &IssueRef,
    source: &Source<'_>,
    name: String,
) -> Result<FileOutcome, CallFailure> {
    let attempts = receiving.claim.attempts;
    let problem = match attach_once(receiving, issue, source, &name).await {
        Ok(media_id) => {
            let file = AttachedFile {
                name: name.into(),
                media_id,
            };
            return Ok(FileOutcome::Attached(file));
        }
        Err(NotTaken::Problem(problem)) => problem,
        // The failure is about the request, and the message waits for that anyway.
        Err(NotTaken::Call(failure @ CallFailure::Absent(_))) => return Err(failure),
        Err(NotTaken::Call(failure)) if attempts < PATIENCE && fate(&failure) != Fate::GiveUp => {
            return Err(failure);
        }
        Err(NotTaken::Call(failure)) => {
            tracing::warn!(%failure, "the message goes on without its file");
            FileProblem::NotHandedOver
        }
    };
    tracing::warn!(
        problem = problem.as_str(),
        "a file is not taken over into Jira"
    );
    Ok(FileOutcome::Missing(problem))
}

/// Attaches the file if no earlier attempt has. Returns its id in Jira's media service.
async fn attach_once<P: Ports>(
    receiving: &Receiving<'_, P>,
    issue: &IssueRef,
    source: &Source<'_>,
    name: &str,
) -> Result<Option<String>, NotTaken> {
    let jira = &receiving.inbound.app.jira;
    let earlier = match Attempted::before(receiving.claim) {
        Attempted::Maybe => jira.attached(&issue.id, name).await?,
        Attempted::Never => None,
    };
    let attachment = match earlier {
        Some(attachment) => attachment,
        None => attach(receiving, issue, source, name).await?,
    };
    match jira.media_id(&attachment).await {
        Ok(media_id) => Ok(media_id),
        // The file is attached; the comment names it instead of showing it.
        Err(failure) if is_refusal(&failure) => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}

async fn attach<P: Ports>(
    receiving: &Receiving<'_, P>,
    issue: &IssueRef,
    source: &Source<'_>,
    name: &str,
) -> Result<AttachmentId, NotTaken> {
    let jira = &receiving.inbound.app.jira;
    let limit = jira.attachment_limit().await?;
    let limit = limit.ok_or(FileProblem::AttachmentsOff)?;
    let content = match source {
        Source::Whatsapp(media) => fetch(receiving, media).await?,
        Source::Text(text) => FileContent::of_text(text),
    };
    if content.size.is_some_and(|size| size > limit) {
        return Err(FileProblem::TooLarge { limit }.into());
    }
    match jira.attach(&issue.id, name, content).await {
        Ok(attachment) => Ok(attachment),
        Err(CallFailure::Jira { status: 413, .. }) => Err(FileProblem::TooLarge { limit }.into()),
        Err(CallFailure::Jira { status, .. }) if is_refused(status) => {
            Err(FileProblem::Refused { status }.into())
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Begins to read the file from WhatsApp.
async fn fetch<P: Ports>(
    receiving: &Receiving<'_, P>,
    media: &Media,
) -> Result<FileContent, NotTaken> {
    let number = &receiving.message.phone_number_id;
    let id = media.id.as_deref().unwrap_or_default();
    let fetched = receiving.inbound.whatsapp.fetch(number, id).await;
    let content = fetched.map_err(|failure| match failure {
        FetchFailure::Gone => NotTaken::Problem(FileProblem::Gone),
        FetchFailure::ForeignAddress => NotTaken::Problem(FileProblem::ForeignAddress),
        FetchFailure::Call(failure) => NotTaken::Call(failure),
    })?;
    Ok(FileContent {
        mime_type: media.mime_type.clone().or(content.mime_type),
        ..content
    })
}

fn is_refusal(failure: &CallFailure) -> bool {
    match failure {
        CallFailure::Jira { status: 404, .. } => true,
        CallFailure::Jira { status, .. } => is_refused(*status),
        _ => false,
    }
}

/// Decides whether Jira refuses this very call. 401 and 404 are about more than the file.
fn is_refused(status: u16) -> bool {
    let failure = CallFailure::Jira {
        status,
        retry_after: None,
    };
    status == 403 || fate(&failure) == Fate::GiveUp
}
