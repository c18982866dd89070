//! What is not there, and who else writes.

use casement_core::model::conversation::Conversation;
use casement_core::model::fate::{Absence, CallFailure};
use casement_core::model::identity::{ConversationKey, IssueId};

use super::World;
use crate::ports::Saved;

impl World {
    /// The table has deleted every entry of the ledger.
    pub(crate) fn forget_entries(&self) {
        self.inner.ledger.borrow_mut().clear();
    }

    pub(crate) fn delete_request(&self, id: &str) {
        self.hide_request(id, Absence::Deleted);
    }

    /// Jira answers 404 about the request from now on.
    pub(crate) fn hide_request(&self, id: &str, absence: Absence) {
        let mut absent = self.inner.absent.borrow_mut();
        absent.insert(id.to_owned(), absence);
    }

    pub(crate) fn show_requests(&self) {
        self.inner.absent.borrow_mut().clear();
    }

    /// Fails if Jira answers 404 about the request.
    pub(super) fn check_presence(&self, issue: &IssueId) -> Result<(), CallFailure> {
        let absence = self.inner.absent.borrow().get(issue.as_str()).copied();
        absence.map_or(Ok(()), |absence| Err(CallFailure::Absent(absence)))
    }

    /// The conversation under this key.
    pub(crate) fn stored(&self, key: &ConversationKey) -> Option<Conversation> {
        self.inner.conversations.borrow().get(key).cloned()
    }

    /// From now on Jira answers so to whatever is written in the request.
    pub(crate) fn fill(&self, id: &str, failure: CallFailure) {
        let mut full = self.inner.full.borrow_mut();
        full.insert(id.to_owned(), failure);
    }

    /// Fails if the request takes nothing more.
    pub(super) fn check_room(&self, issue: &IssueId) -> Result<(), CallFailure> {
        let failure = self.inner.full.borrow().get(issue.as_str()).cloned();
        failure.map_or(Ok(()), Err)
    }

    /// The next saves of a conversation find that somebody else wrote.
    pub(crate) fn conflict_next(&self, times: u32) {
        self.inner.conflicts.set(times);
    }

    /// So does this one of the next saves, counted from 1.
    pub(crate) fn conflict_at_save(&self, number: u32) {
        self.inner.conflict_after.set((Some(number - 1), false));
    }

    /// As [`World::conflict_at_save`], since the conversation was erased.
    pub(crate) fn vanish_at_save(&self, number: u32) {
        self.inner.conflict_after.set((Some(number - 1), true));
    }

    /// Whether a save is to find that somebody else wrote.
    pub(super) fn conflicting(&self) -> Option<Saved> {
        let left = self.inner.conflicts.get();
        self.inner.conflicts.set(left.saturating_sub(1));
        let (before, vanishes) = self.inner.conflict_after.get();
        let after = before.and_then(|n| n.checked_sub(1));
        self.inner.conflict_after.set((after, vanishes));
        let is_now = before == Some(0);
        if is_now && vanishes {
            self.inner.conversations.borrow_mut().clear();
        }
        (left > 0 || is_now).then_some(Saved::Conflict)
    }
}
