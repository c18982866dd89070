//! Delivers an agent's comment: sends it, holds it, or carries out its command.

use casement_core::decide::command::Command;
use casement_core::decide::reply::{IgnoreReason, ReplyDecision, Sending, decide_reply};
use casement_core::model::comment::Comment;
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::IssueId;
use casement_core::model::queue::CommentEvent;
use casement_core::say::notes::{DeliveryNote, Note};

use crate::answers;
use crate::app::{Outbound, Ports};
use crate::comment;
use crate::failure::Failure;
use crate::held::{self, Because};
use crate::note::{self, Attempted};
use crate::outcome::{Done, Ignored, Outcome};
use crate::ports::*;
use crate::release::{self, Released};
use crate::replies::{self, Progress, rules};
use crate::saving::{SOON, load_joined};
use crate::templates::{self, announcement};

/// Sends or holds a comment that was written or edited, or carries out its command.
pub(crate) async fn run<P: Ports>(
    outbound: &Outbound<P>,
    event: &CommentEvent,
) -> Result<Outcome, Failure> {
    let (issue, id) = (&event.issue_id, &event.comment_id);
    let app = &outbound.app;
    let own_account = app.jira.own_account().await?;
    if event.author.as_ref() == Some(&own_account) {
        return Ok(Outcome::Ignored(Ignored::Own));
    }
    let Some(key) = app.store.of_issue(issue).await? else {
        return templates::begin_with_template(outbound, event, &own_account).await;
    };
    let Some(comment) = comment::read(app, issue, id).await? else {
        return Ok(Outcome::Ignored(Ignored::Gone));
    };
    let Some(conversation) = load_joined(&app.store, &key).await? else {
        return Ok(Outcome::Ignored(Ignored::NoConversation));
    };
    let (comment, mode) = replies::reply_mode(app, comment, &conversation, issue).await?;
    let now = app.clock.now();
    let decision = decide_reply(&comment, &own_account, &conversation, &mode, now);
    let stale = replies::leave_stale(app, &conversation, &comment, issue, &decision);
    if let Some(outcome) = stale.await? {
        return Ok(outcome);
    }
    if let ReplyDecision::Command(command) = &decision {
        replies::explain_public_command(app, &comment, issue, command).await?;
    }
    let followed = replies::follow_edit(app, &conversation, &comment, issue, &decision);
    if let Some(outcome) = followed.await? {
        return Ok(outcome);
    }
    let admitted = rules::admit(app, conversation, &comment, issue, &decision);
    let conversation = match admitted.await? {
        Ok(conversation) => conversation,
        Err(kept_back) => return Ok(kept_back),
    };
    match decision {
        ReplyDecision::Ignore(reason @ IgnoreReason::NotPublic) => {
            let may_command = comment.written_by(&own_account).rule().commands;
            match Command::of(&comment).filter(|_| may_command) {
                Some(command @ (Command::Cancel | Command::Window | Command::Unknown))
                    if replies::is_stale(app, &comment) =>
                {
                    let outcome = replies::tell_of_stale(app, &comment, issue).await?;
                    let answer = answers::of(&command, id, comment.updated);
                    note::remember(app, issue, answer).await?;
                    Ok(outcome)
                }
                Some(Command::Cancel) => {
                    held::cancel_all(app, &conversation, &comment, issue).await
                }
                Some(Command::Window) => {
                    replies::report_window(app, &conversation, &comment, issue).await
                }
                Some(Command::Phone) => {
                    replies::ask_for_phone(outbound, conversation, &comment, issue).await
                }
                Some(Command::Template(call)) => {
                    templates::carry_out_template(outbound, conversation, &comment, issue, call)
                        .await
                }
                Some(Command::Unknown) => replies::explain_commands(app, &comment, issue).await,
                None => Ok(Outcome::Ignored(reason.into())),
            }
        }
        ReplyDecision::Ignore(reason) => {
            if reason == IgnoreReason::PortalCustomer {
                let about = format!("portal-customer:{}", id.as_str());
                note::tell(app, issue, &Note::PortalCustomer, about).await?;
            }
            Ok(Outcome::Ignored(reason.into()))
        }
        ReplyDecision::Command(_) => Ok(Outcome::Done(Done::CommandInPublic)),
        ReplyDecision::NothingToSend => {
            let about = format!("nothing-to-send:{}", id.as_str());
            let note = match conversation.identity.recipient() {
                Some(_) => Note::NothingToSend,
                None => Note::Delivery(DeliveryNote::NoAddress),
            };
            note::leave(&app.jira, issue, &note, about, Attempted::Maybe).await?;
            Ok(Outcome::Done(Done::NothingToSend))
        }
        ReplyDecision::Hold(sending) => {
            if comment::was_begun(app, id).await? {
                return send(outbound, conversation, &comment, issue, &sending).await;
            }
            hold(
                outbound,
                &conversation,
                &comment,
                issue,
                &sending,
                Because::OurClock,
            )
            .await
        }
        ReplyDecision::Send(sending) => {
            // A newer reply never overtakes a held one.
            if conversation.held_count > 0
                && release::release(outbound, &conversation.key, &own_account).await?
                    == Released::WindowClosed
            {
                return hold(
                    outbound,
                    &conversation,
                    &comment,
                    issue,
                    &sending,
                    Because::OurClock,
                )
                .await;
            }
            send(outbound, conversation, &comment, issue, &sending).await
        }
    }
}

async fn send<P: Ports>(
    outbound: &Outbound<P>,
    conversation: Conversation,
    comment: &Comment,
    issue: &IssueId,
    sending: &Sending,
) -> Result<Outcome, Failure> {
    let app = &outbound.app;
    let progress = replies::send_parts(outbound, &conversation, comment, issue, sending).await?;
    let outcome = match progress {
        Progress::Closed => {
            let because = if conversation.window_is_open(app.clock.now()) {
                Because::Meta(app.clock.now())
            } else {
                Because::OurClock
            };
            return hold(outbound, &conversation, comment, issue, sending, because).await;
        }
        Progress::TakenBack => return Ok(Outcome::Ignored(Ignored::AlreadySent)),
        Progress::Nothing => return Ok(Outcome::Done(Done::NothingToSend)),
        Progress::Yes => Outcome::Done(Done::Sent),
        Progress::Refused(_) => Outcome::Done(Done::Failed),
        Progress::Before | Progress::RefusedBefore => Outcome::Ignored(Ignored::AlreadySent),
    };
    // This is repeated, because an earlier attempt may have ended before this write.
    if !sending.by_rule {
        replies::answered(app, conversation, comment).await?;
    } else {
        rules::ended(app, conversation, comment, progress).await?;
    }
    Ok(outcome)
}

async fn hold<P: Ports>(
    outbound: &Outbound<P>,
    conversation: &Conversation,
    comment: &Comment,
    issue: &IssueId,
    sending: &Sending,
    because: Because,
) -> Result<Outcome, Failure> {
    let app = &outbound.app;
    let conversation = &conversation.key;
    let reply = held::held_reply(comment, issue, sending.by_rule, app.clock.now());
    let terms = held::terms_of(app, conversation).await?;
    if !held::hold(app, conversation, &reply, because, terms).await? {
        return Err(Failure::NotYet("the conversation is gone", SOON));
    }
    announcement::run(outbound, conversation, issue).await?;
    Ok(Outcome::Done(Done::Held))
}
