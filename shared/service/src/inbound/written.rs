//! The comments that a message becomes.

use casement_core::model::comment::Body;
use casement_core::model::content::{FileOutcome, Findings, InboundMessage};
use casement_core::model::digest::Digest;
use casement_core::model::identity::{CommentId, IssueId, IssueRef};
use casement_core::model::ledger::LedgerEntry;
use casement_core::say::notes::Note;

use super::{Inbound, before};
use crate::app::Ports;
use crate::failure::Failure;
use crate::note::{self, Before};
use crate::ports::*;

/// How far a message is written. A long one takes more comments than Jira allows at once, so
/// every attempt goes on where the one before it stopped.
pub(super) struct Written {
    /// Where the comments are.
    issue: Option<IssueId>,
    /// Those that are known, in order.
    comments: Vec<CommentId>,
    /// By what the words of the first are known again.
    digest: Option<Digest>,
    /// Whether the comment after them may be there as well.
    next_is_uncertain: bool,
}

impl Written {
    /// What is known of earlier attempts.
    pub(super) fn by_earlier_attempts(entry: &LedgerEntry) -> Self {
        Self {
            issue: entry.issue_id.clone(),
            comments: entry.comments.clone(),
            digest: entry.digest.clone(),
            next_is_uncertain: entry.may_have_happened(),
        }
    }

    /// The entry with all this put down for the next attempt.
    pub(super) fn note_in(&self, entry: LedgerEntry) -> LedgerEntry {
        LedgerEntry {
            issue_id: self.issue.clone(),
            comments: self.comments.clone(),
            digest: self.digest.clone(),
            ..entry
        }
    }

    /// What is in another request, perhaps a deleted one, does not count.
    fn begin_in(&mut self, issue: &IssueId) {
        if self.issue.as_ref() != Some(issue) {
            self.issue = Some(issue.clone());
            self.comments.clear();
            self.digest = None;
        }
    }
}

impl<P: Ports> Inbound<P> {
    /// Writes the message into the request, with its file: the comments that are missing, one
    /// after the other.
    pub(super) async fn write(
        &self,
        issue: &IssueRef,
        message: &InboundMessage,
        entry: &LedgerEntry,
        written: &mut Written,
    ) -> Result<(), Failure> {
        written.begin_in(&issue.id);
        let mut findings = Findings {
            earlier: self.earlier(message, &issue.id).await?,
            file: self.take_file(issue, message, entry).await?,
            rest: None,
        };
        if let Some(rest) = message.rest(&findings) {
            findings.rest = self.take_rest(issue, message, &rest, entry).await?;
        }
        let known = written.comments.len();
        let documents = message.documents(&findings);
        for (part, body) in documents.into_iter().enumerate().skip(known) {
            let draft = CommentDraft {
                body,
                public: true,
                marker: Marker::Message {
                    wamid: message.wamid.clone(),
                    part,
                },
            };
            let earlier = if written.next_is_uncertain {
                self.app.jira.marked(&issue.id, &draft.marker).await?
            } else {
                None
            };
            // They are written in order: where one is missing, no later one is there.
            written.next_is_uncertain = earlier.is_some();
            let comment = match earlier {
                Some(comment) => comment,
                None => self.app.jira.add(&issue.id, &draft).await?,
            };
            if part == 0 {
                written.digest = Some(Body::of(&draft.body).digest(&comment));
            }
            written.comments.push(comment);
        }
        if let Some(unseen) = message.content.unseen() {
            // One note of a kind is enough for a request.
            let about = format!("unseen:{}", unseen.as_str());
            let note = Note::Unseen(unseen);
            note::leave(&self.app.jira, &issue.id, &note, about, Before::Perhaps).await?;
        }
        if let Some(FileOutcome::Missing(problem)) = findings.file {
            let about = format!("file-missing:{}", message.wamid.fingerprint());
            let note = Note::FileMissing { problem };
            note::leave(&self.app.jira, &issue.id, &note, about, before(entry)).await?;
        }
        Ok(())
    }
}
