//! Writes the comments that a message becomes.

use casement_core::decide::inbound::InboundPlan;
use casement_core::model::comment::Body;
use casement_core::model::content::{FileOutcome, Findings};
use casement_core::model::conversation::Conversation;
use casement_core::model::digest::Digest;
use casement_core::model::identity::{CommentId, IssueId, IssueRef};
use casement_core::model::ledger::LedgerEntry;
use casement_core::say::notes::Note;

use super::request::judged;
use super::{Receiving, earlier, file};
use crate::app::Ports;
use crate::failure::Failure;
use crate::note::{self, Before};
use crate::ports::*;
use crate::saving::change_stored;

/// The progress of writing a message. A long message takes more comments than Jira allows at once,
/// so every attempt goes on where the one before stopped.
pub(super) struct Written {
    /// The request with the comments.
    issue: Option<IssueId>,
    /// The known comments, in order.
    comments: Vec<CommentId>,
    /// The digest that identifies the words of the first comment.
    digest: Option<Digest>,
    /// Whether the next comment may exist as well.
    next_is_uncertain: bool,
}

impl Written {
    /// Reads the progress of earlier attempts from the entry.
    pub(super) fn by_earlier_attempts(entry: &LedgerEntry) -> Self {
        Self {
            issue: entry.issue_id.clone(),
            comments: entry.comments.clone(),
            digest: entry.digest.clone(),
            next_is_uncertain: entry.may_have_happened(),
        }
    }

    /// Returns the entry with this progress, for the next attempt.
    pub(super) fn note_in(&self, entry: LedgerEntry) -> LedgerEntry {
        LedgerEntry {
            issue_id: self.issue.clone(),
            comments: self.comments.clone(),
            digest: self.digest.clone(),
            ..entry
        }
    }

    /// Starts over unless the comments are in `issue`. Comments in another request, perhaps a
    /// deleted one, do not count.
    fn begin_in(&mut self, issue: &IssueId) {
        if self.issue.as_ref() != Some(issue) {
            self.issue = Some(issue.clone());
            self.comments.clear();
            self.digest = None;
        }
    }
}

/// Writes the message with its file into the request of the plan. The first message that arrives in
/// a request on trial proves the request.
pub(super) async fn write<P: Ports>(
    receiving: &Receiving<'_, P>,
    plan: &InboundPlan,
    issue: &IssueRef,
    written: &mut Written,
) -> Result<(), Failure> {
    let app = &receiving.inbound.app;
    let conversation = &plan.conversation;
    match write_comments(receiving, issue, written).await {
        Ok(()) if conversation.is_on_trial(&issue.id) => {
            let proven = |current: Conversation| current.proven(&issue.id);
            change_stored(&app.store, &conversation.key, proven).await?;
            Ok(())
        }
        Err(Failure::Call(failure)) => {
            let now = app.clock.now();
            Err(judged(failure, conversation, &issue.id, receiving.message, now).into())
        }
        result => result,
    }
}

/// Writes the missing comments, one after the other.
async fn write_comments<P: Ports>(
    receiving: &Receiving<'_, P>,
    issue: &IssueRef,
    written: &mut Written,
) -> Result<(), Failure> {
    let &Receiving { message, entry, .. } = receiving;
    let app = &receiving.inbound.app;
    written.begin_in(&issue.id);
    let mut findings = Findings {
        earlier: earlier::quotation(app, message, &issue.id).await?,
        file: file::take(receiving, issue).await?,
        rest: None,
    };
    if let Some(rest) = message.rest(&findings) {
        findings.rest = file::take_rest(receiving, issue, &rest).await?;
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
            app.jira.marked(&issue.id, &draft.marker).await?
        } else {
            None
        };
        // Comments are written in order: where one is missing, no later one exists.
        written.next_is_uncertain = earlier.is_some();
        let comment = match earlier {
            Some(comment) => comment,
            None => app.jira.add(&issue.id, &draft).await?,
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
        note::leave(&app.jira, &issue.id, &note, about, Before::Perhaps).await?;
    }
    if let Some(FileOutcome::Missing(problem)) = findings.file {
        let about = format!("file-missing:{}", message.wamid.fingerprint());
        let note = Note::FileMissing { problem };
        let before = Before::attempts_of(entry);
        note::leave(&app.jira, &issue.id, &note, about, before).await?;
    }
    Ok(())
}
