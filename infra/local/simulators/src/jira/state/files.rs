//! The attachments of issues and comments.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::attachment::Attachment;
use super::{Comment, Issue};

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
