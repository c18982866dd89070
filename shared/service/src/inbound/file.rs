//! Taking a customer's file over into Jira, and what is too long for comments.

use casement_core::model::content::{
    AttachedFile, FileOutcome, FileProblem, InboundMessage, Media,
};
use casement_core::model::fate::{CallFailure, Fate, fate};
use casement_core::model::identity::{AttachmentId, IssueRef};
use casement_core::model::ledger::LedgerEntry;

use super::{Inbound, before};
use crate::app::Ports;
use crate::note::Before;
use crate::ports::*;

/// How many attempts at a message wait for its file. With the backoff of the queue that is some
/// five minutes; then the agents get the words without it.
const ATTEMPTS: u32 = 6;

/// Where the content of a file comes from.
enum Source<'a> {
    /// WhatsApp keeps it for us.
    Whatsapp(&'a Media),
    /// It is this text.
    Text(&'a str),
}

/// Why a file is not in Jira.
enum NotTaken {
    /// It never will be.
    Problem(FileProblem),
    /// It may be, next time.
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

impl<P: Ports> Inbound<P> {
    /// What became of the file of the message. `None`: it has none.
    ///
    /// # Errors
    /// It may succeed later, and the message should wait for it.
    pub(super) async fn take_file(
        &self,
        issue: &IssueRef,
        message: &InboundMessage,
        entry: &LedgerEntry,
    ) -> Result<Option<FileOutcome>, CallFailure> {
        let Some(media) = message.content.file() else {
            return Ok(None);
        };
        let name = media.attachment_name(&message.wamid);
        let source = Source::Whatsapp(media);
        let taken = self.taken(issue, message, &source, name, entry).await;
        taken.map(Some)
    }

    /// Attaches the rest of a message that is too long for comments. `None`: Jira takes no such
    /// file, so comments must do.
    ///
    /// # Errors
    /// See [`Self::take_file`].
    pub(super) async fn take_rest(
        &self,
        issue: &IssueRef,
        message: &InboundMessage,
        rest: &str,
        entry: &LedgerEntry,
    ) -> Result<Option<AttachedFile>, CallFailure> {
        let (name, source) = (message.rest_name(), Source::Text(rest));
        match self.taken(issue, message, &source, name, entry).await? {
            FileOutcome::Attached(file) => Ok(Some(file)),
            FileOutcome::Missing(_) => Ok(None),
        }
    }

    async fn taken(
        &self,
        issue: &IssueRef,
        message: &InboundMessage,
        source: &Source<'_>,
        name: String,
        entry: &LedgerEntry,
    ) -> Result<FileOutcome, CallFailure> {
        let problem = match self.take(issue, message, source, &name, entry).await {
            Ok(media_id) => {
                let file = AttachedFile {
                    name: name.into(),
                    media_id,
                };
                return Ok(FileOutcome::Attached(file));
            }
            Err(NotTaken::Problem(problem)) => problem,
            // It is about the request, and the message waits for that anyway.
            Err(NotTaken::Call(failure @ CallFailure::Absent(_))) => return Err(failure),
            Err(NotTaken::Call(failure))
                if entry.attempts < ATTEMPTS && fate(&failure) != Fate::GiveUp =>
            {
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

    /// Attaches the file if no earlier attempt has. Answers with what Jira's media service calls
    /// it.
    async fn take(
        &self,
        issue: &IssueRef,
        message: &InboundMessage,
        source: &Source<'_>,
        name: &str,
        entry: &LedgerEntry,
    ) -> Result<Option<String>, NotTaken> {
        let earlier = match before(entry) {
            Before::Perhaps => self.app.jira.attached(&issue.id, name).await?,
            Before::No => None,
        };
        let attachment = match earlier {
            Some(attachment) => attachment,
            None => self.attach(issue, message, source, name).await?,
        };
        match self.app.jira.media_id(&attachment).await {
            Ok(media_id) => Ok(media_id),
            // The file is there; it is named instead of shown.
            Err(failure) if is_refusal(&failure) => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    async fn attach(
        &self,
        issue: &IssueRef,
        message: &InboundMessage,
        source: &Source<'_>,
        name: &str,
    ) -> Result<AttachmentId, NotTaken> {
        let limit = self.app.jira.attachment_limit().await?;
        let limit = limit.ok_or(FileProblem::AttachmentsOff)?;
        let content = match source {
            Source::Whatsapp(media) => self.fetched(message, media).await?,
            Source::Text(text) => FileContent::of_text(text),
        };
        if content.size.is_some_and(|size| size > limit) {
            return Err(FileProblem::TooLarge { limit }.into());
        }
        match self.app.jira.attach(&issue.id, name, content).await {
            Ok(attachment) => Ok(attachment),
            Err(CallFailure::Jira { status: 413, .. }) => {
                Err(FileProblem::TooLarge { limit }.into())
            }
            Err(CallFailure::Jira { status, .. }) if is_refused(status) => {
                Err(FileProblem::Refused { status }.into())
            }
            Err(failure) => Err(failure.into()),
        }
    }

    /// The file as WhatsApp keeps it.
    async fn fetched(
        &self,
        message: &InboundMessage,
        media: &Media,
    ) -> Result<FileContent, NotTaken> {
        let id = media.id.as_deref().unwrap_or_default();
        let fetched = self.whatsapp.fetch(&message.phone_number_id, id).await;
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
}

fn is_refusal(failure: &CallFailure) -> bool {
    match failure {
        CallFailure::Jira { status: 404, .. } => true,
        CallFailure::Jira { status, .. } => is_refused(*status),
        _ => false,
    }
}

/// Whether Jira says no to this very call. 401 and 404 are about more than the file.
fn is_refused(status: u16) -> bool {
    let failure = CallFailure::Jira {
        status,
        retry_after: None,
    };
    status == 403 || fate(&failure) == Fate::GiveUp
}
