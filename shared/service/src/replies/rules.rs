//! Lets the messages of Automation rules through, or keeps them back.

use casement_core::decide::reply::ReplyDecision;
use casement_core::decide::rule_message::{
    KeptBack, admitting, decide_rule_message, is_due, rule_message, told_by_rule,
};
use casement_core::model::comment::Comment;
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{IssueId, Wamid};
use casement_core::say::notes::{Note, RuleNote};

use crate::app::{App, Ports};
use crate::comment;
use crate::event::Event;
use crate::failure::Failure;
use crate::held::{self, held_reply};
use crate::note;
use crate::outcome::{Ignored, Outcome};
use crate::ports::*;
use crate::saving::{SOON, change};

/// The limit of a number that is no longer in the settings: the default.
const LIMIT: usize = 3;

/// Decides whether a rule's message may go out, and records it. Everybody else's comment may, and so
/// may one that WhatsApp has settled before.
///
/// Returns the conversation as it is then, or what became of a message that is kept back.
pub(crate) async fn admit<P: Ports>(
    app: &App<P>,
    conversation: Conversation,
    comment: &Comment,
    issue: &IssueId,
    reply: &ReplyDecision,
) -> Result<Result<Conversation, Outcome>, Failure> {
    if !reply.is_by_rule() || comment::was_begun(app, &comment.id).await? {
        return Ok(Ok(conversation));
    }
    let settings = app.settings.current().await?;
    let number = settings.number(&conversation.key.phone_number_id);
    let limit = number.map_or(LIMIT, |number| number.automation_limit);
    let message = rule_message(&conversation, comment, app.clock.now());
    let admitted = change(&app.store, conversation, |current| {
        admitting(current, &message, limit)
    });
    let Some(conversation) = admitted.await? else {
        return Err(Failure::NotYet("the conversation is gone", SOON));
    };
    let Err(why) = decide_rule_message(&conversation, &message, limit) else {
        return Ok(Ok(conversation));
    };
    tell(app, &conversation, issue, why, limit).await?;
    let unsent = held_reply(comment, issue, true, app.clock.now());
    held::close_unsent(app, &conversation, &unsent).await?;
    Event::RuleKeptBack(why.as_str()).count();
    Ok(Err(Outcome::Ignored(Ignored::RuleKeptBack)))
}

/// Tells the agents, once in a wait or for an opt-out. The ledger keeps count, since a note may make
/// the rule write again.
async fn tell<P: Ports>(
    app: &App<P>,
    conversation: &Conversation,
    issue: &IssueId,
    why: KeptBack,
    limit: usize,
) -> Result<(), Failure> {
    let whose = conversation.key.fingerprint();
    let (note, about) = match why {
        KeptBack::Repeated => return Ok(()),
        KeptBack::TooMany => {
            let about = format!("rules:{whose}:{}", conversation.notice_generation);
            (RuleNote::TooMany { limit }, about)
        }
        KeptBack::OptedOut => {
            let by = conversation.opted_by.as_ref().map(Wamid::fingerprint);
            let about = format!("rules-opted-out:{whose}:{}", by.unwrap_or_default());
            (RuleNote::OptedOut, about)
        }
    };
    note::leave_together(app, issue, &Note::Rule(note), about).await
}

/// Records that the customer has a rule's message.
pub(crate) async fn told<P: Ports>(
    app: &App<P>,
    conversation: Conversation,
    comment: &Comment,
) -> Result<(), Failure> {
    let (was_due, now) = (is_due(&conversation), app.clock.now());
    let told = change(&app.store, conversation, |current| {
        told_by_rule(current, comment.created, now)
    });
    if told.await?.is_some_and(|told| was_due && !is_due(&told)) {
        Event::NoticeSkipped("told_by_rule").count();
    }
    Ok(())
}
