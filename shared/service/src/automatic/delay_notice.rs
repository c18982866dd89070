//! Sends the delay notice of one wait, once.

use casement_core::decide::notice::{self, NoticeDecision, decide_notice, notice_due, notice_text};
use casement_core::decide::skip::SkipReason;
use casement_core::model::conversation::{Conversation, NoticeState};
use casement_core::model::identity::{IssueRef, Recipient};
use casement_core::model::ledger::OutboundKey;
use casement_core::model::queue::WaitTask;
use casement_core::say::notes::Note;
use chrono::{DateTime, Utc};

use crate::app::{App, Outbound, Ports};
use crate::automatic::{Automatic, served};
use crate::event::Event;
use crate::failure::Failure;
use crate::outcome::{Done, Ignored, Outcome};
use crate::ports::*;
use crate::release;
use crate::saving::{change, end_wait, leave_notice};

/// Sends the notice, if the customer still waits and has not been told.
pub(crate) async fn run<P: Ports>(
    outbound: &Outbound<P>,
    task: &WaitTask,
) -> Result<Outcome, Failure> {
    let (key, generation) = (&task.conversation, task.generation);
    let app = &outbound.app;
    let conversation = release::load_released(outbound, key).await?;
    let (conversation, number) = match served(app, conversation).await? {
        Ok(served) => served,
        Err(why) => return Ok(Outcome::Ignored(why)),
    };
    let now = app.clock.now();
    match decide_notice(&conversation, generation, now) {
        NoticeDecision::Wait(left) => Err(Failure::NotYet("the notice is not due", left)),
        NoticeDecision::Skip(reason) => skip(app, conversation, generation, reason).await,
        NoticeDecision::Send { issue, .. } if app.jira.state(&issue.id).await?.is_done() => {
            end_wait(&app.store, conversation, generation, app.clock.now()).await?;
            Event::NoticeSkipped(SkipReason::RequestDone.as_str()).count();
            Ok(Outcome::Ignored(Ignored::RequestDone))
        }
        NoticeDecision::Send { recipient, issue } => {
            let since = conversation.awaiting_since.unwrap_or(now);
            let due_at = notice_due(since, now, &number);
            if now < due_at {
                return put_off(app, conversation, generation, due_at).await;
            }
            let words = number.words(&conversation, now);
            let text = words.say(notice_text(&conversation, &number, now));
            send_notice(
                outbound,
                conversation,
                generation,
                &recipient,
                &issue,
                &text,
            )
            .await
        }
    }
}

async fn send_notice<P: Ports>(
    outbound: &Outbound<P>,
    conversation: Conversation,
    generation: u32,
    recipient: &Recipient,
    issue: &IssueRef,
    text: &str,
) -> Result<Outcome, Failure> {
    let app = &outbound.app;
    let message = Automatic {
        conversation: &conversation.key,
        key: OutboundKey::notice(&conversation.key, generation),
        recipient,
        issue: &issue.id,
        message: OutgoingMessage::Text(text),
        note: Note::NoticeSent {
            text: text.to_owned().into(),
        },
    };
    if !message.send(outbound).await? {
        return skip(app, conversation, generation, SkipReason::Refused).await;
    }
    leave_notice(&app.store, conversation, generation, NoticeState::Sent).await?;
    Event::NoticeSent.count();
    Ok(Outcome::Done(Done::NoticeSent))
}

/// Puts the notice off: the agents have begun to work since, or the owner has changed the settings.
async fn put_off<P: Ports>(
    app: &App<P>,
    conversation: Conversation,
    generation: u32,
    due_at: DateTime<Utc>,
) -> Result<Outcome, Failure> {
    change(&app.store, conversation, |current| {
        if current.notice_generation == generation && current.notice_state == NoticeState::Queued {
            notice::put_off(current, due_at)
        } else {
            current
        }
    })
    .await?;
    Ok(Outcome::Ignored(Ignored::PutOff))
}

async fn skip<P: Ports>(
    app: &App<P>,
    conversation: Conversation,
    generation: u32,
    reason: SkipReason,
) -> Result<Outcome, Failure> {
    leave_notice(&app.store, conversation, generation, NoticeState::Skipped).await?;
    Event::NoticeSkipped(reason.as_str()).count();
    Ok(Outcome::Ignored(reason.into()))
}
