//! Files on their way. They pass through in pieces and are never whole in memory.

use std::io;

use bytes::Bytes;
use casement_core::model::attachment::CommentFile;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{AttachmentId, CommentId, IssueId, PhoneNumberId};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

/// The content of a file, to be read once.
pub struct FileContent {
    /// Its type, as who keeps it says.
    pub mime_type: Option<String>,
    /// How many bytes it has, if that is known before it is read.
    pub size: Option<u64>,
    /// The bytes as they come in. After an error there is no more.
    pub pieces: BoxStream<'static, io::Result<Bytes>>,
}

impl FileContent {
    /// A text as a file.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        let bytes = Bytes::from(text.to_owned());
        Self {
            mime_type: Some("text/plain; charset=utf-8".to_owned()),
            size: Some(bytes.len() as u64),
            pieces: stream::iter([Ok(bytes)]).boxed(),
        }
    }
}

impl std::fmt::Debug for FileContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FileContent({:?} bytes)", self.size)
    }
}

/// WhatsApp does not hand over a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchFailure {
    /// A call failed.
    #[error(transparent)]
    Call(#[from] CallFailure),
    /// It is not there any more.
    #[error("WhatsApp no longer has the file")]
    Gone,
    /// It is said to be at an address to which our token must not be sent.
    #[error("the file is said to be at a foreign address")]
    ForeignAddress,
}

/// The files that WhatsApp keeps for us.
pub trait MediaFiles {
    /// Begins to read the file `id` that a customer sent to `number`.
    ///
    /// # Errors
    /// See [`FetchFailure`]. Nothing has changed, so it may be tried again.
    async fn fetch(&self, number: &PhoneNumberId, id: &str) -> Result<FileContent, FetchFailure>;
}

/// Attachments of issues in Jira.
pub trait Attachments {
    /// The largest file in bytes that the site takes; `None`: it takes none at all. A copy of
    /// some hours is fine.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn attachment_limit(&self) -> Result<Option<u64>, CallFailure>;

    /// The attachment of ours with this name.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn attached(
        &self,
        issue: &IssueId,
        name: &str,
    ) -> Result<Option<AttachmentId>, CallFailure>;

    /// Attaches a file. After [`CallFailure::Unknown`] look for the name before trying again. If
    /// the content breaks off, nothing is attached.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn attach(
        &self,
        issue: &IssueId,
        name: &str,
        content: FileContent,
    ) -> Result<AttachmentId, CallFailure>;

    /// The files that belong to a comment. Jira may list them a little later than the comment.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn files_of(
        &self,
        issue: &IssueId,
        comment: &CommentId,
    ) -> Result<Vec<CommentFile>, CallFailure>;

    /// Begins to read an attachment.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`]. Nothing has changed, so it may be tried again.
    async fn open_file(&self, attachment: &AttachmentId) -> Result<FileContent, CallFailure>;

    /// What Jira's media service calls the attachment, by which a comment shows it. `None`: Jira
    /// does not say.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn media_id(&self, attachment: &AttachmentId) -> Result<Option<String>, CallFailure>;
}
