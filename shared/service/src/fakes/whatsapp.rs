//! WhatsApp, and the files between it and Jira.

use std::collections::VecDeque;

use bytes::Bytes;
use casement_core::model::attachment::{CommentFile, Sendable};
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{
    AttachmentId, CommentId, IssueId, MediaId, PhoneNumberId, Recipient, Wamid,
};
use futures_util::{StreamExt, TryStreamExt, stream};

use super::World;
use crate::ports::*;

/// Files at WhatsApp and in Jira.
#[derive(Default)]
pub(super) struct Files {
    /// The size of the largest file that Jira takes. `None`: any size.
    limit: Option<Option<u64>>,
    /// Jira's files, by issue and name.
    attached: Vec<(IssueId, String, Bytes)>,
    fetch_failures: VecDeque<FetchFailure>,
    /// `true`: attached although the call fails.
    attach_failures: VecDeque<(CallFailure, bool)>,
    /// The number of times that WhatsApp was asked for a file.
    fetched: usize,
    /// Files of agents' comments, by comment.
    of_comments: Vec<(String, CommentFile)>,
    /// Our uploads to WhatsApp, by name.
    uploaded: Vec<(String, Bytes)>,
    upload_failures: VecDeque<CallFailure>,
}

impl World {
    pub(crate) fn attachments(&self) -> Vec<(String, String)> {
        let files = self.inner.files.borrow();
        let all = files.attached.iter();
        all.map(|(issue, name, _)| (issue.as_str().to_owned(), name.clone()))
            .collect()
    }

    /// Returns the content of the file with this name.
    pub(crate) fn content_of(&self, name: &str) -> String {
        let files = self.inner.files.borrow();
        let file = files.attached.iter().find(|(_, known, _)| known == name);
        String::from_utf8(file.unwrap().2.to_vec()).unwrap()
    }

    pub(crate) fn fetched(&self) -> usize {
        self.inner.files.borrow().fetched
    }

    pub(crate) fn fail_send(&self, failure: CallFailure, sent_all_the_same: bool) {
        self.inner
            .send_failures
            .borrow_mut()
            .push_back(Some((failure, sent_all_the_same)));
    }

    /// Returns the recipients of our messages: phone numbers or user ids.
    pub(crate) fn recipients(&self) -> Vec<String> {
        let sent = self.inner.sent.borrow();
        let all = sent.iter().map(|(to, _, _)| match to {
            Recipient::Phone(phone) => phone.as_str().to_owned(),
            Recipient::Bsuid(bsuid) => bsuid.as_str().to_owned(),
        });
        all.collect()
    }

    /// Makes WhatsApp accept the next message, whatever happens to later ones.
    pub(crate) fn accept_next(&self) {
        self.inner.send_failures.borrow_mut().push_back(None);
    }

    /// Returns the receipts that customers were shown.
    pub(crate) fn receipts(&self) -> Vec<(String, ReadReceipt)> {
        let receipts = self.inner.receipts.borrow();
        let all = receipts.iter();
        all.map(|(wamid, receipt)| (wamid.as_str().to_owned(), *receipt))
            .collect()
    }

    /// Makes WhatsApp refuse receipts from now on.
    pub(crate) fn refuse_receipts(&self, failure: CallFailure) {
        self.inner.receipt_failure.replace(Some(failure));
    }

    pub(crate) fn limit_attachments(&self, limit: Option<u64>) {
        self.inner.files.borrow_mut().limit = Some(limit);
    }

    pub(crate) fn fail_fetch(&self, failure: FetchFailure) {
        let mut files = self.inner.files.borrow_mut();
        files.fetch_failures.push_back(failure);
    }

    /// Adds a file to a comment in Jira.
    pub(crate) fn attach_to_comment(&self, comment: &str, name: &str, mime_type: &str, size: u64) {
        let mut files = self.inner.files.borrow_mut();
        let file = CommentFile {
            id: AttachmentId::new(name),
            name: name.to_owned(),
            mime_type: mime_type.to_owned(),
            size,
        };
        files.of_comments.push((comment.to_owned(), file));
    }

    /// Returns the files uploaded to WhatsApp, with their content.
    pub(crate) fn uploaded(&self) -> Vec<(String, String)> {
        let files = self.inner.files.borrow();
        let all = files.uploaded.iter();
        all.map(|(name, bytes)| (name.clone(), String::from_utf8(bytes.to_vec()).unwrap()))
            .collect()
    }

    pub(crate) fn fail_upload(&self, failure: CallFailure) {
        let mut files = self.inner.files.borrow_mut();
        files.upload_failures.push_back(failure);
    }

    pub(crate) fn fail_attach(&self, failure: CallFailure, attached_all_the_same: bool) {
        let mut files = self.inner.files.borrow_mut();
        files
            .attach_failures
            .push_back((failure, attached_all_the_same));
    }
}

impl World {
    /// Returns a file of any comment, by its name.
    pub(super) fn any_file(&self, name: &str) -> Option<CommentFile> {
        let files = self.inner.files.borrow();
        let mut all = files.of_comments.iter();
        let found = all.find(|(_, file)| file.name == name);
        found.map(|(_, file)| file.clone())
    }

    /// Delivers a message to the phone, unless a failure is queued.
    pub(super) fn deliver(
        &self,
        to: &Recipient,
        text: String,
        callback: &str,
    ) -> Result<Wamid, CallFailure> {
        let failure = self.inner.send_failures.borrow_mut().pop_front().flatten();
        let mut sent = self.inner.sent.borrow_mut();
        if failure.as_ref().is_none_or(|(_, sent)| *sent) {
            sent.push((to.clone(), text, callback.to_owned()));
        }
        match failure {
            Some((failure, _)) => Err(failure),
            None => Ok(Wamid::new(format!("wamid.out{}", sent.len()))),
        }
    }
}

impl MediaFiles for World {
    async fn fetch(&self, _number: &PhoneNumberId, id: &str) -> Result<FileContent, FetchFailure> {
        let mut files = self.inner.files.borrow_mut();
        files.fetched += 1;
        if let Some(failure) = files.fetch_failures.pop_front() {
            return Err(failure);
        }
        let pieces = ["content of ".to_owned(), id.to_owned()];
        Ok(FileContent {
            mime_type: None,
            size: Some(11 + id.len() as u64),
            pieces: stream::iter(pieces.map(|piece| Ok(Bytes::from(piece)))).boxed(),
        })
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
        let bytes: Vec<Bytes> = content.pieces.try_collect().await.unwrap();
        let mut files = self.inner.files.borrow_mut();
        let failure = files.attach_failures.pop_front();
        if failure.as_ref().is_none_or(|(_, attached)| *attached) {
            let file = (issue.clone(), name.to_owned(), bytes.concat().into());
            files.attached.push(file);
        }
        match failure {
            Some((failure, _)) => Err(failure),
            None => Ok(AttachmentId::new((files.attached.len() - 1).to_string())),
        }
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
        let bytes = Bytes::from(format!("content of {}", attachment.as_str()));
        Ok(FileContent {
            mime_type: None,
            size: Some(bytes.len() as u64),
            pieces: stream::iter([Ok(bytes)]).boxed(),
        })
    }

    async fn media_id(&self, attachment: &AttachmentId) -> Result<Option<String>, CallFailure> {
        Ok(Some(format!("media-{}", attachment.as_str())))
    }
}

impl ReadReceipts for World {
    async fn show_receipt(
        &self,
        _number: &PhoneNumberId,
        message: &Wamid,
        receipt: ReadReceipt,
    ) -> Result<(), CallFailure> {
        let mut receipts = self.inner.receipts.borrow_mut();
        receipts.push((message.clone(), receipt));
        match self.inner.receipt_failure.borrow().clone() {
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }
}

impl Messenger for World {
    async fn upload(
        &self,
        _number: &PhoneNumberId,
        name: &str,
        _how: Sendable,
        content: FileContent,
    ) -> Result<MediaId, CallFailure> {
        let failure = self.inner.files.borrow_mut().upload_failures.pop_front();
        if let Some(failure) = failure {
            return Err(failure);
        }
        let bytes: Vec<Bytes> = content.pieces.try_collect().await.unwrap();
        let mut files = self.inner.files.borrow_mut();
        files
            .uploaded
            .push((name.to_owned(), bytes.concat().into()));
        Ok(MediaId::new(format!("media-{}", files.uploaded.len())))
    }

    async fn send(
        &self,
        _from: &PhoneNumberId,
        to: &Recipient,
        message: OutgoingMessage<'_>,
        callback: &str,
    ) -> Result<Wamid, CallFailure> {
        self.deliver(to, told(message), callback)
    }
}

/// Renders a message for the tests: an answer has the answered message's id in front.
fn told(message: OutgoingMessage<'_>) -> String {
    match message {
        OutgoingMessage::Text(text) => text.to_owned(),
        OutgoingMessage::Question { text, button } => {
            format!("{text} [{}: {}]", button.id, button.title)
        }
        OutgoingMessage::File {
            form,
            name,
            caption,
            ..
        } => {
            let caption = caption.unwrap_or_default();
            let told = format!("[{}: {name}] {caption}", form.as_str());
            told.trim_end().to_owned()
        }
        OutgoingMessage::Answer { to, message } => {
            format!("({}) {}", to.as_str(), told(*message))
        }
    }
}
