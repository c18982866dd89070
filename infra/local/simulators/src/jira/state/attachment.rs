//! Files, and the attachments that issues make of them.

use std::fmt;

use axum::body::Bytes;
use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::jira::account::Account;
use crate::jira::adf;

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
    /// Returns whether `document` names the file.
    pub(crate) fn is_in(&self, document: &serde_json::Value) -> bool {
        adf::media_ids(document).contains(self.media.to_string().as_str())
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
