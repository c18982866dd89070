//! Comments in Jira: Casement's own, and those of agents.

use std::collections::{BTreeMap, HashMap, HashSet};

use casement_core::model::comment::{Body, Comment, ListedComment};
use casement_core::model::delivery_state::DeliveryState;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{AccountId, CommentId, IssueId, Wamid};
use casement_service::ports::{Clock, CommentDraft, Comments, LatestComments, Marker, Shown};
use chrono::{DateTime, Utc};

use crate::{Call, OWN, World, comment, words};

#[derive(Default)]
pub(crate) struct AllComments {
    written: usize,
    /// Casement's own, with the ids `own-1`, `own-2`, and so on.
    own: BTreeMap<usize, Own>,
    /// Those of agents, and our own that agents have edited.
    readable: HashMap<CommentId, Comment>,
    /// The comments of each issue, the oldest first.
    of_issue: HashMap<IssueId, Vec<CommentId>>,
    shown: Vec<(CommentId, DeliveryState)>,
}

struct Own {
    issue: IssueId,
    draft: CommentDraft,
    written_at: DateTime<Utc>,
}

impl AllComments {
    fn draft(&self, id: &CommentId) -> Option<&CommentDraft> {
        let number = id.as_str().strip_prefix("own-")?.parse().ok()?;
        self.own.get(&number).map(|own| &own.draft)
    }

    /// Returns a comment as it is now.
    pub(crate) fn comment(&self, id: &CommentId) -> Option<Comment> {
        let readable = self.readable.get(id).cloned();
        readable.or_else(|| Some(own(id.clone(), self.draft(id)?)))
    }

    /// Writes an agent's comment, or an edited one.
    pub(crate) fn write(&mut self, issue: &IssueId, comment: Comment) {
        let listed = self.of_issue.entry(issue.clone()).or_default();
        if !listed.contains(&comment.id) {
            listed.push(comment.id.clone());
        }
        self.readable.insert(comment.id.clone(), comment);
    }

    pub(crate) fn delete(&mut self, id: &CommentId) {
        self.readable.remove(id);
    }

    /// Drops what was written before this time and is not `kept`.
    pub(crate) fn forget(&mut self, before: DateTime<Utc>, kept: &HashSet<CommentId>) {
        self.own.retain(|_, own| own.written_at >= before);
        let readable = &mut self.readable;
        readable.retain(|id, comment| comment.updated >= before || kept.contains(id));
        let (own, readable) = (&self.own, &self.readable);
        let is_there = |id: &CommentId| {
            let number = id.as_str().strip_prefix("own-");
            let number = number.and_then(|number| number.parse().ok());
            readable.contains_key(id) || number.is_some_and(|number| own.contains_key(&number))
        };
        self.of_issue.retain(|_, listed| {
            listed.retain(is_there);
            !listed.is_empty()
        });
        self.shown.clear();
    }
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

fn listed(comment: Comment, about: Option<String>) -> ListedComment {
    ListedComment {
        inside: comment.restricted || comment.jsd_public == Some(false),
        id: comment.id,
        author: comment.author,
        account_type: comment.account_type,
        written_by_us: comment.written_by_us,
        about,
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
            .values()
            .filter(|own| own.draft.public == public);
        let words = chosen.map(|own| {
            let document = serde_json::to_value(&own.draft.body).unwrap();
            (own.issue.as_str().to_owned(), words::words(&document))
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
        self.update_issue(issue.as_str(), self.now());
        let comments = &mut self.inner.comments.borrow_mut();
        comments.written += 1;
        let number = comments.written;
        let own = Own {
            issue: issue.clone(),
            draft: draft.clone(),
            written_at: self.now(),
        };
        comments.own.insert(number, own);
        let id = CommentId::new(format!("own-{number}"));
        let listed = comments.of_issue.entry(issue.clone()).or_default();
        listed.push(id.clone());
        call.answer(id)
    }

    async fn marked(
        &self,
        issue: &IssueId,
        marker: &Marker,
    ) -> Result<Option<CommentId>, CallFailure> {
        self.check_presence(issue)?;
        let call = self.begin_call(Call::FindComment)?;
        let comments = self.inner.comments.borrow();
        let mut listed = comments.of_issue.get(issue).into_iter().flatten();
        let is_marked = |draft: &CommentDraft| draft.marker == *marker;
        let found = listed.find(|id| comments.draft(id).is_some_and(is_marked));
        call.answer(found.cloned())
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
        self.waits_for_turn().await;
        self.check_presence(issue)?;
        let call = self.begin_call(Call::LatestComments)?;
        let comments = self.inner.comments.borrow();
        let ids = comments.of_issue.get(issue).into_iter().flatten().rev();
        let about = |id: &CommentId| match &comments.draft(id)?.marker {
            Marker::Note(about) => Some(about.clone()),
            Marker::Message { .. } => None,
        };
        let latest = ids.filter_map(|id| Some(listed(comments.comment(id)?, about(id))));
        call.answer(latest.collect())
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
