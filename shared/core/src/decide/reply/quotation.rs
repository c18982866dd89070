//! What may be shown of a comment in another one.
//!
//! A customer who answers a message, reacts to it, or deletes one shows the agent which by its
//! first line. That line goes into a public comment, perhaps of another request, so it passes the
//! same gate as a reply, at the moment at which it is read.

use super::IgnoreReason;
use crate::model::comment::Comment;
use crate::model::content::{Quotation, first_line_of, sent_line_of};
use crate::model::digest::Digest;
use crate::model::identity::AccountId;
use crate::model::ledger::{LedgerEntry, OutboundSource};

/// Decides what may be shown of `comment`, read just now, which the ledger's entry `known` by
/// WhatsApp's id leads to. `None`: nothing.
///
/// Of a reply and of a customer's message that is its first line, as long as the comment is as
/// public as one that is sent, and unchanged. Of an internal note of Casement's about a message
/// that nobody wrote, it is what the customer was sent, as long as nobody has touched the note.
#[must_use]
pub fn decide_quotation(
    comment: &Comment,
    own_account: &AccountId,
    known: &LedgerEntry,
) -> Option<Quotation> {
    let is_unchanged = is_as_it_was(comment, known);
    let source = known.outbound.as_ref().map(|key| &key.source);
    if !matches!(source, None | Some(OutboundSource::Comment(_))) {
        let is_ours = comment.author == *own_account;
        let may_be_shown = is_ours && is_unchanged && !comment.restricted;
        let line = sent_line_of(comment.body.written()).filter(|_| may_be_shown)?;
        return Some(Quotation::line(line));
    }
    if comment.kept_inside().is_some() {
        None
    } else if is_unchanged {
        first_line_of(comment.body.written()).map(Quotation::line)
    } else {
        Some(Quotation::CHANGED)
    }
}

impl Comment {
    /// Why it is not for customers, whoever wrote it. `None`: it is public by both of Jira's
    /// words, and restricted to nobody.
    pub(super) fn kept_inside(&self) -> Option<IgnoreReason> {
        if self.public != Some(true) || self.jsd_public == Some(false) {
            Some(IgnoreReason::NotPublic)
        } else {
            self.restricted.then_some(IgnoreReason::Restricted)
        }
    }

    /// By what the ledger knows its words again.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.body.digest(&self.id)
    }
}

/// Whether a comment says what it said when the ledger's entry was written. Its time of change
/// alone proves nothing: apps and rules save comments anew with the same words.
fn is_as_it_was(comment: &Comment, known: &LedgerEntry) -> bool {
    let never_edited = comment.updated <= comment.created;
    let was_read = known.source_updated;
    never_edited
        || was_read.is_some_and(|read| comment.updated <= read)
        || known.digest.as_ref() == Some(&comment.digest())
}

#[cfg(test)]
mod tests;
