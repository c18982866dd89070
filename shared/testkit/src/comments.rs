//! Comments in Jira: Casement's own, and those of agents.

use std::collections::HashMap;

use casement_core::model::comment::{Body, Comment, ListedComment};
use casement_core::model::delivery_state::DeliveryState;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{AccountId, CommentId, IssueId, Wamid};
use casement_service::ports::{
    CommentDraft, Comments, LatestComments, Marker, Shown, UpdatedIssue,
};
use chrono::{DateTime, Utc};

use crate::{Call, OWN, World, comment, words};

#[derive(Default)]
pub(crate) struct AllComments {
    /// Casement's own, with the ids `own-1`, `own-2`, and so on.
    own: Vec<(IssueId, CommentDraft)>,
    /// Those of agents, and our own that agents have edited.
    pub(crate) readable: HashMap<CommentId, Comment>,
    shown: Vec<(CommentId, DeliveryState)>,
    /// Further updated issues.
    pub(crate) updated: Vec<UpdatedIssue>,
}

impl AllComments {
    fn draft(&self, id: &CommentId) -> Option<&CommentDraft> {
        let number: usize = id.as_str().strip_prefix("own-")?.parse().ok()?;
        self.own.get(number - 1).map(|(_, draft)| draft)
    }

    /// Returns a comment as it is now.
    pub(crate) fn comment(&self, id: &CommentId) -> Option<Comment> {
        let readable = self.readable.get(id).cloned();
        readable.or_else(|| Some(own(id.clone(), self.draft(id)?)))
    }
}

/// Returns the id of the own comment at this place.
fn own_id(index: usize) -> CommentId {
    CommentId::new(format!("own-{}", index + 1))
}

fn own(id: CommentId, draft: &CommentDraft) -> Comment {
    Comment {
        author: AccountId::new(OWN),
        public: Some(draft.public),
        jsd_public: Some(draft.public),
        written_by_us: true,
        ..comment(id, Body::of(&draft.body), DateTime::UNIX_EPOCH)
    }
}

fn listed(comment: Comment) -> ListedComment {
    ListedComment {
        inside: comment.restricted || comment.jsd_public == Some(false),
        id: comment.id,
        author: comment.author,
        account_type: comment.account_type,
        written_by_us: comment.written_by_us,
        created: comment.created,
        updated: comment.updated,
        body: comment.body,
    }
}

impl World {
    /// Returns customers' words as written in Jira, each with its issue.
    #[must_use]
    pub fn said(&self) -> Vec<(String, String)> {
        self.written(true)
    }

    /// Returns our internal notes.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let notes = self.written(false).into_iter();
        notes.map(|(_, text)| text).collect()
    }

    fn written(&self, public: bool) -> Vec<(String, String)> {
        let comments = self.inner.comments.borrow();
        let chosen = comments
            .own
            .iter()
            .filter(|(_, draft)| draft.public == public);
        let words = chosen.map(|(issue, draft)| {
            let document = serde_json::to_value(&draft.body).unwrap();
            (issue.as_str().to_owned(), words::words(&document))
        });
        words.collect()
    }

    /// Returns the delivery states shown on comments, in order, as `comment state`.
    #[must_use]
    pub fn shown(&self) -> Vec<String> {
        let comments = self.inner.comments.borrow();
        let states = comments.shown.iter().map(|(comment, state)| {
            let state = serde_json::to_value(state).unwrap();
            format!("{} {}", comment.as_str(), state["state"].as_str().unwrap())
        });
        states.collect()
    }
}

impl Comments for World {
    async fn add(&self, issue: &IssueId, draft: &CommentDraft) -> Result<CommentId, CallFailure> {
        self.check_presence(issue)?;
        self.check_room(issue)?;
        let call = self.begin_call(Call::AddComment)?;
        let own = &mut self.inner.comments.borrow_mut().own;
        own.push((issue.clone(), draft.clone()));
        call.answer(own_id(own.len() - 1))
    }

    async fn marked(
        &self,
        issue: &IssueId,
        marker: &Marker,
    ) -> Result<Option<CommentId>, CallFailure> {
        self.check_presence(issue)?;
        let call = self.begin_call(Call::FindComment)?;
        let comments = self.inner.comments.borrow();
        let mut own = comments.own.iter();
        let found = own.position(|(place, draft)| place == issue && draft.marker == *marker);
        call.answer(found.map(own_id))
    }

    async fn read(
        &self,
        issue: &IssueId,
        comment: &CommentId,
    ) -> Result<Option<Comment>, CallFailure> {
        self.check_presence(issue)?;
        let call = self.begin_call(Call::ReadComment)?;
        call.answer(self.inner.comments.borrow().comment(comment))
    }

    async fn show_delivery(
        &self,
        comment: &CommentId,
        state: &DeliveryState,
        _project: &str,
        _now: DateTime<Utc>,
    ) -> Result<Shown, CallFailure> {
        let call = match self.begin_call(Call::ShowDelivery) {
            Err(CallFailure::Jira { status: 403, .. }) => return Ok(Shown::NotAllowed),
            call => call?,
        };
        let shown = &mut self.inner.comments.borrow_mut().shown;
        shown.push((comment.clone(), state.clone()));
        call.answer(Shown::Yes)
    }

    async fn own_account(&self) -> Result<AccountId, CallFailure> {
        Ok(AccountId::new(OWN))
    }
}

impl LatestComments for World {
    async fn latest_comments(&self, issue: &IssueId) -> Result<Vec<ListedComment>, CallFailure> {
        self.check_presence(issue)?;
        let comments = self.inner.comments.borrow();
        let all = comments.own.iter().enumerate();
        let own = all
            .filter(|(_, (place, _))| place == issue)
            .map(|(index, (_, draft))| own(own_id(index), draft));
        let readable = comments.readable.values().cloned();
        let mut all: Vec<_> = own.chain(readable).map(listed).collect();
        all.reverse();
        Ok(all)
    }

    async fn message_of(&self, comment: &CommentId) -> Result<Option<Wamid>, CallFailure> {
        let comments = self.inner.comments.borrow();
        let marker = comments.draft(comment).map(|draft| &draft.marker);
        Ok(match marker {
            Some(Marker::Message { wamid, .. }) => Some(wamid.clone()),
            Some(Marker::Note(_)) | None => None,
        })
    }
}
