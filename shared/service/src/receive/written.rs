//! Writes the comments that a message becomes.

use casement_core::decide::inbound::InboundPlan;
use casement_core::model::comment::Body;
use casement_core::model::content::{Enrichment, FileOutcome};
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{IssueId, IssueRef};
use casement_core::model::ledger::{KnownMessage, LedgerEntry, ReceivedMessage};
use casement_core::say::notes::Note;

use super::request::judged;
use super::{Receiving, earlier, file};
use crate::app::Ports;
use crate::failure::Failure;
use crate::note::{self, Attempted};
use crate::ports::*;
use crate::saving::change_stored;

/// The progress of writing a message. A long message takes more comments than Jira allows at once,
/// so every attempt goes on where the one before stopped.
pub(super) struct Written {
    /// What is known to be in Jira.
    received: ReceivedMessage,
    /// Whether the next comment may exist as well.
    next_is_uncertain: bool,
}

impl Written {
    /// Reads the progress of earlier attempts from the entry.
    pub(super) fn by_earlier_attempts(entry: &LedgerEntry<KnownMessage>) -> Self {
        Self {
            received: match &entry.about {
                KnownMessage::Received(received) => received.clone(),
                KnownMessage::Sent(_) | KnownMessage::IdentityChange => ReceivedMessage::default(),
            },
            next_is_uncertain: entry.claim.may_have_happened(),
        }
    }

    /// Returns the entry with this progress, for the next attempt.
    pub(super) fn note_in(&self, entry: LedgerEntry<KnownMessage>) -> LedgerEntry<KnownMessage> {
        LedgerEntry {
            about: KnownMessage::Received(self.received.clone()),
            ..entry
        }
    }

    /// Starts over unless the comments are in `issue`. Comments in another request, perhaps a
    /// deleted one, do not count.
    fn begin_in(&mut self, issue: &IssueId) {
        if self.received.issue_id.as_ref() != Some(issue) {
            self.received = ReceivedMessage {
                issue_id: Some(issue.clone()),
                ..ReceivedMessage::default()
            };
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
    if !plan.is_shown {
        return Ok(());
    }
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
    let &Receiving { message, claim, .. } = receiving;
    let app = &receiving.inbound.app;
    let zone = receiving.number.time_zone;
    written.begin_in(&issue.id);
    let mut enrichment = Enrichment {
        earlier: earlier::quotation(app, message, &issue.id).await?,
        file: file::take(receiving, issue).await?,
        rest: None,
        called_at: Some(message.sent_at.with_timezone(&zone)),
    };
    if let Some(rest) = message.rest(&enrichment) {
        enrichment.rest = file::take_rest(receiving, issue, &rest).await?;
    }
    let known = written.received.comments.len();
    let documents = message.documents(&enrichment);
    for (part, body) in documents.into_iter().enumerate().skip(known) {
        let draft = CommentDraft {
            body,
            public: message.is_for_customers(),
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
            written.received.digest = Some(Body::of(&draft.body).digest(&comment));
        }
        written.received.comments.push(comment);
    }
    if let Some(unseen) = message.content.unseen() {
        // One note of a kind is enough for a request.
        let about = format!("unseen:{}", unseen.as_str());
        let note = Note::Unseen(unseen);
        note::leave(&app.jira, &issue.id, &note, about, Attempted::Maybe).await?;
    }
    if let Some(FileOutcome::Missing(problem)) = enrichment.file {
        let about = format!("file-missing:{}", message.wamid.fingerprint());
        let note = Note::FileMissing { problem };
        let attempted = Attempted::before(claim);
        note::leave(&app.jira, &issue.id, &note, about, attempted).await?;
    }
    Ok(())
}
