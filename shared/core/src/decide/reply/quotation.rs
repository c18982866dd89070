//! Which part of a comment may be shown in another one.
//!
//! When a customer answers a message, reacts to it, or deletes one, Casement shows the agent which
//! one by its first line. That line goes into a public comment, perhaps of another request. So it
//! passes the same gate as a reply, at the moment when it is read.

use super::IgnoreReason;
use crate::model::comment::Comment;
use crate::model::content::{Quotation, first_line_of, sent_line_of};
use crate::model::digest::Digest;
use crate::model::identity::AccountId;
use crate::model::ledger::{CommentVersion, KnownMessage, OutboundSource};

/// Decides which part of `comment` may be shown, if any. The comment was read just now. `known` is
/// the message that led to it.
///
/// For a reply or a customer's message, this is the first line, if the comment is as public as one
/// that is sent, and unchanged. For one of Casement's internal notes about a message that nobody
/// wrote, it is the text the customer was sent, if nobody has touched the note.
#[must_use]
pub fn decide_quotation(
    comment: &Comment,
    own_account: &AccountId,
    known: &KnownMessage,
) -> Option<Quotation> {
    let (read, digest) = match known {
        KnownMessage::Received(message) => (None, &message.digest),
        KnownMessage::Sent(sent) => (sent.source_updated, &sent.digest),
        KnownMessage::IdentityChange => return None,
    };
    // The time of the last change alone proves nothing: apps and rules save comments again with the
    // same words.
    let is_unchanged = comment.updated <= comment.created
        || read.is_some_and(|read| comment.updated <= read)
        || *digest == Some(comment.digest());
    if let KnownMessage::Sent(sent) = known
        && !matches!(sent.outbound.source, OutboundSource::Comment(_))
    {
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
    /// Returns why the comment is not for customers, whoever wrote it. `None` if Jira says that it
    /// is public, `jsdPublic` does not deny it, and it is restricted to nobody.
    pub(super) fn kept_inside(&self) -> Option<IgnoreReason> {
        if self.public != Some(true) || self.jsd_public == Some(false) {
            Some(IgnoreReason::NotPublic)
        } else {
            self.restricted.then_some(IgnoreReason::Restricted)
        }
    }

    /// Returns the digest by which the ledger recognizes the comment's words.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.body.digest(&self.id)
    }

    /// Returns what the ledger keeps of the comment as it is now.
    #[must_use]
    pub fn version(&self) -> CommentVersion {
        CommentVersion {
            updated: self.updated,
            digest: self.digest(),
        }
    }
}

#[cfg(test)]
mod tests;
