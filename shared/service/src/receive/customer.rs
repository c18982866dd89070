//! Finds the conversation that a message belongs to.

use casement_core::decide::leads::Free;
use casement_core::model::conversation::Conversation;
use casement_core::model::identity::{ConversationKey, CustomerIdentity, PhoneNumberId};
use chrono::{DateTime, Utc};

use crate::app::{App, Ports};
use crate::failure::Failure;
use crate::leads::{lead as look, take};
use crate::ports::*;
use crate::saving::{begin, change, save};

/// The conversation of a customer.
pub(super) struct Found {
    /// The stored conversation, or a new one.
    pub(super) conversation: Conversation,
    /// The customer's identifiers, without those that lead to another conversation.
    pub(super) identity: CustomerIdentity,
    /// The identifiers that lead nowhere yet, each with the place where it may lead somewhere.
    free: Vec<(String, Free)>,
}

/// Finds a customer's conversation, under whichever identifier it is filed. If the identifiers lead
/// to two conversations, the BSUID's is used, and the two stay apart.
pub(super) async fn find<P: Ports>(
    app: &App<P>,
    number: &PhoneNumberId,
    customer: &CustomerIdentity,
    sent_at: DateTime<Utc>,
) -> Result<Found, Failure> {
    let mut found: Option<Conversation> = None;
    let (mut places, mut foreign) = (Vec::new(), Vec::new());
    for identifier in customer.identifiers() {
        let is_theirs = |found: &Conversation| {
            found.identity.has(identifier) && found.belongs_to(identifier, Some(sent_at))
        };
        if found.as_ref().is_some_and(is_theirs) {
            continue;
        }
        let mut lead = look(&app.store, number, identifier, Some(sent_at)).await?;
        if let Ok(other) = &lead
            && other.has_lost(identifier, customer, sent_at)
        {
            let lost = |other: Conversation| other.without(identifier, sent_at);
            change(&app.store, other.clone(), lost).await?;
            lead = look(&app.store, number, identifier, Some(sent_at)).await?;
        }
        match (lead, &found) {
            (Err(free), _) => places.push((identifier.to_owned(), free)),
            (Ok(other), Some(found)) if found.key == other.key => {}
            (Ok(other), None) if other.is_of(identifier, customer) => {
                found = Some(other);
            }
            (Ok(_), _) => foreign.push(identifier.to_owned()),
        }
    }
    let identity = customer.without(&foreign);
    let identity = identity.unwrap_or_else(|| customer.clone());
    let conversation = found.unwrap_or_else(|| begun(number, &identity, &places));
    if !foreign.is_empty() {
        let conversation = conversation.key.fingerprint();
        tracing::warn!(
            conversation,
            "a customer has an identifier of another conversation; they are kept apart"
        );
    }
    Ok(Found {
        conversation,
        identity,
        free: places,
    })
}

/// Writes `changed`, the new state of the conversation in `found`, and makes every identifier of
/// the customer lead to it.
pub(super) async fn file<P: Ports>(
    app: &App<P>,
    found: &Found,
    changed: &mut Conversation,
) -> Result<Saved, Failure> {
    let begins = changed.version == 0;
    let mut aliases = Vec::new();
    for (identifier, free) in &found.free {
        if begins && !free.is_given_up {
            aliases.push(identifier.clone());
        } else {
            let has = changed.identity.has(identifier);
            take(&app.store, identifier, free, &changed.key, has).await?;
        }
    }
    aliases.retain(|alias| *alias != changed.key.customer);
    Ok(if begins {
        begin(&app.store, changed, &aliases).await?
    } else {
        save(&app.store, changed).await?
    })
}

/// Makes a conversation for a customer who is not known yet, at the first free place.
fn begun(
    number: &PhoneNumberId,
    identity: &CustomerIdentity,
    places: &[(String, Free)],
) -> Conversation {
    let preferred = identity.identifiers().next().unwrap_or_default();
    let key = places.first().map(|(_, free)| free.key.clone());
    let key = key.unwrap_or_else(|| ConversationKey::new(number, preferred));
    let new = Conversation::new(key, identity.clone());
    (places.iter()).fold(new, |new, (identifier, free)| {
        new.having(identifier, free.since)
    })
}
