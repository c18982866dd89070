//! Lets the messages of Automation rules through, or keeps them back.

use casement_core::decide::reply::ReplyDecision;
use casement_core::decide::rule_message::{
    KeptBack, admitting, decide_rule_message, is_due, rule_message, told_by_rule, unsent,
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
use crate::replies::Progress;
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
    if !reply.is_by_rule() {
        return Ok(Ok(conversation));
    }
    let key = OutboundKey::comment(&comment.id, 0);
    if comment::was_begun(app, &comment.id).await? {
        let held = held::of_comment(app, &conversation, &comment.id).await?;
        if held.is_none() || !conversation.opted_out {
            return Ok(Ok(conversation));
        }
        // The rest waits for the window.
        let why = (KeptBack::OptedOut, LIMIT);
        let kept_back = keep_back(app, &conversation, comment, issue, &key, why);
        return Ok(Err(kept_back.await?));
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

/// Decides whether the question for the phone number that a rule asks for may be sent to the
/// customer. Whatever may still come after STOP, this question may not.
///
/// Returns what became of it, if not.
pub(crate) async fn admit_question<P: Ports>(
    app: &App<P>,
    conversation: &Conversation,
    comment: &Comment,
    issue: &IssueId,
) -> Result<Result<(), Outcome>, Failure> {
    if comment.account_type != AccountType::App {
        return Ok(Ok(()));
    }
    let why = if conversation.opted_out {
        KeptBack::OptedOut
    } else if conversation.is_held_by_another(app.clock.now()) {
        KeptBack::HeldByAnother
    } else {
        return Ok(Ok(()));
    };
    let key = OutboundKey::phone(&comment.id);
    let why = (why, LIMIT);
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

/// Tells the agents, once in a wait (while nobody waits, once a day), for an opt-out, or for as long as
/// another sender holds the conversation. The ledger keeps count, since a note may make the rule
/// write again.
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
            let waits_since = conversation.awaiting_since;
            let when = match waits_since {
                Some(since) => since.timestamp().to_string(),
                None => app.clock.now().format("%Y-%m-%d").to_string(),
            };
            let note = RuleNote::TooMany {
                limit,
                somebody_waits: waits_since.is_some(),
            };
            (note, format!("rules:{whose}:{when}"))
        }
        KeptBack::OptedOut => {
            let by = conversation.opted_by.as_ref().map(Wamid::fingerprint);
            let about = format!("rules-opted-out:{whose}:{}", by.unwrap_or_default());
            (RuleNote::OptedOut, about)
        }
        KeptBack::HeldByAnother => {
            let since = conversation.another_holds_since(app.clock.now());
            let since = since.map_or(0, |since| since.timestamp());
            (
                RuleNote::HeldByAnother,
                format!("rules-held-by-another:{whose}:{since}"),
            )
        }
    };
    note::leave_together(app, issue, &Note::Rule(note), about).await
}

/// Records what became of a rule's comment.
pub(crate) async fn ended<P: Ports>(
    app: &App<P>,
    conversation: Conversation,
    comment: &Comment,
    progress: Progress,
) -> Result<(), Failure> {
    match progress {
        Progress::Yes => told(app, conversation, comment, true).await,
        Progress::Before => told(app, conversation, comment, false).await,
        Progress::Refused(_) | Progress::RefusedBefore => {
            change(&app.store, conversation, |current| {
                unsent(current, &comment.id)
            })
            .await?;
            Ok(())
        }
        Progress::TakenBack | Progress::Nothing | Progress::Closed => Ok(()),
    }
}

/// Records that the customer has a rule's message. `now`: it was sent by this attempt.
pub(crate) async fn told<P: Ports>(
    app: &App<P>,
    conversation: Conversation,
    comment: &Comment,
    now: bool,
) -> Result<(), Failure> {
    let was_due = is_due(&conversation);
    let sent = now.then(|| app.clock.now());
    let told = change(&app.store, conversation, |current| {
        told_by_rule(current, comment.created, sent)
    });
    if told.await?.is_some_and(|told| was_due && !is_due(&told)) {
        Event::NoticeSkipped("told_by_rule").count();
    }
    Ok(())
}
