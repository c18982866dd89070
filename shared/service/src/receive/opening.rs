//! Opens a request, once, however often Jira's answer is lost.

use casement_core::decide::inbound::{InboundPlan, NewRequest};
use casement_core::model::fate::{Fate, fate};
use casement_core::model::identity::{ConversationKey, IssueId, IssueRef};
use casement_core::model::queue::{CommentEvent, OutboundQueueMessage, id_of_early};
use chrono::{DateTime, Duration, Utc};

use super::Receiving;
use crate::app::{App, Inbound, Ports};
use crate::failure::Failure;
use crate::ports::*;
use crate::saving::{SOON, change_stored, save, save_or_later};

/// The times after a lost answer at which the request is looked for: in the list of our own
/// requests, and by the search, which lags behind by "a few seconds to minutes" (Jira Cloud
/// platform, "Search and reconcile issues"). Only when the last look finds nothing is the request
/// opened once more.
const LOOKS: [Duration; 4] = [
    Duration::seconds(5),
    Duration::seconds(20),
    Duration::seconds(60),
    Duration::seconds(180),
];

/// Opens a request that no earlier attempt can have opened.
pub(super) async fn open<P: Ports>(
    receiving: &Receiving<'_, P>,
    plan: &mut InboundPlan,
    request: &NewRequest,
) -> Result<IssueRef, Failure> {
    let app = &receiving.inbound.app;
    let issue = ask_jira(app, request, &plan.conversation.key).await?;
    app.store
        .link_issue(&issue.id, &plan.conversation.key)
        .await?;
    go_on_in(receiving, plan, &issue).await?;
    Ok(issue)
}

/// Looks for the request that an earlier attempt may have opened, and opens one if none is found.
pub(super) async fn open_or_find<P: Ports>(
    receiving: &Receiving<'_, P>,
    plan: &mut InboundPlan,
    request: &NewRequest,
) -> Result<IssueRef, Failure> {
    let app = &receiving.inbound.app;
    let opening = plan.conversation.opening.as_ref();
    let since = opening.map(|opening| opening.since);
    let Some(issue) = look_up(app, request, since).await? else {
        // The answer may be lost again; the looks after that start over.
        if let Some(opening) = plan.conversation.opening.as_mut() {
            opening.since = app.clock.now();
        }
        save_or_later(&app.store, &mut plan.conversation).await?;
        return open(receiving, plan, request).await;
    };
    app.store
        .link_issue(&issue.id, &plan.conversation.key)
        .await?;
    take_up_early_comments(receiving.inbound, &issue.id).await?;
    go_on_in(receiving, plan, &issue).await?;
    Ok(issue)
}

async fn look_up<P: Ports>(
    app: &App<P>,
    request: &NewRequest,
    since: Option<DateTime<Utc>>,
) -> Result<Option<IssueRef>, Failure> {
    let waited = since.map_or(LOOKS[LOOKS.len() - 1], |since| app.clock.now() - since);
    let next = LOOKS.into_iter().find(|look| *look > waited);
    let found = if waited < LOOKS[0] {
        None
    } else {
        app.jira.find(request).await?
    };
    match (found, next) {
        (None, Some(next)) => Err(Failure::NotYet(
            "Jira may not know yet that it has opened the request",
            next - waited,
        )),
        (found, _) => Ok(found),
    }
}

async fn ask_jira<P: Ports>(
    app: &App<P>,
    request: &NewRequest,
    key: &ConversationKey,
) -> Result<IssueRef, Failure> {
    match app.jira.open(request).await {
        Ok(issue) => Ok(issue),
        Err(failure) if fate(&failure) == Fate::Resolve => Err(failure.into()),
        Err(failure) => {
            // Jira has certainly not opened the request, so the next attempt need not look it up.
            change_stored(&app.store, key, |mut conversation| {
                conversation.opening = None;
                conversation
            })
            .await?;
            Err(failure.into())
        }
    }
}

/// Enqueues the comments written in a request before its conversation was known, in order. Their
/// webhooks were ignored, as for any request without a conversation.
async fn take_up_early_comments<P: Ports>(
    inbound: &Inbound<P>,
    issue: &IssueId,
) -> Result<(), Failure> {
    let jira = &inbound.app.jira;
    let own_account = jira.own_account().await?;
    let mut comments = jira.latest_comments(issue).await?;
    comments.retain(|comment| comment.is_candidate(&own_account, DateTime::UNIX_EPOCH));
    comments.sort_by_key(|comment| comment.created);
    for comment in comments {
        let early = OutboundQueueMessage::CommentCreated(CommentEvent {
            issue_id: issue.clone(),
            comment_id: comment.id.clone(),
            author: Some(comment.author),
            door: None,
        });
        let id = id_of_early(&comment.id);
        inbound.outbound.enqueue(&early, &id).await?;
    }
    Ok(())
}

/// Records that the conversation goes on in the request.
async fn go_on_in<P: Ports>(
    receiving: &Receiving<'_, P>,
    plan: &mut InboundPlan,
    issue: &IssueRef,
) -> Result<(), Failure> {
    let app = &receiving.inbound.app;
    let opening = plan.conversation.opening.clone();
    let (now, wamid) = (app.clock.now(), &receiving.message.wamid);
    let key = plan.conversation.key.clone();
    let conversation = plan.conversation.clone();
    let mut wanted = conversation.in_opened_request(issue.clone(), wamid, now);
    if save(&app.store, &mut wanted).await? == Saved::Yes {
        plan.conversation = wanted;
        return Ok(());
    }
    // Another worker wrote in between (a reply, a status): keep that change, and our request.
    let merged = change_stored(&app.store, &key, |mut current| {
        current.opening.clone_from(&opening);
        current.in_opened_request(issue.clone(), wamid, now)
    })
    .await?;
    plan.conversation = merged.ok_or(Failure::NotYet("the conversation is gone", SOON))?;
    Ok(())
}
