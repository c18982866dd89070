//! Finds, reopens or opens the request that a message goes to.

use casement_core::decide::inbound::{InboundPlan, RequestStep};
use casement_core::decide::routing::reopening;
use casement_core::model::content::InboundMessage;
use casement_core::model::conversation::{Conversation, Ended};
use casement_core::model::fate::{Absence, CallFailure, Fate, fate};
use casement_core::model::identity::{IssueId, IssueRef};
use casement_core::say::notes::Note;
use chrono::{DateTime, Utc};

use super::opening::{open, open_or_find};
use super::{Receiving, tell_of_missing};
use crate::app::{App, Ports};
use crate::failure::Failure;
use crate::note::{self, Attempted};
use crate::ports::*;
use crate::saving::SOON;

/// Returns the request that the message goes to, opened or reopened if need be. `None`: the message
/// goes nowhere.
pub(super) async fn of_plan<P: Ports>(
    receiving: &Receiving<'_, P>,
    plan: &mut InboundPlan,
) -> Result<Option<IssueRef>, Failure> {
    let issue = match plan.request.clone() {
        RequestStep::Nowhere | RequestStep::Unwanted(_) | RequestStep::Quiet => return Ok(None),
        RequestStep::Wait => {
            return Err(Failure::NotYet("its request is being opened", SOON));
        }
        RequestStep::Ask(issue) | RequestStep::Append(issue) => issue,
        RequestStep::Reopen { issue, since } => {
            reopen(&receiving.inbound.app, &issue, since).await?;
            issue
        }
        RequestStep::Open(request) => open(receiving, plan, &request).await?,
        RequestStep::Resume(request) => open_or_find(receiving, plan, &request).await?,
    };
    Ok(Some(issue))
}

/// Decides from `failure` to write whether and why the conversation cannot go on in the request. A
/// request that also refuses our own plain note takes nothing, whatever Jira calls that. The
/// request that was opened for this message is empty, so not full.
pub(super) async fn ended<P: Ports>(
    receiving: &Receiving<'_, P>,
    plan: &InboundPlan,
    issue: &IssueRef,
    failure: &CallFailure,
) -> Result<Option<Ended>, Failure> {
    let message = receiving.message;
    let opened = plan.conversation.opened.as_ref();
    let is_empty = opened.is_some_and(|opened| opened.is_empty(&issue.id, &message.wamid));
    match fate(failure) {
        Fate::Gone if *failure == CallFailure::Full => Ok(Some(Ended::Full)),
        Fate::Gone => Ok(Some(Ended::Gone)),
        Fate::GiveUp if !is_empty => {
            let app = &receiving.inbound.app;
            match tell_of_missing(app, issue, message, failure.to_string()).await {
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

/// Reopens a request that was closed at `since`, or tells the agents, once, that it cannot be
/// reopened. After a lost answer the next attempt asks for the state first.
async fn reopen<P: Ports>(
    app: &App<P>,
    issue: &IssueRef,
    since: Option<DateTime<Utc>>,
) -> Result<(), Failure> {
    let transitions = app.jira.transitions(&issue.id).await?;
    if let Some(transition) = reopening(&transitions) {
        match app.jira.transition(&issue.id, transition).await {
            Ok(()) => return Ok(()),
            Err(failure) if is_forbidden(&failure) => {}
            Err(failure) => return Err(failure.into()),
        }
    }
    let since = since.map_or(0, |since| since.timestamp());
    let about = format!("not-reopened:{since}");
    let note = Note::NotReopened;
    note::leave(&app.jira, &issue.id, &note, about, Attempted::Maybe).await?;
    Ok(())
}

/// Judges a failure about the conversation's request: a new request counts neither as deleted nor
/// as full.
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

/// Decides whether the workflow, or a missing permission for this step alone, forbids the
/// transition.
fn is_forbidden(failure: &CallFailure) -> bool {
    matches!(failure, CallFailure::Jira { status: 403, .. }) || fate(failure) == Fate::GiveUp
}
