//! Keeps the owner's fields in the request up to date: the window, the wait, the held replies.

use casement_core::decide::fields::{
    FieldWrite, cleared, fields_to_write, showing, to_be_shown_later,
};
use casement_core::model::conversation::Conversation;
use casement_core::model::fate::{CallFailure, Fate, fate};
use casement_core::model::queue::ConversationTask;

use crate::app::{App, Ports};
use crate::failure::Failure;
use crate::outcome::{Done, Ignored, Outcome};
use crate::ports::*;
use crate::saving::change;

/// Writes the fields that are out of date. Replies of the same request wait behind this in the
/// queue, so Jira's failures are retried by a timer and never stand in their way.
pub(crate) async fn run<P: Ports>(
    app: &App<P>,
    task: &ConversationTask,
) -> Result<Outcome, Failure> {
    let key = &task.conversation;
    let Some(conversation) = app.store.load(key).await? else {
        return Ok(Outcome::Ignored(Ignored::NoConversation));
    };
    let settings = app.settings.current().await?;
    let number = settings.number(&key.phone_number_id);
    let writes = number.map_or_else(Vec::new, |number| fields_to_write(&conversation, number));
    let mut try_again = false;
    for fields in &writes {
        if let Err(failure) = write(app, fields).await {
            let issue = fields.issue_id.as_str();
            tracing::warn!(%failure, issue, "the request does not show the state of its conversation");
            // A former request that is hidden from us must not hold up the present one.
            let current = conversation.issue.as_ref().map(|issue| &issue.id);
            let waits_for_somebody = fate(&failure) == Fate::Pause;
            let is_former = current != Some(&fields.issue_id);
            try_again |= is_for_now(&failure) && !(is_former && waits_for_somebody);
        }
    }
    let (written, now) = (conversation.clone(), app.clock.now());
    change(&app.store, conversation, |current| {
        if try_again {
            to_be_shown_later(current, now)
        } else {
            // This is done even if Jira will never take a field: the next change is another
            // attempt.
            showing(current, &written, number, now)
        }
    })
    .await?;
    Ok(match (try_again, writes.is_empty()) {
        (true, _) => Outcome::Ignored(Ignored::ShownLater),
        (false, true) => Outcome::Ignored(Ignored::Shown),
        (false, false) => Outcome::Done(Done::FieldsShown),
    })
}

/// Makes the request of a conversation that goes on elsewhere show that nobody waits. Nothing
/// depends on it, so a failure is not retried.
pub(crate) async fn clear<P: Ports>(
    app: &App<P>,
    conversation: &Conversation,
) -> Result<(), Failure> {
    let settings = app.settings.current().await?;
    let number = settings.number(&conversation.key.phone_number_id);
    let cleared = number.and_then(|number| cleared(conversation, number));
    if let Some(fields) = cleared
        && let Err(failure) = write(app, &fields).await
    {
        let issue = fields.issue_id.as_str();
        tracing::warn!(%failure, issue, "the request goes on showing a wait");
    }
    Ok(())
}

/// Writes the fields in one call. If Jira refuses one of them, it takes none, so that the others
/// are written alone.
async fn write<P: Ports>(app: &App<P>, write: &FieldWrite) -> Result<(), CallFailure> {
    let FieldWrite { issue_id, fields } = write;
    let refused = match app.jira.set_fields(issue_id, fields).await {
        Err(failure) if fate(&failure) == Fate::GiveUp && fields.len() > 1 => failure,
        written => return written,
    };
    for field in fields {
        let alone = app.jira.set_fields(issue_id, std::slice::from_ref(field));
        match alone.await {
            Err(failure) if is_for_now(&failure) => return Err(failure),
            _ => {}
        }
    }
    Err(refused)
}

fn is_for_now(failure: &CallFailure) -> bool {
    matches!(fate(failure), Fate::Retry(_) | Fate::Resolve | Fate::Pause)
}
