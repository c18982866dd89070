//! Finds the earlier message that a customer answers or reacts to.

use casement_core::decide::reply::decide_quotation;
use casement_core::model::content::{InboundMessage, Quotation};
use casement_core::model::identity::IssueId;

use crate::app::{App, Ports};
use crate::failure::{Failure, is_unreadable};
use crate::ports::*;
use crate::saving::load_joined;

/// Returns a quotation of the earlier message, read again from Jira: the table has no texts.
/// `None`: there is no earlier message, it is no longer known, it is not for customers, or it is in
/// another customer's request.
pub(super) async fn quotation<P: Ports>(
    app: &App<P>,
    message: &InboundMessage,
    request: &IssueId,
) -> Result<Option<Quotation>, Failure> {
    let Some(wamid) = message.earlier() else {
        return Ok(None);
    };
    let Some(known) = app.store.entry(wamid).await? else {
        return Ok(None);
    };
    let Some((issue, comment)) = known.about.comment() else {
        return Ok(None);
    };
    if !is_of_one_conversation(app, issue, request).await? {
        return Ok(None);
    }
    let own_account = app.jira.own_account().await?;
    match app.jira.read(issue, comment).await {
        Ok(comment) => {
            Ok(comment.and_then(|comment| decide_quotation(&comment, &own_account, &known.about)))
        }
        Err(failure) if is_unreadable(&failure) => Ok(None),
        Err(failure) => Err(failure.into()),
    }
}

/// Decides whether `issue` belongs to the same conversation as `request`.
async fn is_of_one_conversation<P: Ports>(
    app: &App<P>,
    issue: &IssueId,
    request: &IssueId,
) -> Result<bool, Failure> {
    if issue == request {
        return Ok(true);
    }
    let conversation = async |issue: &IssueId| -> Result<_, Failure> {
        let Some(key) = app.store.of_issue(issue).await? else {
            return Ok(None);
        };
        let found = load_joined(&app.store, &key).await?;
        Ok(found.map(|found| found.key))
    };
    let theirs = conversation(issue).await?;
    Ok(theirs.is_some() && theirs == conversation(request).await?)
}
