//! The request that a message goes to: found, reopened or opened.

use casement_core::conversation::Ended;
use casement_core::fate::{CallFailure, Fate, Side, fate};
use casement_core::identity::{ConversationKey, IssueId, IssueRef};
use casement_core::inbound::{
    InboundMessage, InboundPlan, NewRequest, RequestStep, decide_after_gone, decide_routed,
};
use casement_core::notes::Note;
use casement_core::queue::{OutboundQueueMessage, id_of_early};
use casement_core::routing::reopening;
use casement_core::settings::NumberSettings;
use chrono::{DateTime, Duration, Utc};

use super::{Inbound, SOON};
use crate::failure::Failure;
use crate::note::{self, Before};
use crate::ports::{
    Clock, DelayQueue, Jira, MediaFiles, OutboundQueue, Saved, SettingsSource, Store,
};
use crate::saving::{change_stored, raised};

/// How long after a lost answer Jira's search is trusted to know the request.
const SEARCH_LAG: Duration = Duration::seconds(20);

impl<S, J, W, Q, T, C> Inbound<S, J, W, Q, T, C>
where
    S: Store,
    J: Jira,
    W: MediaFiles,
    Q: OutboundQueue + DelayQueue,
    T: SettingsSource,
    C: Clock,
{
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
        let state = self.jira.state(&issue.id).await;
        let now = self.clock.now();
        let mut routed = match state {
            Ok(state) => decide_routed(plan, &issue, state, message, settings, now),
            Err(failure) if fate(&failure) == Fate::Gone => {
                decide_after_gone(plan, &issue, message, settings, now)
            }
            Err(failure) => return Err(failure.into()),
        };
        if routed.conversation != before {
            match self.store.save(&routed.conversation).await? {
                Saved::Yes => routed.conversation = raised(routed.conversation),
                Saved::Conflict => return Ok(None),
            }
        }
        Ok(Some(routed))
    }

    /// The plan after the request turned out to be gone when it was written to.
    pub(super) async fn after_gone(
        &self,
        plan: InboundPlan,
        gone: &IssueRef,
        message: &InboundMessage,
        settings: &NumberSettings,
    ) -> Result<InboundPlan, Failure> {
        let mut plan = decide_after_gone(plan, gone, message, settings, self.clock.now());
        match self.store.save(&plan.conversation).await? {
            Saved::Yes => {
                plan.conversation = raised(plan.conversation);
                Ok(plan)
            }
            Saved::Conflict => Err(Failure::NotYet("the conversation has just changed", SOON)),
        }
    }

    /// The request that the message goes to, opened or reopened if need be. `None`: there is
    /// none that it could go to.
    pub(super) async fn request(
        &self,
        plan: &mut InboundPlan,
    ) -> Result<Option<IssueRef>, Failure> {
        let (request, looked_up) = match &plan.request {
            RequestStep::Nowhere | RequestStep::Unwanted(_) => return Ok(None),
            RequestStep::Ask(issue) | RequestStep::Append(issue) => {
                return Ok(Some(issue.clone()));
            }
            RequestStep::Reopen { issue, since } => {
                self.reopen(issue, *since).await?;
                return Ok(Some(issue.clone()));
            }
            RequestStep::Open(request) => (request, None),
            RequestStep::Resume(request) => {
                let opening = plan.conversation.opening.as_ref();
                let since = opening.map(|opening| opening.since);
                (request, self.look_up(request, since).await?)
            }
        };
        let was_there = looked_up.is_some();
        let issue = match looked_up {
            Some(issue) => issue,
            None => self.open(request, &plan.conversation.key).await?,
        };
        self.store
            .link_issue(&issue.id, &plan.conversation.key)
            .await?;
        if was_there {
            self.take_up_early_comments(&issue.id).await?;
        }
        let opening = plan.conversation.opening.as_ref();
        if let Some(former) = opening.and_then(|opening| opening.former.as_ref())
            && former.ended == Ended::Done
        {
            self.jira.relate(&issue.id, &former.issue.id).await;
        }
        plan.conversation = plan.conversation.clone().in_request(issue.clone());
        self.save(plan).await?;
        Ok(Some(issue))
    }

    /// Hands on what was written in a request before it was known whose it is, in its order. The
    /// webhooks of these comments were left alone as those of any other request.
    async fn take_up_early_comments(&self, issue: &IssueId) -> Result<(), Failure> {
        let own_account = self.jira.own_account().await?;
        let mut comments = self.jira.latest_comments(issue).await?;
        comments.retain(|comment| comment.is_candidate(&own_account, DateTime::UNIX_EPOCH));
        comments.sort_by_key(|comment| comment.created);
        for comment in comments {
            let early = OutboundQueueMessage::CommentCreated {
                issue_id: issue.clone(),
                comment_id: comment.id.clone(),
                author: Some(comment.author),
            };
            self.queues
                .enqueue(&early, &id_of_early(&comment.id))
                .await?;
        }
        Ok(())
    }

    /// Reopens a request that is done since `since`, or tells the agents, once, that it cannot
    /// be reopened. After a lost answer the next attempt asks for the state first.
    async fn reopen(&self, issue: &IssueRef, since: Option<DateTime<Utc>>) -> Result<(), Failure> {
        let transitions = self.jira.transitions(&issue.id).await?;
        if let Some(transition) = reopening(&transitions) {
            match self.jira.transition(&issue.id, transition).await {
                Ok(()) => return Ok(()),
                Err(failure) if is_forbidden(&failure) => {}
                Err(failure) => return Err(failure.into()),
            }
        }
        let since = since.map_or(0, |since| since.timestamp());
        let about = format!("not-reopened:{since}");
        note::leave(
            &self.jira,
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
        if let Some(since) = since {
            let left = since + SEARCH_LAG - self.clock.now();
            if left > Duration::zero() {
                return Err(Failure::NotYet(
                    "Jira's search may not know the request yet",
                    left,
                ));
            }
        }
        Ok(self.jira.find(&request.reference).await?)
    }

    async fn open(&self, request: &NewRequest, key: &ConversationKey) -> Result<IssueRef, Failure> {
        match self.jira.open(request).await {
            Ok(issue) => Ok(issue),
            Err(failure) if fate(&failure) == Fate::Resolve => Err(failure.into()),
            Err(failure) => {
                // Jira did not open it for certain, so that the next attempt need not look it up.
                change_stored(&self.store, key, |mut conversation| {
                    conversation.opening = None;
                    conversation
                })
                .await?;
                Err(failure.into())
            }
        }
    }

    async fn save(&self, plan: &mut InboundPlan) -> Result<(), Failure> {
        let wanted = plan.conversation.clone();
        if self.store.save(&wanted).await? == Saved::Yes {
            plan.conversation = raised(wanted);
            return Ok(());
        }
        // Somebody wrote in between (a reply, a status): keep that, and our request.
        let merged = change_stored(&self.store, &wanted.key, |mut current| {
            current.issue.clone_from(&wanted.issue);
            current.opening.clone_from(&wanted.opening);
            current
        })
        .await?;
        plan.conversation = merged.ok_or(CallFailure::Unknown(Side::Jira))?;
        Ok(())
    }
}

/// Whether the workflow, or a missing permission for this step alone, stands against it.
fn is_forbidden(failure: &CallFailure) -> bool {
    matches!(failure, CallFailure::Jira { status: 403, .. }) || fate(failure) == Fate::GiveUp
}
