//! Begins a conversation for an agent: a template on a request that was created in Jira.

use casement_core::decide::command::Command;
use casement_core::model::commands::TEMPLATE;
use casement_core::model::comment::{Author, Comment};
use casement_core::model::conversation::Conversation;
use casement_core::model::fate::{Absence, CallFailure, Fate, fate};
use casement_core::model::identity::{
    AccountId, CustomerIdentity, IssueRef, PhoneNumber, PhoneNumberId,
};
use casement_core::model::queue::{CommentEvent, Door};
use casement_core::say::notes::NotSent;
use casement_core::settings::{NumberSettings, Settings};

use crate::app::{App, Outbound, Ports};
use crate::failure::Failure;
use crate::leads::lead;
use crate::outcome::{Done, Ignored, Outcome};
use crate::ports::*;
use crate::replies::{self, rules};
use crate::saving::{self, change};

/// Handles a comment on an issue without a conversation: only a template begins one. If no number
/// has a phone field, Jira is not even asked.
pub(crate) async fn begin_with_template<P: Ports>(
    outbound: &Outbound<P>,
    event: &CommentEvent,
    own_account: &AccountId,
) -> Result<Outcome, Failure> {
    let (issue, id) = (&event.issue_id, &event.comment_id);
    let app = &outbound.app;
    let settings = app.settings.current().await?;
    let begins = |number: &NumberSettings| number.phone_field.is_some();
    if !settings.numbers().iter().any(begins) {
        return Ok(Outcome::Ignored(Ignored::NoConversation));
    }
    let comment = match app.jira.read(issue, id).await {
        Ok(Some(comment)) => comment,
        Ok(None) => return Ok(Outcome::Ignored(Ignored::Gone)),
        Err(failure) if is_certain(&failure) || is_anybodys(event, &failure) => {
            return Ok(Outcome::Ignored(Ignored::NotOurs));
        }
        Err(failure) => return Err(failure.into()),
    };
    match comment.written_by(own_account) {
        Author::Ourselves => return Ok(Outcome::Ignored(Ignored::Own)),
        author if !author.rule().commands => {
            return Ok(Outcome::Ignored(Ignored::NoConversation));
        }
        _ => {}
    }
    let in_public = Command::alone_in(&comment.body).filter(|_| comment.public == Some(true));
    let call = match Command::of(&comment) {
        Some(Command::Template(call)) => Some(call),
        _ if in_public == Some(TEMPLATE) => None,
        _ => return Ok(Outcome::Ignored(Ignored::NoConversation)),
    };
    if replies::is_stale(app, &comment) {
        return replies::tell_of_stale(app, &comment, issue).await;
    }
    let origin = match app.jira.origin(issue).await {
        Ok(origin) => origin,
        Err(failure) if is_certain(&failure) => return Ok(Outcome::Ignored(Ignored::NotOurs)),
        Err(failure) => return Err(failure.into()),
    };
    let (number, phone) = match customer_of(app, &settings, &origin).await? {
        Ok(customer) => customer,
        Err(why) => return super::command::refuse(app, issue, &comment, why).await,
    };
    let Some(call) = call else {
        replies::explain_public_command(app, &comment, issue, TEMPLATE).await?;
        return Ok(Outcome::Done(Done::CommandInPublic));
    };
    // A faulty call begins no conversation.
    if let Err(why) = super::filled(outbound, number, call.clone()).await? {
        return super::command::refuse(app, issue, &comment, why).await;
    }
    // A customer who wants nothing automatic stays in the present request.
    if let Ok(known) = lead(&app.store, number, phone.as_str(), None).await?
        && let Err(kept_back) = rules::admit_template(app, &known, &comment, issue).await?
    {
        return Ok(kept_back);
    }
    let conversation = begin(app, number, phone, &origin.issue, &comment).await?;
    super::carry_out_template(outbound, conversation, &comment, issue, call).await
}

/// Returns the number that writes for the request's service desk, and the customer's number.
async fn customer_of<'a, P: Ports>(
    app: &App<P>,
    settings: &'a Settings,
    origin: &Origin,
) -> Result<Result<(&'a PhoneNumberId, PhoneNumber), NotSent>, Failure> {
    let Some((number, field)) = number_for(settings, origin) else {
        return Ok(Err(NotSent::NoNumber));
    };
    let field = field.to_owned();
    let Some(text) = app.jira.field(&origin.issue.id, &field).await? else {
        return Ok(Err(NotSent::NoPhone { field }));
    };
    Ok(match PhoneNumber::of_text(&text) {
        Ok(phone) => Ok((&number.phone_number_id, phone)),
        Err(problem) => Err(NotSent::BadPhone { field, problem }),
    })
}

/// Returns the customer's conversation, in this request from now on. Idempotent.
async fn begin<P: Ports>(
    app: &App<P>,
    number: &PhoneNumberId,
    phone: PhoneNumber,
    issue: &IssueRef,
    comment: &Comment,
) -> Result<Conversation, Failure> {
    let conversation = loop {
        let free = match lead(&app.store, number, phone.as_str(), None).await? {
            Ok(known) => {
                super::joining::tell_of_move(app, &known, issue, comment).await?;
                let moved = change(&app.store, known, |known| known.in_request(issue.clone()));
                if let Some(moved) = moved.await? {
                    break moved;
                }
                continue;
            }
            Err(free) => free,
        };
        let identity = CustomerIdentity::of_phone(phone.clone());
        let mut new = Conversation::new(free.key, identity).in_request(issue.clone());
        if saving::begin(&app.store, &mut new, &[]).await? == Saved::Yes {
            break new;
        }
    };
    app.store.link_issue(&issue.id, &conversation.key).await?;
    Ok(conversation)
}

/// Returns the number that begins conversations for a service desk, and its field with customers'
/// phone numbers. Several numbers may share a desk: the one with the request type is used, else the
/// first.
fn number_for<'a>(
    settings: &'a Settings,
    origin: &Origin,
) -> Option<(&'a NumberSettings, &'a str)> {
    let mut of_desk: Vec<_> = settings
        .numbers()
        .iter()
        .filter(|number| number.service_desk_id == origin.service_desk_id)
        .filter_map(|number| Some((number, number.phone_field.as_deref()?)))
        .collect();
    of_desk.sort_by_key(|(number, _)| number.request_type_id != origin.request_type_id);
    of_desk.into_iter().next()
}

/// Decides whether a token was used to name a request that Jira does not show us. Whoever has the
/// token gets one look.
fn is_anybodys(event: &CommentEvent, failure: &CallFailure) -> bool {
    event.door == Some(Door::Automation) && matches!(failure, CallFailure::Absent(_))
}

/// Decides whether asking Jira again would bring the same answer. Nobody waits for an answer here:
/// most issues of a site have nothing to do with Casement.
fn is_certain(failure: &CallFailure) -> bool {
    matches!(
        failure,
        CallFailure::Jira { status: 403, .. } | CallFailure::Absent(Absence::NoRequest)
    ) || matches!(fate(failure), Fate::Gone | Fate::GiveUp)
}
