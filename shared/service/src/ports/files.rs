//! Files in transit. They pass through in pieces and are never whole in memory.

use std::io;

use bytes::Bytes;
use casement_core::model::attachment::CommentFile;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{AttachmentId, CommentId, IssueId, PhoneNumberId};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};

/// The content of a file, to be read once.
pub struct FileContent {
    /// The file's type, according to the service that stores it.
    pub mime_type: Option<String>,
    /// The size in bytes, if known before reading.
    pub size: Option<u64>,
    /// The bytes as they come in. Nothing follows an error.
    pub pieces: BoxStream<'static, io::Result<Bytes>>,
}

impl FileContent {
    /// Makes a file from a text.
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

/// The reason why WhatsApp does not hand over a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchFailure {
    /// A call failed.
    #[error(transparent)]
    Call(#[from] CallFailure),
    /// The file no longer exists.
    #[error("WhatsApp no longer has the file")]
    Gone,
    /// WhatsApp names an address to which our token must not be sent.
    #[error("the file is said to be at a foreign address")]
    ForeignAddress,
}

/// The files that WhatsApp keeps for us.
pub trait MediaFiles {
    /// Begins to read the file `id` that a customer sent to `number`.
    ///
    /// # Errors
    /// See [`FetchFailure`]. Nothing has changed, so retrying is safe.
    async fn fetch(&self, number: &PhoneNumberId, id: &str) -> Result<FileContent, FetchFailure>;
}

/// Attachments of issues in Jira.
pub trait Attachments {
    /// Returns the size in bytes of the largest file that the site takes. `None`: the site takes no
    /// files. A copy of some hours is fine.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn attachment_limit(&self) -> Result<Option<u64>, CallFailure>;

    /// Finds our attachment with this name.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn attached(
        &self,
        issue: &IssueId,
        name: &str,
    ) -> Result<Option<AttachmentId>, CallFailure>;

    /// Attaches a file. After [`CallFailure::Unknown`], look for the name before trying again. If
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

    /// Returns the files that belong to a comment. Jira may list them a little later than the
    /// comment.
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
    /// See [`casement_core::model::fate::fate`]. Nothing has changed, so retrying is safe.
    async fn open_file(&self, attachment: &AttachmentId) -> Result<FileContent, CallFailure>;

    /// Returns the attachment's id in Jira's media service, with which a comment shows it. `None`:
    /// Jira does not say.
    ///
    /// # Errors
    /// See [`casement_core::model::fate::fate`].
    async fn media_id(&self, attachment: &AttachmentId) -> Result<Option<String>, CallFailure>;
}
