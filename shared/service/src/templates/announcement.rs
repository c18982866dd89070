//! Tells a customer, once in a closed period, that an answer waits.
//!
//! The reply is held before this begins. While WhatsApp gives no usable answer, the template is
//! retried for some minutes. It is not retried for hours, because the release of held replies after
//! the customer's next message would wait behind it. After that, or when WhatsApp refuses, a note
//! says so, and the next held reply tries again.

use casement_core::decide::reopening::{
    ReopeningDecision, announced, decide_reopening, reopening_call,
};
use casement_core::model::conversation::Conversation;
use casement_core::model::fate::{CallFailure, Fate, WhatsappCode, fate};
use casement_core::model::identity::{ConversationKey, IssueId, Recipient};
use casement_core::model::ledger::{OutboundKey, SentMessage};
use casement_core::say::notes::{NotSent, Note, TemplateNote};
use casement_core::say::template::{FilledTemplate, TemplateCall};
use chrono::{DateTime, Duration, Utc};

use crate::app::{App, Outbound, Ports};
use crate::event::Event;
use crate::failure::Failure;
use crate::note::{self, Attempted};
use crate::outcome::{Done, Ignored, Outcome};
use crate::ports::*;
use crate::saving::{change, load_joined};
use crate::sending::{self, Addressed};
use crate::templates;

/// The time after a reply was held during which the template is retried.
const TRIED_FOR: Duration = Duration::minutes(10);

/// The result of an announcement.
enum Announcement {
    Sent(FilledTemplate, AcceptedTemplate),
    /// The announcement will not be sent in this closed period.
    Refused(Option<WhatsappCode>),
    /// The announcement may be sent with the next held reply.
    Failed(String),
}

/// Sends the reopening template for the held replies, if that is due.
///
/// # Errors
/// The table or Jira failed, or WhatsApp gave no usable answer and may still give one.
pub(crate) async fn run<P: Ports>(
    outbound: &Outbound<P>,
    key: &ConversationKey,
    issue: &IssueId,
) -> Result<Outcome, Failure> {
    let app = &outbound.app;
    let settings = app.settings.current().await?;
    let number = settings.number(&key.phone_number_id);
    let Some(number) = number.filter(|number| number.reopening_template.is_some()) else {
        return Ok(Outcome::Ignored(Ignored::NotConfigured));
    };
    let Some(conversation) = load_joined(&app.store, key).await? else {
        return Ok(Outcome::Ignored(Ignored::NoConversation));
    };
    let key = &conversation.key.clone();
    let (recipient, period) = match decide_reopening(&conversation, app.clock.now()) {
        ReopeningDecision::Skip(reason) => return Ok(Outcome::Ignored(reason.into())),
        ReopeningDecision::Send { recipient, period } => (recipient, period),
    };
    let Some(template) = reopening_call(number, &conversation.identity) else {
        return Ok(Outcome::Ignored(Ignored::NotConfigured));
    };
    let announcement = announce(outbound, &conversation, issue, &recipient, period, template);
    let source = OutboundKey::reopening(key, period).source.to_string();
    let announcement = match announcement.await {
        Err(Failure::Call(failure))
            if !may_be_taken_later(&failure) || !was_held_lately(app, key).await? =>
        {
            said(&failure)
        }
        other => other?,
    };
    let (note, about, outcome) = match &announcement {
        Announcement::Sent(filled, accepted) => (
            TemplateNote::Announced {
                text: filled.text.clone().into(),
                hold: accepted.hold,
            },
            source,
            Outcome::Done(Done::Announced),
        ),
        Announcement::Refused(code) => (
            TemplateNote::not_announced(*code),
            format!("failed:{source}"),
            Outcome::Done(Done::Failed),
        ),
        Announcement::Failed(cause) => {
            let cause = cause.clone();
            let note = Note::Template(TemplateNote::NotAnnounced { cause });
            note::tell(app, issue, &note, format!("failed:{source}")).await?;
            return Ok(Outcome::Ignored(Ignored::NotNow));
        }
    };
    let note = Note::Template(note);
    let left = note::leave(&app.jira, issue, &note, about, Attempted::Maybe).await?;
    if let Announcement::Sent(_, accepted) = &announcement {
        sending::remember_note(app, &accepted.wamid, &note, left).await?;
    }
    change(&app.store, conversation, |current| {
        announced(current, period)
    })
    .await?;
    Ok(outcome)
}

/// Decides whether the latest held reply was held within the last minutes.
async fn was_held_lately<P: Ports>(app: &App<P>, key: &ConversationKey) -> Result<bool, Failure> {
    let since = app.store.held(key).await?;
    let since = since.into_iter().map(|held| held.held_since).max();
    Ok(since.is_some_and(|since| app.clock.now() - since < TRIED_FOR))
}

async fn announce<P: Ports>(
    outbound: &Outbound<P>,
    conversation: &Conversation,
    issue: &IssueId,
    recipient: &Recipient,
    period: DateTime<Utc>,
    call: TemplateCall,
) -> Result<Announcement, Failure> {
    let number = &conversation.key.phone_number_id;
    let filled = match templates::filled(outbound, number, Ok(call)).await? {
        Ok(filled) => filled,
        Err(why) => return Ok(Announcement::Failed(cause(&why))),
    };
    let to = Addressed {
        in_answer_to: None,
        key: OutboundKey::reopening(&conversation.key, period),
        number,
        recipient,
        window_is_open: false,
    };
    let first = SentMessage::new(&conversation.key, issue);
    let sent = templates::send_filled(outbound, &to, &filled, None, first).await?;
    Ok(match sent {
        Ok(accepted) => Announcement::Sent(filled, accepted),
        Err(code) => Announcement::Refused(code),
    })
}

/// Decides whether WhatsApp may accept the template on a retry.
fn may_be_taken_later(failure: &CallFailure) -> bool {
    matches!(fate(failure), Fate::Retry(_) | Fate::Resolve)
}

fn said(failure: &CallFailure) -> Announcement {
    Event::of_failure(&failure.clone().into()).count();
    tracing::warn!(%failure, "held replies could not be announced");
    Announcement::Failed(failure.to_string())
}

fn cause(why: &NotSent) -> String {
    match why {
        NotSent::NoTemplate(problem) => problem.to_string().trim_end_matches('.').to_owned(),
        NotSent::Parameters { .. } => {
            "the reopening template must have nothing to fill in, and this one has".to_owned()
        }
        NotSent::NoList { cause } => cause.clone(),
        _ => "the settings do not name the business account (business_account_id)".to_owned(),
    }
}
