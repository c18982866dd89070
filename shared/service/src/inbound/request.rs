//! The request that a message goes to: found, reopened or opened.

use casement_core::decide::inbound::{
    InboundPlan, NewRequest, RequestStep, decide_after_gone, decide_routed,
};
use casement_core::decide::routing::reopening;
use casement_core::model::content::InboundMessage;
use casement_core::model::conversation::{Conversation, Ended};
use casement_core::model::fate::{Absence, CallFailure, Fate, fate};
use casement_core::model::identity::{ConversationKey, IssueId, IssueRef};
use casement_core::model::queue::{OutboundQueueMessage, id_of_early};
use casement_core::say::notes::Note;
use casement_core::settings::NumberSettings;
use chrono::{DateTime, Duration, Utc};

use super::{Inbound, SOON};
use crate::app::Ports;
use crate::event::Event;
use crate::failure::Failure;
use crate::note::{self, Before};
use crate::ports::*;
use crate::saving::{change_stored, raised};

/// How long after a lost answer the request is looked for. The list of our own requests is asked,
/// and the search, which lags behind by "a few seconds to minutes" (Jira Cloud platform, "Search and
/// reconcile issues"). Only when the last look finds nothing is the request opened once more.
const LOOKS: [Duration; 4] = [
    Duration::seconds(5),
    Duration::seconds(20),
    Duration::seconds(60),
    Duration::seconds(180),
];

impl<P: Ports> Inbound<P> {
    /// The plan with Jira's word on the request, if it was to be asked. `None`: somebody else has
    /// changed the conversation meanwhile, so decide anew.
    pub(super) async fn routed(
        &self,
        plan: InboundPlan,
        message: &InboundMessage,
        settings: &NumberSettings,
    ) -> Result<Option<InboundPlan>, Failure> {
        let RequestStep::Ask(issue) = plan.request.clone() else {
            return Ok(Some(plan));
        };
        let before = plan.conversation.clone();
        let state = self.app.jira.state(&issue.id).await;
        let now = self.app.clock.now();
        let mut routed = match state {
            Ok(state) => decide_routed(plan, &issue, state, message, settings, now),
            Err(failure) => match judged(failure, &plan.conversation, &issue.id, message, now) {
                failure if fate(&failure) == Fate::Gone => {
                    decide_after_gone(plan, &issue, Ended::Gone, message, settings, now)
                }
                failure => return Err(failure.into()),
            },
        };
        if routed.conversation != before {
            match self.app.store.save(&routed.conversation).await? {
                Saved::Yes => routed.conversation = raised(routed.conversation),
                Saved::Conflict => return Ok(None),
            }
        }
        Ok(Some(routed))
    }

    /// The plan after the request turned out to be deleted or full when it was written to.
    pub(super) async fn after_gone(
        &self,
        plan: InboundPlan,
        gone: &IssueRef,
        ended: Ended,
        message: &InboundMessage,
        settings: &NumberSettings,
    ) -> Result<InboundPlan, Failure> {
        let mut plan =
            decide_after_gone(plan, gone, ended, message, settings, self.app.clock.now());
        match self.app.store.save(&plan.conversation).await? {
            Saved::Yes => {
                plan.conversation = raised(plan.conversation);
                Ok(plan)
            }
            Saved::Conflict => Err(Failure::NotYet("the conversation has just changed", SOON)),
        }
    }

    /// Why the conversation cannot go on in the request, if that is what `failure` to write there
    /// means. A request that refuses our own plain note as well takes nothing, whatever Jira calls
    /// it; the one that was opened for this message has nothing in it and is not full.
    pub(super) async fn ended(
        &self,
        plan: &InboundPlan,
        issue: &IssueRef,
        message: &InboundMessage,
        failure: &CallFailure,
    ) -> Result<Option<Ended>, Failure> {
        let opened = plan.conversation.opened.as_ref();
        let is_empty = opened.is_some_and(|opened| opened.is_empty(&issue.id, &message.wamid));
        match fate(failure) {
            Fate::Gone if *failure == CallFailure::Full => Ok(Some(Ended::Full)),
            Fate::Gone => Ok(Some(Ended::Gone)),
            Fate::GiveUp if !is_empty => {
                match self.not_written(issue, message, failure.to_string()).await {
                    Err(Failure::Call(refused))
                        if matches!(fate(&refused), Fate::Gone | Fate::GiveUp) =>
                    {
                        Ok(Some(Ended::Full))
                    }
                    told => told.map(|()| None),
                }
            }
            _ => Ok(None),
        }
    }

    /// The request that the message goes to, opened or reopened if need be. `None`: there is
    /// none that it could go to.
    pub(super) async fn request(
        &self,
        plan: &mut InboundPlan,
        message: &InboundMessage,
    ) -> Result<Option<IssueRef>, Failure> {
        let (request, resumed) = match plan.request.clone() {
            RequestStep::Nowhere | RequestStep::Unwanted(_) => return Ok(None),
            RequestStep::Ask(issue) | RequestStep::Append(issue) => {
                return Ok(Some(issue));
            }
            RequestStep::Reopen { issue, since } => {
                self.reopen(&issue, since).await?;
                return Ok(Some(issue));
            }
            RequestStep::Open(request) => (request, false),
            RequestStep::Resume(request) => (request, true),
        };
        let looked_up = if resumed {
            let opening = plan.conversation.opening.as_ref();
            let since = opening.map(|opening| opening.since);
            self.look_up(&request, since).await?
        } else {
            None
        };
        let was_there = looked_up.is_some();
        let issue = match looked_up {
            Some(issue) => issue,
            None => {
                if resumed {
                    self.begin_anew(plan).await?;
                }
                self.open(&request, &plan.conversation.key).await?
            }
        };
        self.app
            .store
            .link_issue(&issue.id, &plan.conversation.key)
            .await?;
        if was_there {
            self.take_up_early_comments(&issue.id).await?;
        }
        let opening = plan.conversation.opening.as_ref();
        if let Some(former) = opening.and_then(|opening| opening.former.as_ref())
            && former.ended != Ended::Gone
        {
            self.relate(&issue, &former.issue).await?;
        }
        self.save(plan, &issue, message).await?;
        Ok(Some(issue))
    }

    /// Puts down that Jira is asked again, now: the answer may be lost again, and the looks after
    /// that begin anew.
    async fn begin_anew(&self, plan: &mut InboundPlan) -> Result<(), Failure> {
        if let Some(opening) = plan.conversation.opening.as_mut() {
            opening.since = self.app.clock.now();
        }
        match self.app.store.save(&plan.conversation).await? {
            Saved::Yes => {
                plan.conversation = raised(plan.conversation.clone());
                Ok(())
            }
            Saved::Conflict => Err(Failure::NotYet("the conversation has just changed", SOON)),
        }
    }

    /// Links the new request to the former one, or says in it that there is no link.
    async fn relate(&self, new: &IssueRef, former: &IssueRef) -> Result<(), Failure> {
        let Err(failure) = self.app.jira.relate(&new.id, &former.id).await else {
            return Ok(());
        };
        let (new_id, former_id) = (new.id.as_str(), former.id.as_str());
        tracing::warn!(%failure, new = new_id, former = former_id, "a request has no link");
        Event::NotShown("link").count();
        let note = Note::NotLinked {
            former: former.key.clone(),
        };
        let about = format!("not-linked:{former_id}");
        note::leave(&self.app.jira, &new.id, &note, about, Before::Perhaps).await?;
        Ok(())
    }

    /// Hands on what was written in a request before it was known whose it is, in its order. The
    /// webhooks of these comments were left alone as those of any other request.
    async fn take_up_early_comments(&self, issue: &IssueId) -> Result<(), Failure> {
        let own_account = self.app.jira.own_account().await?;
        let mut comments = self.app.jira.latest_comments(issue).await?;
        comments.retain(|comment| comment.is_candidate(&own_account, DateTime::UNIX_EPOCH));
        comments.sort_by_key(|comment| comment.created);
        for comment in comments {
            let early = OutboundQueueMessage::CommentCreated {
                issue_id: issue.clone(),
                comment_id: comment.id.clone(),
                author: Some(comment.author),
            };
            self.outbound
                .enqueue(&early, &id_of_early(&comment.id))
                .await?;
        }
        Ok(())
    }

    /// Reopens a request that is done since `since`, or tells the agents, once, that it cannot
    /// be reopened. After a lost answer the next attempt asks for the state first.
    async fn reopen(&self, issue: &IssueRef, since: Option<DateTime<Utc>>) -> Result<(), Failure> {
        let transitions = self.app.jira.transitions(&issue.id).await?;
        if let Some(transition) = reopening(&transitions) {
            match self.app.jira.transition(&issue.id, transition).await {
                Ok(()) => return Ok(()),
                Err(failure) if is_forbidden(&failure) => {}
                Err(failure) => return Err(failure.into()),
            }
        }
        let since = since.map_or(0, |since| since.timestamp());
        let about = format!("not-reopened:{since}");
        note::leave(
            &self.app.jira,
            &issue.id,
            &Note::NotReopened,
            about,
            Before::Perhaps,
        )
        .await?;
        Ok(())
    }

    async fn look_up(
        &self,
        request: &NewRequest,
        since: Option<DateTime<Utc>>,
    ) -> Result<Option<IssueRef>, Failure> {
        let waited = since.map_or(LOOKS[LOOKS.len() - 1], |since| self.app.clock.now() - since);
        let next = LOOKS.into_iter().find(|look| *look > waited);
        let found = if waited < LOOKS[0] {
            None
        } else {
            self.app.jira.find(request).await?
        };
        match (found, next) {
            (None, Some(next)) => Err(Failure::NotYet(
                "Jira may not know yet that it has opened the request",
                next - waited,
            )),
            (found, _) => Ok(found),
        }
    }

    async fn open(&self, request: &NewRequest, key: &ConversationKey) -> Result<IssueRef, Failure> {
        match self.app.jira.open(request).await {
            Ok(issue) => Ok(issue),
            Err(failure) if fate(&failure) == Fate::Resolve => Err(failure.into()),
            Err(failure) => {
                // Jira did not open it for certain, so that the next attempt need not look it up.
                change_stored(&self.app.store, key, |mut conversation| {
                    conversation.opening = None;
                    conversation
                })
                .await?;
                Err(failure.into())
            }
        }
    }

    /// Writes that the conversation is in the request from now on.
    async fn save(
        &self,
        plan: &mut InboundPlan,
        issue: &IssueRef,
        message: &InboundMessage,
    ) -> Result<(), Failure> {
        let now = self.app.clock.now();
        let (key, opening) = (&plan.conversation.key, &plan.conversation.opening);
        let wanted =
            plan.conversation
                .clone()
                .in_opened_request(issue.clone(), &message.wamid, now);
        if self.app.store.save(&wanted).await? == Saved::Yes {
            plan.conversation = raised(wanted);
            return Ok(());
        }
        // Somebody wrote in between (a reply, a status): keep that, and our request.
        let merged = change_stored(&self.app.store, key, |mut current| {
            current.opening.clone_from(opening);
            current.in_opened_request(issue.clone(), &message.wamid, now)
        })
        .await?;
        plan.conversation = merged.ok_or(Failure::NotYet("the conversation is gone", SOON))?;
        Ok(())
    }
}

/// A failure about the request of the conversation: what is new counts neither as deleted nor as
/// full.
pub(super) fn judged(
    failure: CallFailure,
    conversation: &Conversation,
    issue: &IssueId,
    message: &InboundMessage,
    now: DateTime<Utc>,
) -> CallFailure {
    let Some(opened) = &conversation.opened else {
        return failure;
    };
    let judged = match &failure {
        CallFailure::Absent(absence) => opened.judged(issue, *absence, &message.wamid, now),
        CallFailure::Full if opened.is_empty(issue, &message.wamid) => Absence::Unclear,
        _ => return failure,
    };
    tracing::warn!(issue = issue.as_str(), seen = %failure, %judged, "a request is not to be had");
    CallFailure::Absent(judged)
}

/// Whether the workflow, or a missing permission for this step alone, stands against it.
fn is_forbidden(failure: &CallFailure) -> bool {
    matches!(failure, CallFailure::Jira { status: 403, .. }) || fate(failure) == Fate::GiveUp
}
