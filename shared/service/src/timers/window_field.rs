//! Keeps the end of the window in a field of the request.

use casement_core::decide::window_field::{field_to_write, showing, to_be_shown_later};
use casement_core::model::conversation::ShownWindow;
use casement_core::model::fate::{Fate, fate};
use casement_core::model::queue::ConversationTask;

use crate::app::{App, Ports};
use crate::failure::Failure;
use crate::outcome::{Done, Ignored, Outcome};
use crate::ports::*;
use crate::saving::change;

/// Writes the field, if it is out of date. Replies of the same request wait behind this in the
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
    let Some(field) = number.and_then(|number| number.window_field.as_deref()) else {
        return Ok(Outcome::Ignored(Ignored::NoField));
    };
    let (Some(issue), Some(ends)) = (&conversation.issue, field_to_write(&conversation)) else {
        return Ok(Outcome::Ignored(Ignored::Shown));
    };
    let shown = ShownWindow {
        issue_id: issue.id.clone(),
        ends,
    };
    let failure = app.jira.set_time(&issue.id, field, ends).await.err();
    let now = app.clock.now();
    if let Some(failure) = &failure {
        let issue = issue.id.as_str();
        tracing::warn!(%failure, issue, "the end of the window is not in its field");
    }
    let try_again = failure.is_some_and(|failure| {
        matches!(fate(&failure), Fate::Retry(_) | Fate::Resolve | Fate::Pause)
    });
    change(&app.store, conversation, |current| {
        if try_again {
            to_be_shown_later(current, now)
        } else {
            // This is done even if Jira will never take the field: the next window is another
            // attempt.
            showing(current, shown.clone(), now)
        }
    })
    .await?;
    Ok(if try_again {
        Outcome::Ignored(Ignored::ShownLater)
    } else {
        Outcome::Done(Done::WindowShown)
    })
}
