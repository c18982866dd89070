//! Files at WhatsApp and in Jira.

use std::collections::VecDeque;

use bytes::Bytes;
use casement_core::model::attachment::CommentFile;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{AttachmentId, CommentId, IssueId, PhoneNumberId};
use casement_service::ports::{Attachments, FetchFailure, FileContent, MediaFiles};
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::{Call, World};

#[derive(Default)]
pub(crate) struct Files {
    /// The size of the largest file that Jira takes. `None`: any size.
    limit: Option<Option<u64>>,
    /// Jira's files, by issue and name.
    attached: Vec<(IssueId, String, Bytes)>,
    fetch_failures: VecDeque<FetchFailure>,
    /// Files of agents' comments, by comment.
    of_comments: Vec<(String, CommentFile)>,
}

/// Makes the content of a file with this text.
fn content(pieces: Vec<String>) -> FileContent {
    FileContent {
        mime_type: None,
        size: Some(pieces.iter().map(|piece| piece.len() as u64).sum()),
        pieces: stream::iter(pieces.into_iter().map(|piece| Ok(Bytes::from(piece)))).boxed(),
    }
}

/// Reads a file to its end.
pub(crate) async fn bytes(content: FileContent) -> Bytes {
    let pieces: Vec<Bytes> = content.pieces.try_collect().await.unwrap();
    pieces.concat().into()
}

pub(crate) fn as_text(bytes: &Bytes) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

impl World {
    /// Returns Jira's attachments, each as issue and name.
    #[must_use]
    pub fn attachments(&self) -> Vec<(String, String)> {
        let files = self.inner.files.borrow();
        let all = files.attached.iter();
        all.map(|(issue, name, _)| (issue.as_str().to_owned(), name.clone()))
            .collect()
    }

    /// Returns the content of the attachment with this name.
    #[must_use]
    pub fn content_of(&self, name: &str) -> String {
        let files = self.inner.files.borrow();
        let file = files.attached.iter().find(|(_, known, _)| known == name);
        as_text(&file.unwrap().2)
    }

    /// Sets the size of the largest file that Jira takes. `None`: the site takes no files.
    pub fn limit_attachments(&self, limit: Option<u64>) {
        self.inner.files.borrow_mut().limit = Some(limit);
    }

    /// Makes WhatsApp not hand over the next file.
    pub fn fail_fetch(&self, failure: FetchFailure) {
        let files = &mut self.inner.files.borrow_mut();
        files.fetch_failures.push_back(failure);
    }

    /// Adds a file to a comment in Jira.
    pub fn attach_to_comment(&self, comment: &str, name: &str, mime_type: &str, size: u64) {
        let file = CommentFile {
            id: AttachmentId::new(name),
            name: name.to_owned(),
            mime_type: mime_type.to_owned(),
            size,
        };
        let files = &mut self.inner.files.borrow_mut();
        files.of_comments.push((comment.to_owned(), file));
    }

    /// Returns a file of any comment, by its name.
    pub(crate) fn any_file(&self, name: &str) -> Option<CommentFile> {
        let files = self.inner.files.borrow();
        let mut all = files.of_comments.iter().map(|(_, file)| file);
        all.find(|file| file.name == name).cloned()
    }
}

impl MediaFiles for World {
    async fn fetch(&self, _number: &PhoneNumberId, id: &str) -> Result<FileContent, FetchFailure> {
        self.begin_call(Call::Fetch)?;
        let failure = self.inner.files.borrow_mut().fetch_failures.pop_front();
        failure.map_or_else(
            || Ok(content(vec!["content of ".to_owned(), id.to_owned()])),
            Err,
        )
    }
}

impl Attachments for World {
    async fn attachment_limit(&self) -> Result<Option<u64>, CallFailure> {
        Ok(self.inner.files.borrow().limit.unwrap_or(Some(u64::MAX)))
    }

    async fn attached(
        &self,
        issue: &IssueId,
        name: &str,
    ) -> Result<Option<AttachmentId>, CallFailure> {
        let files = self.inner.files.borrow();
        let mut all = files.attached.iter();
        let found = all.position(|(place, attached, _)| place == issue && attached == name);
        Ok(found.map(|index| AttachmentId::new(index.to_string())))
    }

    async fn attach(
        &self,
        issue: &IssueId,
        name: &str,
        content: FileContent,
    ) -> Result<AttachmentId, CallFailure> {
        let bytes = bytes(content).await;
        let call = self.begin_call(Call::Attach)?;
        let attached = &mut self.inner.files.borrow_mut().attached;
        attached.push((issue.clone(), name.to_owned(), bytes));
        call.answer(AttachmentId::new((attached.len() - 1).to_string()))
    }

    async fn files_of(
        &self,
        _issue: &IssueId,
        comment: &CommentId,
    ) -> Result<Vec<CommentFile>, CallFailure> {
        let files = self.inner.files.borrow();
        let of_comment = files.of_comments.iter();
        let listed = of_comment.filter(|(owner, _)| owner == comment.as_str());
        Ok(listed.map(|(_, file)| file.clone()).collect())
    }

    async fn open_file(&self, attachment: &AttachmentId) -> Result<FileContent, CallFailure> {
        Ok(content(vec![format!("content of {}", attachment.as_str())]))
    }

    async fn media_id(&self, attachment: &AttachmentId) -> Result<Option<String>, CallFailure> {
        Ok(Some(format!("media-{}", attachment.as_str())))
    }
}
