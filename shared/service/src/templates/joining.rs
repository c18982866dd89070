//! Finds the conversation that the answer to a template will come to. Some countries have two ways
//! to write one number, and WhatsApp tells which one it uses only when it accepts a message.

use casement_core::decide::fields::with_fields_armed;
use casement_core::decide::joining::{given_over, is_same_customer, joined};
use casement_core::model::comment::Comment;
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{IssueId, IssueRef, PhoneNumber};
use casement_core::say::notes::{Note, TemplateNote};

use crate::app::{App, Outbound, Ports};
use crate::failure::Failure;
use crate::held::{hand_over, terms_of};
use crate::leads::lead;
use crate::note;
use crate::ports::*;
use crate::release;
use crate::saving::change;

/// Returns the conversation that the customer's answer will come to, now that WhatsApp has accepted
/// a template for `conversation` and writes the customer's number as `phone`. If that number has a
/// conversation, that one goes on in the template's request. Idempotent, also after a crash:
/// nothing is taken from `conversation` before the other one has it.
pub(crate) async fn answered_in<P: Ports>(
    outbound: &Outbound<P>,
    conversation: Conversation,
    phone: &PhoneNumber,
    issue: &IssueId,
    comment: &Comment,
) -> Result<Conversation, Failure> {
    let app = &outbound.app;
    if conversation.identity.has(phone.as_str()) {
        return Ok(conversation);
    }
    let number = &conversation.key.phone_number_id;
    let other = lead(&app.store, number, phone.as_str(), None).await?;
    let Some(other) = other.ok().filter(|other| other.key != conversation.key) else {
        app.store
            .link_alias(phone.as_str(), &conversation.key)
            .await?;
        let written = change(&app.store, conversation.clone(), |current| Conversation {
            identity: current.identity.clone().written_as(phone.clone()),
            ..current
        });
        return Ok(written.await?.unwrap_or(conversation));
    };
    let Some(request) = conversation.issue.clone() else {
        return Ok(conversation);
    };
    if !is_same_customer(&conversation, &other, phone) {
        return Ok(conversation);
    }
    tell_of_move(app, &other, &request, comment).await?;
    let now = app.clock.now();
    let taken_over = change(&app.store, other, |other| {
        with_fields_armed(joined(other, &conversation, &request), now)
    });
    let Some(kept) = taken_over.await? else {
        return Ok(conversation);
    };
    for held in app.store.held(&conversation.key).await? {
        let terms = terms_of(app, &kept.key).await?;
        let (from, to) = (&conversation.key, &kept.key);
        hand_over(app, from, to, &held, terms).await?;
    }
    let left = change(&app.store, conversation, |left| given_over(left, &kept.key));
    left.await?;
    for issue in [issue, &request.id] {
        app.store.link_issue(issue, &kept.key).await?;
    }
    Ok(release::load_released(outbound, &kept.key)
        .await?
        .unwrap_or(kept))
}

/// Says in the request that a conversation leaves where the conversation goes on.
pub(crate) async fn tell_of_move<P: Ports>(
    app: &App<P>,
    known: &Conversation,
    to: &IssueRef,
    comment: &Comment,
) -> Result<(), Failure> {
    let Some(former) = known.issue.as_ref().filter(|former| former.id != to.id) else {
        return Ok(());
    };
    let note = Note::Template(TemplateNote::Moved { to: to.key.clone() });
    let about = format!("moved:{}", comment.id.as_str());
    note::tell(app, &former.id, &note, about).await
}
