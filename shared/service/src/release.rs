//! Sends held replies after the customer has written again.

pub(crate) mod expiry;

use casement_core::decide::reply::{ReplyDecision, decide_reply};
use casement_core::model::comment::Comment;
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{AccountId, ConversationKey};
use casement_core::model::queue::ConversationTask;

use crate::app::{Outbound, Ports};
use crate::comment;
use crate::event::Event;
use crate::failure::Failure;
use crate::held::{self, Removed};
use crate::outcome::{Done, Ignored, Outcome};
use crate::ports::*;
use crate::replies::{self, Progress, rules};

/// The result of releasing the held replies of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Released {
    /// No reply is held any more.
    All,
    /// The window is closed again; the remaining replies stay held.
    WindowClosed,
}

/// The result of releasing one held reply.
enum Step {
    /// The reply went out, or was withdrawn: remove it.
    TakeOff(Removed),
    /// The reply was edited so that it must not go out, and is already removed.
    TakenOff,
    WindowClosed,
}

/// Sends the held replies of a customer who has written again.
pub(crate) async fn run<P: Ports>(
    outbound: &Outbound<P>,
    task: &ConversationTask,
) -> Result<Outcome, Failure> {
    let key = &task.conversation;
    let own_account = outbound.app.jira.own_account().await?;
    Ok(match release(outbound, key, &own_account).await? {
        Released::All => Outcome::Done(Done::Released),
        Released::WindowClosed => Outcome::Ignored(Ignored::WindowClosed),
    })
}

/// Sends all held replies, the oldest first, each with its current text in Jira.
pub(crate) async fn release<P: Ports>(
    outbound: &Outbound<P>,
    key: &ConversationKey,
    own_account: &AccountId,
) -> Result<Released, Failure> {
    let app = &outbound.app;
    for held in app.store.held(key).await? {
        let Some(conversation) = app.store.load(key).await? else {
            break;
        };
        let comment = comment::read(app, &held.issue_id, &held.comment_id).await?;
        match release_one(outbound, &conversation, comment, &held, own_account).await? {
            Step::TakeOff(why) => held::remove(app, key, &held, why).await?,
            Step::TakenOff => {}
            Step::WindowClosed => return Ok(Released::WindowClosed),
        }
    }
    Ok(Released::All)
}

async fn release_one<P: Ports>(
    outbound: &Outbound<P>,
    conversation: &Conversation,
    comment: Option<Comment>,
    held: &HeldReply,
    own_account: &AccountId,
) -> Result<Step, Failure> {
    let app = &outbound.app;
    // The comment is deleted, so the agent has withdrawn the reply.
    let Some(comment) = comment else {
        return Ok(Step::TakeOff(Removed::Unsent));
    };
    let mode = replies::reply_mode(app, comment, conversation, &held.issue_id);
    let (comment, mode) = mode.await?;
    let now = app.clock.now();
    let decision = decide_reply(&comment, own_account, conversation, &mode, now);
    let followed = replies::follow_edit(app, conversation, &comment, &held.issue_id, &decision);
    if followed.await?.is_some() {
        return Ok(Step::TakenOff);
    }
    let admitted = rules::admit(
        app,
        conversation.clone(),
        &comment,
        &held.issue_id,
        &decision,
    );
    let Ok(conversation) = admitted.await? else {
        return Ok(Step::TakeOff(Removed::Unsent));
    };
    match decision {
        ReplyDecision::Command(command) => {
            let issue = &held.issue_id;
            replies::explain_public_command(app, &comment, issue, command).await?;
            Ok(Step::TakeOff(Removed::Unsent))
        }
        ReplyDecision::Ignore(_) | ReplyDecision::NothingToSend => {
            Ok(Step::TakeOff(Removed::Unsent))
        }
        ReplyDecision::Hold(_) => Ok(Step::WindowClosed),
        ReplyDecision::Send(sending) => {
            let sent =
                replies::send_parts(outbound, &conversation, &comment, &held.issue_id, &sending);
            let sent = sent.await?;
            if sent == Progress::Yes {
                Event::Released.count();
            }
            if sending.by_rule {
                rules::ended(app, conversation, &comment, sent).await?;
            }
            Ok(match sent {
                Progress::Closed => Step::WindowClosed,
                Progress::Nothing | Progress::TakenBack => Step::TakeOff(Removed::Unsent),
                Progress::RefusedBefore | Progress::Refused(_) if sending.by_rule => {
                    Step::TakeOff(Removed::Unsent)
                }
                Progress::Yes | Progress::Before if sending.by_rule => {
                    Step::TakeOff(Removed::Notice)
                }
                Progress::Yes
                | Progress::Before
                | Progress::RefusedBefore
                | Progress::Refused(_) => Step::TakeOff(Removed::Answers),
            })
        }
    }
}

/// Sends all replies that can be released, and returns the conversation. Call this before an
/// automatic message: the customer may already be answered then.
pub(crate) async fn load_released<P: Ports>(
    outbound: &Outbound<P>,
    key: &ConversationKey,
) -> Result<Option<Conversation>, Failure> {
    let app = &outbound.app;
    let loaded = app.store.load(key).await?;
    let now = app.clock.now();
    if !loaded
        .as_ref()
        .is_some_and(|loaded| loaded.may_release(now))
    {
        return Ok(loaded);
    }
    let own_account = app.jira.own_account().await?;
    release(outbound, key, &own_account).await?;
    Ok(app.store.load(key).await?)
}
