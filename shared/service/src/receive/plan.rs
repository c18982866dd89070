//! Makes the plan for a message, writing the conversation and asking Jira on the way.

use casement_core::decide::inbound::{
    InboundPlan, RequestStep, decide_after_gone, decide_inbound, decide_routed,
};
use casement_core::model::content::InboundMessage;
use casement_core::model::conversation::Ended;
use casement_core::model::fate::{Fate, fate};
use casement_core::model::identity::IssueRef;
use casement_core::model::queue::DelayQueueMessage;
use casement_core::model::timer;
use casement_core::settings::Unwanted;

use super::Receiving;
use super::customer::{file, find};
use super::request::judged;
use crate::app::Ports;
use crate::failure::Failure;
use crate::ports::*;
use crate::saving::{SOON, save, save_or_later};

/// The attempts at deciding while other workers keep changing the conversation.
const ATTEMPTS: u32 = 8;

/// Makes the plan. On return the window is open and the timers are set.
pub(super) async fn make<P: Ports>(receiving: &Receiving<'_, P>) -> Result<InboundPlan, Failure> {
    loop {
        let plan = open_window(receiving).await?;
        set_near_timers(receiving, &plan).await?;
        if let Some(plan) = with_state(receiving, plan).await? {
            return Ok(plan);
        }
    }
}

/// Decides, and writes the conversation: from here on the window is open.
async fn open_window<P: Ports>(receiving: &Receiving<'_, P>) -> Result<InboundPlan, Failure> {
    let &Receiving {
        message, number, ..
    } = receiving;
    let app = &receiving.inbound.app;
    for _ in 0..ATTEMPTS {
        let (id, sent_at) = (&message.phone_number_id, message.sent_at);
        let found = find(app, id, &message.from, sent_at).await?;
        let own = InboundMessage {
            from: found.identity.clone(),
            ..message.clone()
        };
        let now = app.clock.now();
        let mut plan = decide_inbound(&found.conversation, &own, number, now);
        if matches!(
            plan.request,
            RequestStep::Nowhere | RequestStep::Unwanted(Unwanted::Ignore)
        ) {
            return Ok(plan);
        }
        if file(app, &found, &mut plan.conversation).await? == Saved::Yes {
            return Ok(plan);
        }
    }
    Err(Failure::NotYet(
        "others keep changing the conversation",
        SOON,
    ))
}

/// Hands near timers to the delay queue; the sweep takes up the others.
async fn set_near_timers<P: Ports>(
    receiving: &Receiving<'_, P>,
    plan: &InboundPlan,
) -> Result<(), Failure> {
    let now = receiving.inbound.app.clock.now();
    let exact = plan.armed.iter().filter(|(timer, _)| timer.is_exact());
    let near: Vec<_> = exact
        .filter_map(|(timer, due_at)| {
            let due = DelayQueueMessage::TimerDue {
                conversation: plan.conversation.key.clone(),
                timer: *timer,
                due_at: *due_at,
            };
            Some((due, timer::delay_until(*due_at, now)?))
        })
        .collect();
    if !near.is_empty() {
        receiving.inbound.delays.enqueue_later(&near).await?;
    }
    Ok(())
}

/// Asks Jira for the state of the plan's request, if the plan needs it. `None`: another worker has
/// changed the conversation meanwhile, so decide again.
async fn with_state<P: Ports>(
    receiving: &Receiving<'_, P>,
    plan: InboundPlan,
) -> Result<Option<InboundPlan>, Failure> {
    let &Receiving {
        message, number, ..
    } = receiving;
    let app = &receiving.inbound.app;
    let RequestStep::Ask(issue) = plan.request.clone() else {
        return Ok(Some(plan));
    };
    let before = plan.conversation.clone();
    let state = app.jira.state(&issue.id).await;
    let now = app.clock.now();
    let mut routed = match state {
        Ok(state) => decide_routed(plan, &issue, state, message, number, now),
        Err(failure) => match judged(failure, &plan.conversation, &issue.id, message, now) {
            failure if fate(&failure) == Fate::Gone => {
                decide_after_gone(plan, &issue, Ended::Gone, message, number, now)
            }
            failure => return Err(failure.into()),
        },
    };
    if routed.conversation != before
        && save(&app.store, &mut routed.conversation).await? == Saved::Conflict
    {
        return Ok(None);
    }
    Ok(Some(routed))
}

/// Makes a new plan after the request turned out to be deleted or full.
pub(super) async fn after_end<P: Ports>(
    receiving: &Receiving<'_, P>,
    plan: InboundPlan,
    issue: &IssueRef,
    ended: Ended,
) -> Result<InboundPlan, Failure> {
    let &Receiving {
        message, number, ..
    } = receiving;
    let app = &receiving.inbound.app;
    let now = app.clock.now();
    let mut plan = decide_after_gone(plan, issue, ended, message, number, now);
    save_or_later(&app.store, &mut plan.conversation).await?;
    Ok(plan)
}
