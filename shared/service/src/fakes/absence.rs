//! Missing data, and writes by others.

use casement_core::model::conversation::Conversation;
use casement_core::model::fate::{Absence, CallFailure};
use casement_core::model::identity::{ConversationKey, IssueId};

use super::World;
use crate::ports::Saved;

impl World {
    /// Deletes every entry of the ledger.
    pub(crate) fn forget_entries(&self) {
        self.inner.ledger.borrow_mut().clear();
    }

    /// From now on the table has no conversation.
    pub(crate) fn erase_conversations(&self) {
        self.inner.conversations.borrow_mut().clear();
    }

    pub(crate) fn delete_request(&self, id: &str) {
        self.hide_request(id, Absence::Deleted);
    }

    /// Makes Jira answer with 404 for the request from now on.
    pub(crate) fn hide_request(&self, id: &str, absence: Absence) {
        let mut absent = self.inner.absent.borrow_mut();
        absent.insert(id.to_owned(), absence);
    }

    pub(crate) fn show_requests(&self) {
        self.inner.absent.borrow_mut().clear();
    }

    /// Fails if Jira answers with 404 for the request.
    pub(super) fn check_presence(&self, issue: &IssueId) -> Result<(), CallFailure> {
        let absence = self.inner.absent.borrow().get(issue.as_str()).copied();
        absence.map_or(Ok(()), |absence| Err(CallFailure::Absent(absence)))
    }

    /// Returns the conversation under this key.
    pub(crate) fn stored(&self, key: &ConversationKey) -> Option<Conversation> {
        self.inner.conversations.borrow().get(key).cloned()
    }

    /// Makes Jira refuse all writes to the request with `failure` from now on.
    pub(crate) fn fill(&self, id: &str, failure: CallFailure) {
        let mut full = self.inner.full.borrow_mut();
        full.insert(id.to_owned(), failure);
    }

    /// Fails if the request refuses writes.
    pub(super) fn check_room(&self, issue: &IssueId) -> Result<(), CallFailure> {
        let failure = self.inner.full.borrow().get(issue.as_str()).cloned();
        failure.map_or(Ok(()), Err)
    }

    /// Makes the next saves of a conversation conflict.
    pub(crate) fn conflict_next(&self, times: u32) {
        self.inner.conflicts.set(times);
    }

    /// Makes one of the next saves conflict, counted from 1.
    pub(crate) fn conflict_at_save(&self, number: u32) {
        self.inner.conflict_after.set((Some(number - 1), false));
    }

    /// As [`World::conflict_at_save`], but erases the conversation as well.
    pub(crate) fn vanish_at_save(&self, number: u32) {
        self.inner.conflict_after.set((Some(number - 1), true));
    }

    /// Decides whether a save conflicts.
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
