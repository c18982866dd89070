//! Asks a waiting customer, once in a window, to keep it open.

use casement_core::decide::keep_open::{BUTTON_ID, KeepOpenDecision, asked, decide_keep_open};
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{IssueRef, Recipient};
use casement_core::model::ledger::OutboundKey;
use casement_core::model::queue::WindowTask;
use casement_core::model::timer::Timer;
use casement_core::say::notes::{Note, TimerNote};
use casement_core::say::texts::TextKey;
use casement_core::settings::NumberSettings;
use chrono::{DateTime, Utc};

use crate::app::{Outbound, Ports};
use crate::automatic::{Automatic, served};
use crate::event::Event;
use crate::failure::Failure;
use crate::outcome::{Done, Ignored, Outcome};
use crate::ports::*;
use crate::release;
use crate::saving::{change, end_wait};

/// Asks the customer, if the window is still about to close and nobody has answered.
pub(crate) async fn run<P: Ports>(
    outbound: &Outbound<P>,
    task: &WindowTask,
) -> Result<Outcome, Failure> {
    let (key, window_ends) = (&task.conversation, task.window_ends);
    let app = &outbound.app;
    let conversation = release::load_released(outbound, key).await?;
    let (conversation, number) = match served(app, conversation).await? {
        Ok(served) => served,
        Err(why) => return Ok(Outcome::Ignored(why)),
    };
    let now = app.clock.now();
    match decide_keep_open(&conversation, window_ends, &number, now) {
        KeepOpenDecision::Skip(reason) => Ok(Outcome::Ignored(reason.into())),
        KeepOpenDecision::At(later) => {
            change(&app.store, conversation, |mut current| {
                current.timers.set(Timer::KeepOpen, later);
                current
            })
            .await?;
            Ok(Outcome::Ignored(Ignored::NotNow))
        }
        KeepOpenDecision::Ask { issue, .. } if app.jira.state(&issue.id).await?.is_done() => {
            let generation = conversation.notice_generation;
            end_wait(&app.store, conversation, generation, app.clock.now()).await?;
            Ok(Outcome::Ignored(Ignored::RequestDone))
        }
        KeepOpenDecision::Ask { recipient, issue } => {
            ask(
                outbound,
                conversation,
                window_ends,
                &recipient,
                &issue,
                &number,
            )
            .await
        }
    }
}

async fn ask<P: Ports>(
    outbound: &Outbound<P>,
    conversation: Conversation,
    window_ends: DateTime<Utc>,
    recipient: &Recipient,
    issue: &IssueRef,
    number: &NumberSettings,
) -> Result<Outcome, Failure> {
    let app = &outbound.app;
    let words = number.words(&conversation, app.clock.now());
    let text = words.say(TextKey::KeepOpenPrompt);
    let title = words.say(TextKey::KeepOpenButton);
    let button = Button {
        id: BUTTON_ID,
        title: &title,
    };
    let message = Automatic {
        conversation: &conversation.key,
        key: OutboundKey::keep_open(&conversation.key, window_ends),
        recipient,
        issue: &issue.id,
        message: OutgoingMessage::Question {
            text: &text,
            button,
        },
        note: Note::Timer(TimerNote::AskedToKeepOpen {
            text: text.clone().into(),
            button: title.clone(),
        }),
    };
    if !message.send(outbound).await? {
        return Ok(Outcome::Ignored(Ignored::Refused));
    }
    change(&app.store, conversation, |current| {
        asked(current, window_ends)
    })
    .await?;
    Event::AskedToKeepOpen.count();
    Ok(Outcome::Done(Done::AskedToKeepOpen))
}
