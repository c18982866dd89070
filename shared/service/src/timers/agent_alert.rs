//! Warns the agents, once in a window, that it is about to close on a waiting customer.

use casement_core::decide::agent_alert::{alerted, decide_alert};
use casement_core::model::fate::{Fate, fate};
use casement_core::model::ledger::Closing;
use casement_core::model::queue::WindowTask;
use casement_core::say::notes::{Note, TimerNote};

use crate::app::{App, Ports};
use crate::event::Event;
use crate::failure::Failure;
use crate::held::terms_of;
use crate::note;
use crate::outcome::{Done, Ignored, Outcome};
use crate::ports::*;
use crate::saving::{change, end_wait};

/// Leaves the note, if the window is still about to close and nobody has answered.
pub(crate) async fn run<P: Ports>(app: &App<P>, task: &WindowTask) -> Result<Outcome, Failure> {
    let (key, window_ends) = (&task.conversation, task.window_ends);
    let Some(conversation) = app.store.load(key).await? else {
        return Ok(Outcome::Ignored(Ignored::NoConversation));
    };
    if let Err(reason) = decide_alert(&conversation, window_ends, app.clock.now()) {
        return Ok(Outcome::Ignored(reason.into()));
    }
    let Some(issue) = conversation.issue.clone() else {
        return Ok(Outcome::Ignored(Ignored::NoRequest));
    };
    match app.jira.state(&issue.id).await {
        Ok(state) if state.is_done() => {
            let generation = conversation.notice_generation;
            end_wait(&app.store, conversation, generation, app.clock.now()).await?;
            return Ok(Outcome::Ignored(Ignored::RequestDone));
        }
        Ok(_) => {}
        Err(failure) if fate(&failure) == Fate::Gone => {
            return Ok(Outcome::Ignored(Ignored::Gone));
        }
        Err(failure) => return Err(failure.into()),
    }
    let terms = terms_of(app, key).await?;
    let note = Note::Timer(TimerNote::WindowCloses {
        assignee: app.jira.assignee(&issue.id).await?,
        at: window_ends.with_timezone(&terms.zone),
    });
    let about = format!("alert:{}", Closing::new(key, window_ends));
    note::tell(app, &issue.id, &note, about).await?;
    change(&app.store, conversation, |current| {
        alerted(current, window_ends)
    })
    .await?;
    Event::AgentsAlerted.count();
    Ok(Outcome::Done(Done::AgentsAlerted))
}
