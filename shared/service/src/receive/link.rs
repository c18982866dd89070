//! Links a new request to the one that it follows.

use casement_core::decide::inbound::InboundPlan;
use casement_core::model::fate::{CallFailure, Fate, fate};
use casement_core::model::identity::IssueRef;
use casement_core::say::notes::Note;

use super::{PATIENCE, Receiving};
use crate::app::Ports;
use crate::event::Event;
use crate::failure::Failure;
use crate::note::{self, Attempted};
use crate::ports::*;
use crate::saving::change_stored;

/// The attempts at which Jira may find nothing to link before that is believed. Jira also says "not
/// found" where links are turned off.
const NOT_FOUND: u32 = 2;

/// Links the request to the one that it follows, or tells its agents that there is no link. By then
/// the customer's message is in the request.
///
/// # Errors
/// Jira may take the link later, or the store failed: repeat it.
pub(super) async fn link<P: Ports>(
    receiving: &Receiving<'_, P>,
    plan: &InboundPlan,
    issue: &IssueRef,
) -> Result<(), Failure> {
    let app = &receiving.inbound.app;
    let Some(former) = plan.conversation.unlinked(&issue.id) else {
        return Ok(());
    };
    match app.jira.relate(&issue.id, &former.id).await {
        Ok(()) => {}
        Err(failure) if receiving.claim.attempts < patience(&failure) => {
            return Err(failure.into());
        }
        Err(failure) => {
            let (new, former_id) = (issue.id.as_str(), former.id.as_str());
            tracing::warn!(%failure, new, former = former_id, "a request has no link");
            Event::NotShown("link").count();
            let note = Note::NotLinked {
                former: former.key.clone(),
            };
            let about = format!("not-linked:{former_id}");
            note::leave(&app.jira, &issue.id, &note, about, Attempted::Maybe).await?;
        }
    }
    let key = &plan.conversation.key;
    change_stored(&app.store, key, |current| current.linked(&issue.id)).await?;
    Ok(())
}

/// Returns the number of attempts that the link is worth after `failure`.
pub(super) fn patience(failure: &CallFailure) -> u32 {
    match failure {
        CallFailure::Jira { status: 403, .. } => 0,
        CallFailure::Absent(_) => NOT_FOUND,
        failure if failure.is_not_found() => NOT_FOUND,
        failure if fate(failure) == Fate::GiveUp => 0,
        _ => PATIENCE,
    }
}
