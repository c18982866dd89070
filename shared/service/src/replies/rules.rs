//! Lets the messages of Automation rules through, or keeps them back.

use casement_core::decide::reply::ReplyDecision;
use casement_core::decide::rule_message::{
    KeptBack, admitting, decide_rule_message, is_due, rule_message, told_by_rule,
};
use casement_core::model::comment::{AccountType, Comment};
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{IssueId, Wamid};
use casement_core::model::ledger::OutboundKey;
use casement_core::say::notes::{Note, RuleNote};
use casement_core::settings::AfterStop;

use crate::app::{App, Ports};
use crate::comment;
use crate::event::Event;
use crate::failure::Failure;
use crate::held;
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
    let key = OutboundKey::comment(&comment.id, 0);
    let kept_back = keep_back(app, &conversation, comment, issue, &key, (why, limit));
    Ok(Err(kept_back.await?))
}

/// Decides whether a template that a rule asks for may be sent to the customer.
///
/// Returns what became of it, if not.
pub(crate) async fn admit_template<P: Ports>(
    app: &App<P>,
    conversation: &Conversation,
    comment: &Comment,
    issue: &IssueId,
) -> Result<Result<(), Outcome>, Failure> {
    let settings = app.settings.current().await?;
    let number = settings.number(&conversation.key.phone_number_id);
    let after_stop = number.map(|number| number.automation_after_stop);
    if comment.account_type != AccountType::App
        || !conversation.opted_out
        || after_stop == Some(AfterStop::Templates)
    {
        return Ok(Ok(()));
    }
    let key = OutboundKey::template(&comment.id);
    let why = (KeptBack::OptedOut, LIMIT);
    let kept_back = keep_back(app, conversation, comment, issue, &key, why);
    Ok(Err(kept_back.await?))
}

async fn keep_back<P: Ports>(
    app: &App<P>,
    conversation: &Conversation,
    comment: &Comment,
    issue: &IssueId,
    key: &OutboundKey,
    (why, limit): (KeptBack, usize),
) -> Result<Outcome, Failure> {
    tell(app, conversation, issue, why, limit).await?;
    held::close_unsent(app, conversation, key, issue, comment.created).await?;
    Event::RuleKeptBack(why.as_str()).count();
    Ok(Outcome::Ignored(Ignored::RuleKeptBack))
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
