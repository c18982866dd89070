//! The comments that a message becomes.

use casement_core::fate::CallFailure;
use casement_core::identity::{CommentId, IssueId, IssueRef};
use casement_core::inbound::{InboundMessage, InboundPlan};
use casement_core::ledger::LedgerEntry;

use super::Inbound;
use crate::ports::{
    Clock, CommentDraft, DelayQueue, Jira, Marker, OutboundQueue, SettingsSource, Store,
};

/// How far a message is written. A long one takes more comments than Jira allows at once, so
/// every attempt goes on where the one before it stopped.
pub(super) struct Written {
    /// Where the comments are.
    issue: Option<IssueId>,
    /// Those that are known, in order.
    comments: Vec<CommentId>,
    /// Whether the comment after them may be there as well.
    next_is_uncertain: bool,
}

impl Written {
    /// What is known of earlier attempts.
    pub(super) fn by_earlier_attempts(entry: &LedgerEntry) -> Self {
        Self {
            issue: entry.issue_id.clone(),
            comments: entry.comments.clone(),
            next_is_uncertain: entry.may_have_happened(),
        }
    }

    /// The entry with all this put down for the next attempt.
    pub(super) fn note_in(&self, entry: LedgerEntry) -> LedgerEntry {
        LedgerEntry {
            issue_id: self.issue.clone(),
            comments: self.comments.clone(),
            ..entry
        }
    }

    /// What is in another request, perhaps a deleted one, does not count.
    fn begin_in(&mut self, issue: &IssueId) {
        if self.issue.as_ref() != Some(issue) {
            self.issue = Some(issue.clone());
            self.comments.clear();
        }
    }
}

impl<S, J, Q, T, C> Inbound<S, J, Q, T, C>
where
    S: Store,
    J: Jira,
    Q: OutboundQueue + DelayQueue,
    T: SettingsSource,
    C: Clock,
{
    /// Writes the comments that are missing, one after the other.
    pub(super) async fn write(
        &self,
        issue: &IssueRef,
        plan: &InboundPlan,
        message: &InboundMessage,
        written: &mut Written,
    ) -> Result<(), CallFailure> {
        written.begin_in(&issue.id);
        let known = written.comments.len();
        for (part, body) in plan.comments.iter().enumerate().skip(known) {
            let draft = CommentDraft {
                body: body.clone(),
                public: true,
                marker: Marker::Message {
                    wamid: message.wamid.clone(),
                    part,
                },
            };
            let earlier = if written.next_is_uncertain {
                self.jira.marked(&issue.id, &draft.marker).await?
            } else {
                None
            };
            // They are written in order: where one is missing, no later one is there.
            written.next_is_uncertain = earlier.is_some();
            written.comments.push(match earlier {
                Some(comment) => comment,
                None => self.jira.add(&issue.id, &draft).await?,
            });
        }
        Ok(())
    }
}
