//! Answers `/window`, and explains commands that cannot be carried out.

use casement_core::decide::command::Command;
use casement_core::decide::rule_message::is_notice;
use casement_core::model::comment::{Comment, ListedComment};
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{AccountId, CommentId, IssueId};
use casement_core::model::ledger::OutboundKey;
use casement_core::model::status::Delivery;
use casement_core::say::notes::{HeldReport, LastReply, Note, WindowReport};
use casement_core::settings::NumberSettings;

use super::cost;
use crate::answers;
use crate::app::{App, Ports};
use crate::failure::Failure;
use crate::held;
use crate::note;
use crate::outcome::{Done, Outcome};
use crate::ports::*;

/// Reports the state of the conversation in a note.
pub(crate) async fn report_window<P: Ports>(
    app: &App<P>,
    conversation: &Conversation,
    command: &Comment,
    issue: &IssueId,
) -> Result<Outcome, Failure> {
    let settings = app.settings.current().await?;
    let number = settings.number(&conversation.key.phone_number_id);
    let zone = number.map_or(chrono_tz::Tz::UTC, |number| number.time_zone);
    let held = held::all(app, conversation).await?;
    let first = held.iter().map(|reply| reply.held_since).min();
    let until = first
        .zip(number)
        .map(|(since, number)| since + number.hold_for);
    let own_account = app.jira.own_account().await?;
    let comments = app.jira.latest_comments(issue).await?;
    let cost = cost::of(app, &comments, &own_account).await?;
    let last_reply = match last_reply(comments, &own_account, number) {
        None => LastReply::None,
        Some(id) if held.iter().any(|reply| reply.comment_id == id) => LastReply::Held,
        Some(id) => fate_of(app, &id).await?,
    };
    let now = app.clock.now();
    let held = HeldReport {
        count: held.len(),
        since: first,
        until,
    };
    let report = WindowReport::of(conversation, held, (last_reply, cost), zone, now);
    let note = Note::Window(Box::new(report));
    note::answer(app, issue, &note, answers::window(&command.id)).await?;
    Ok(Outcome::Done(Done::WindowReported))
}

/// Lists the commands in a note.
pub(crate) async fn explain_commands<P: Ports>(
    app: &App<P>,
    command: &Comment,
    issue: &IssueId,
) -> Result<Outcome, Failure> {
    let about = answers::unknown(&command.id);
    note::answer(app, issue, &Note::UnknownCommand, about).await?;
    Ok(Outcome::Done(Done::UnknownCommand))
}

/// Explains in a note why a public comment that is a command was not sent.
pub(crate) async fn explain_public_command<P: Ports>(
    app: &App<P>,
    comment: &Comment,
    issue: &IssueId,
    command: &'static str,
) -> Result<(), Failure> {
    let about = format!("public-command:{}", comment.id.as_str());
    let note = Note::CommandInPublic { command };
    note::tell(app, issue, &note, about).await
}

/// Returns the latest comment that answers the customer.
fn last_reply(
    comments: Vec<ListedComment>,
    own_account: &AccountId,
    number: Option<&NumberSettings>,
) -> Option<CommentId> {
    let mut replies = comments.into_iter().filter(|comment| {
        !comment.inside
            && !comment.written_by_us
            && comment.author != *own_account
            && !is_notice(comment.account_type, number)
            && Command::alone_in(&comment.body).is_none()
    });
    replies.next().map(|comment| comment.id)
}

/// Returns the delivery state of a comment: that of its least advanced message.
async fn fate_of<P: Ports>(app: &App<P>, comment: &CommentId) -> Result<LastReply, Failure> {
    let mut least: Option<LastReply> = None;
    for part in 0.. {
        let key = OutboundKey::comment(comment, part);
        let Some(entry) = app.store.entry(&key).await? else {
            break;
        };
        let fate = match (entry.claim.is_settled(), entry.about.delivery) {
            (_, Some(Delivery::Failed(code))) => return Ok(LastReply::Failed(code)),
            (true, Some(Delivery::Read)) => LastReply::Read,
            (true, Some(Delivery::Delivered)) => LastReply::Delivered,
            (true, _) => LastReply::Accepted,
            (false, _) => LastReply::OnItsWay,
        };
        least = Some(least.map_or(fate, |least| least.min(fate)));
    }
    Ok(least.unwrap_or(LastReply::OnItsWay))
}
