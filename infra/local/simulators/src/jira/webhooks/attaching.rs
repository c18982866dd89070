//! Attaches files to issues and comments, and deletes them.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use super::events::Events;
use crate::jira::JiraSimulator;
use crate::jira::account::Account;
use crate::jira::adf;
use crate::jira::errors::JiraError;
use crate::jira::options::Options;
use crate::jira::state::Issue;
use crate::jira::state::attachment::{Attachment, File};

/// The id of the first attachment. Later ids count up from it.
const FIRST_ATTACHMENT: u64 = 30_001;

impl JiraSimulator {
    /// Attaches files to an issue but to no comment.
    ///
    /// # Errors
    /// There is no such issue.
    pub(crate) fn attach_files(
        &self,
        key: &str,
        files: Vec<File>,
    ) -> Result<Vec<Attachment>, JiraError> {
        self.on_issue(key, |issue, events| {
            if issue.attachments.len() + files.len() > events.options.attachments_per_issue {
                return Err(JiraError::full("attachments"));
            }
            let added = self.keep_files(issue, files, Account::Bridge, events.now);
            issue.touch(events.now);
            self.tell_of_files(events, &added);
            Ok(added)
        })
    }

    /// Makes attachments of files.
    pub(super) fn keep_files(
        &self,
        issue: &mut Issue,
        files: Vec<File>,
        author: Account,
        listed_from: DateTime<Utc>,
    ) -> Vec<Attachment> {
        let keep = |file| Attachment {
            id: FIRST_ATTACHMENT + self.shared.attachments.fetch_add(1, Ordering::SeqCst),
            media: self.new_media_id(),
            file,
            author,
            created: self.now(),
            listed_from,
        };
        let added: Vec<Attachment> = files.into_iter().map(keep).collect();
        issue.attachments.extend(added.iter().cloned());
        added
    }

    fn new_media_id(&self) -> Uuid {
        let digest: [u8; 32] = Sha256::digest(self.shared.ids.token()).into();
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = digest;
        Builder::from_random_bytes([a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]).into_uuid()
    }

    /// Sends the webhooks of new attachments. Nobody waits for Casement's answer.
    pub(super) fn tell_of_files(&self, events: &Events<'_>, added: &[Attachment]) {
        for attachment in added {
            let parcel = events.attachment_created(attachment);
            drop(self.shared.outbox.send(parcel));
        }
    }
}

/// Returns how long files of a comment stay out of the lists.
pub(super) fn delay(options: &Options) -> TimeDelta {
    TimeDelta::milliseconds(i64::from(options.attachment_delay_ms))
}

/// Completes a document with files. A node that carries the name of one of the issue's files
/// instead of a media id gets that file's id. Files of `added` that no node names are appended.
pub(super) fn show_files(issue: &Issue, added: &[Attachment], document: &mut Value) {
    let media_of = |name: &str| {
        let mut newest_first = issue.attachments.iter().rev();
        let found = newest_first.find(|attachment| attachment.file.name == name);
        found.map(|attachment| attachment.media.to_string())
    };
    adf::replace_media(document, &|id, alt| {
        let known = issue.attachment_of_media(id).is_some();
        let by_name = || media_of(id).or_else(|| media_of(alt?));
        if known { None } else { by_name() }
    });
    let missing: Vec<Value> = {
        let named = adf::media_ids(document);
        let blocks = added.iter().filter_map(|Attachment { media, file, .. }| {
            let media = media.to_string();
            (!named.contains(media.as_str()))
                .then(|| adf::file_block(&media, &file.name, file.is_image()))
        });
        blocks.collect()
    };
    if let Some(Value::Array(blocks)) = document.get_mut("content") {
        blocks.extend(missing);
    }
}

/// Replaces the body of a comment. A file that the body no longer names is deleted once no document
/// names it.
pub(super) fn replace_body(issue: &mut Issue, comment: u64, body: Value) {
    let ids_in = |issue: &Issue, document: &Value| -> BTreeSet<u64> {
        let named = adf::media_ids(document);
        let known = named
            .into_iter()
            .filter_map(|media| issue.attachment_of_media(media));
        known.map(|attachment| attachment.id).collect()
    };
    let after = ids_in(issue, &body);
    let before = match issue.comments.iter().find(|other| other.id == comment) {
        Some(comment) => ids_in(issue, &comment.body),
        None => return,
    };
    let vanished: BTreeSet<u64> = before.difference(&after).copied().collect();
    if let Some(comment) = issue.comment_mut(comment) {
        comment.body = body;
        comment.files.retain(|id| !vanished.contains(id));
    }
    issue.delete_orphans(&vanished);
}
