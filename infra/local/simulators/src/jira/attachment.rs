//! Files, and the attachments that issues make of them.

use std::collections::BTreeSet;
use std::fmt;

use axum::body::Bytes;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::account::Account;
use super::adf;
use super::state::{Comment, Issue};

/// The largest uploaded file whose content is kept, in bytes. A larger file is only counted and
/// hashed.
pub(crate) const LARGEST_KEPT: u64 = 64 * 1024 * 1024;

/// A file that was given to Jira.
#[derive(Clone)]
pub(crate) struct File {
    pub name: String,
    pub mime_type: String,
    /// In bytes.
    pub size: u64,
    /// In hex digits.
    pub sha256: String,
    /// The content; `None` if it was too large to be kept.
    pub content: Option<Bytes>,
}

impl File {
    /// Creates a file of `content`, which is kept whatever its size.
    pub(crate) fn new(name: String, mime_type: String, content: Bytes) -> Self {
        Self {
            name,
            mime_type,
            size: content.len() as u64,
            sha256: hex::encode(Sha256::digest(&content)),
            content: Some(content),
        }
    }

    pub(crate) fn is_image(&self) -> bool {
        self.mime_type.starts_with("image/")
    }
}

impl fmt::Debug for File {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("File")
            .field("mime_type", &self.mime_type)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// Returns a file's name without folders, or `None` if nothing is left.
pub(crate) fn base_name(path: &str) -> Option<&str> {
    let last = path.rsplit(['/', '\\']).next();
    last.filter(|name| !name.is_empty())
}

#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    pub id: u64,
    /// The id that documents use for the file. It has nothing to do with `id`.
    pub media: Uuid,
    pub file: File,
    pub author: Account,
    pub created: DateTime<Utc>,
    /// The time from which the REST APIs list the file.
    pub listed_from: DateTime<Utc>,
}

impl Attachment {
    fn is_in(&self, document: &serde_json::Value) -> bool {
        adf::media_ids(document).contains(self.media.to_string().as_str())
    }
}

impl Comment {
    /// Returns whether the comment names the file, or was created with it.
    fn has(&self, attachment: &Attachment) -> bool {
        self.files.contains(&attachment.id) || attachment.is_in(&self.body)
    }
}

impl Issue {
    pub(crate) fn attachment(&self, id: u64) -> Option<&Attachment> {
        self.attachments.iter().find(|file| file.id == id)
    }

    /// Returns the attachment with this media id.
    pub(crate) fn attachment_of_media(&self, media: &str) -> Option<&Attachment> {
        let media: Uuid = media.parse().ok()?;
        self.attachments.iter().find(|file| file.media == media)
    }

    /// Returns the issue's attachments that the REST APIs list.
    pub(crate) fn listed_attachments(&self, now: DateTime<Utc>) -> Vec<&Attachment> {
        let listed = |file: &&Attachment| file.listed_from <= now;
        self.attachments.iter().filter(listed).collect()
    }

    /// Returns the attachments of a comment, whether or not they are listed yet.
    pub(crate) fn comment_attachments(&self, comment: &Comment) -> Vec<&Attachment> {
        let mut files: Vec<_> = self.attachments.iter().collect();
        files.retain(|file| comment.has(file));
        files
    }

    /// Returns the attachments of a comment that the REST APIs list.
    pub(crate) fn listed_comment_attachments(
        &self,
        comment: &Comment,
        now: DateTime<Utc>,
    ) -> Vec<&Attachment> {
        let mut files = self.comment_attachments(comment);
        files.retain(|file| comment.files_linked <= now && file.listed_from <= now);
        files
    }

    /// Deletes those of `candidates` that nothing in the issue uses any more, as Jira does when a
    /// comment is deleted or no longer names its file.
    pub(crate) fn delete_orphans(&mut self, candidates: &BTreeSet<u64>) {
        let (comments, description) = (&self.comments, self.description.as_ref());
        self.attachments.retain(|file| {
            !candidates.contains(&file.id)
                || comments.iter().any(|comment| comment.has(file))
                || description.is_some_and(|document| file.is_in(document))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_no_part_of_a_name() {
        let table = [
            ("photo.jpg", Some("photo.jpg")),
            ("../../etc/passwd", Some("passwd")),
            ("C:\\pictures\\a|b!.png", Some("a|b!.png")),
            ("folder/", None),
            ("", None),
        ];
        for (path, name) in table {
            assert_eq!(base_name(path), name, "{path}");
        }
    }

    #[test]
    fn neither_name_nor_content_is_shown_by_debug() {
        let file = File::new(
            "secret.txt".to_owned(),
            "text/plain".to_owned(),
            "abc".into(),
        );
        let shown = format!("{file:?}");
        assert!(shown.contains("size: 3"));
        assert!(
            !shown.contains("secret") && !shown.contains("abc"),
            "{shown}"
        );
    }
}
