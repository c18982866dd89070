//! Decides how a reply is sent: in whose name, and in answer to which message of the customer.

use casement_core::decide::fields::with_fields_armed;
use casement_core::decide::reply::{self, Answered, Answering, ReplyMode, find_quoted};
use casement_core::decide::rule_message::is_notice;
use casement_core::model::comment::Comment;
use casement_core::model::conversation::Conversation;
use casement_core::model::fate::CallFailure;
use casement_core::model::identity::{CommentId, IssueId, Wamid};
use casement_core::model::ledger::OutboundKey;
use casement_core::say::notes::{ControlNote, Note};

use crate::app::{App, Ports};
use crate::failure::{Failure, is_unreadable};
use crate::note;
use crate::ports::*;
use crate::saving::{change, change_stored};
use crate::sending::Was;

/// Returns the reply mode of `comment`, and the comment with the body that is left to send.
pub(crate) async fn reply_mode<P: Ports>(
    app: &App<P>,
    comment: Comment,
    conversation: &Conversation,
    issue: &IssueId,
) -> Result<(Comment, ReplyMode), Failure> {
    if comment.written_by_us {
        return Ok((comment, ReplyMode::default()));
    }
    let comment = super::files::with_file_names(app, comment, issue).await?;
    // An internal note is never sent, and uses the slash for other commands.
    if comment.public != Some(true) {
        return Ok((comment, ReplyMode::default()));
    }
    let settings = app.settings.current().await?;
    let number = settings.number(&conversation.key.phone_number_id);
    let mut mode = ReplyMode {
        named: number.is_some_and(|number| number.agent_name),
        in_answer_to: None,
        by_rule: is_notice(comment.account_type, number),
    };
    let Some(Answering { answered, rest }) = Answering::of(&comment) else {
        return Ok((comment, mode));
    };
    // The command is for us, whether or not there is a message to answer. A command alone is no
    // reply.
    let is_command = answered == Answered::Latest;
    let has_words = !rest.is_blank();
    if is_command && !has_words && !rest.shows_files() {
        return Ok((comment, mode));
    }
    mode.in_answer_to = message(app, &answered, conversation, issue).await?;
    let body = if is_command || (mode.in_answer_to.is_some() && has_words) {
        rest
    } else {
        comment.body
    };
    Ok((Comment { body, ..comment }, mode))
}

/// Returns the customer's message that is answered. `None`: the message is not known, or nothing
/// can be sent now, so asking Jira is not worth while.
async fn message<P: Ports>(
    app: &App<P>,
    answered: &Answered,
    conversation: &Conversation,
    issue: &IssueId,
) -> Result<Option<Wamid>, Failure> {
    if !conversation.window_is_open(app.clock.now()) {
        return Ok(None);
    }
    let found = match answered {
        Answered::Latest => Ok(conversation.last_inbound_wamid.clone()),
        Answered::Comment(comment) => app.jira.message_of(comment).await,
        Answered::Quoted(words) => quoted(app, words, issue).await,
    };
    match found {
        Err(failure) if is_unreadable(&failure) => Ok(None),
        found => Ok(found?
            .map(|found| found.echoed().unwrap_or(found))
            .filter(Wamid::is_of_a_message)),
    }
}

async fn quoted<P: Ports>(
    app: &App<P>,
    words: &str,
    issue: &IssueId,
) -> Result<Option<Wamid>, CallFailure> {
    let own_account = app.jira.own_account().await?;
    let comments = app.jira.latest_comments(issue).await?;
    let found = find_quoted(words, &comments, |comment| {
        comment.written_by_us || comment.author == own_account
    });
    match found {
        Some(comment) => app.jira.message_of(comment).await,
        None => Ok(None),
    }
}

/// Records that `comment` has answered the customer.
pub(crate) async fn answered<P: Ports>(
    app: &App<P>,
    conversation: Conversation,
    comment: &Comment,
) -> Result<(), Failure> {
    let now = app.clock.now();
    change(&app.store, conversation, |current| {
        with_fields_armed(reply::answered_by(current, comment.created, false), now)
    })
    .await?;
    Ok(())
}

/// Records that what an agent wrote in `comment` took the conversation over from another sender, and
/// tells the agents.
///
/// A message of `key` that was sent before the other sender held it takes nothing over.
pub(crate) async fn take_over<P: Ports>(
    app: &App<P>,
    conversation: &Conversation,
    comment: &CommentId,
    issue: &IssueId,
    key: &OutboundKey,
    was: Was,
) -> Result<(), Failure> {
    let now = app.clock.now();
    let Some(since) = conversation.another_holds_since(now) else {
        return Ok(());
    };
    if was == Was::Before {
        let sent = app.store.entry(key).await?;
        if sent.is_none_or(|sent| sent.claim.begun_at < since) {
            return Ok(());
        }
    }
    let by = format!("comment:{}", comment.as_str());
    let settings = app.settings.current().await?;
    let number = settings.number(&conversation.key.phone_number_id);
    let zone = number.map_or(chrono_tz::Tz::UTC, |number| number.time_zone);
    let note = Note::Control(ControlNote::TakenOver {
        since: since.with_timezone(&zone),
    });
    note::tell(app, issue, &note, format!("taken-over:{by}")).await?;
    change_stored(&app.store, &conversation.key, |current| {
        reply::taken_over(current, now, &by)
    })
    .await?;
    Ok(())
}
