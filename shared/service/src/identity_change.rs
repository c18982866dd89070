//! Moves a customer's conversation to another phone number or BSUID.

use casement_core::decide::freshness::{Happening, is_backlog};
use casement_core::decide::identity_change::{
    begun_with, decide_identity_change, dispossessed, is_of_the_same, is_overtaken, remembering,
};
use casement_core::decide::joining::given_over;
use casement_core::model::conversation::Conversation;
use casement_core::model::fate::{Fate, fate};
use casement_core::model::identity::{
    ConversationKey, CustomerIdentity, IdentityChange, PhoneNumberId,
};
use casement_core::model::ledger::{self, KnownMessage, LedgerEntry};
use casement_core::model::queue::{ConversationTask, OutboundQueueMessage};
use casement_core::say::notes::{Note, StaleNote};
use casement_core::settings::Served;
use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;

use crate::app::{App, Inbound, Ports};
use crate::claim::{self, Claimed, claim, close};
use crate::failure::Failure;
use crate::held::{hand_over, terms_of};
use crate::leads::{lead, take};
use crate::note::{self, Attempted};
use crate::outcome::{Done, Ignored, Later, Outcome};
use crate::ports::*;
use crate::saving::{SOON, begin, change};
use crate::timers::fields;

/// The use case of a customer's new phone number or BSUID.
pub(crate) struct ChangeIdentity<'a> {
    pub(crate) change: &'a IdentityChange,
}

impl ChangeIdentity<'_> {
    pub(crate) async fn run<P: Ports>(self, inbound: &Inbound<P>) -> Result<Outcome, Later> {
        let Self { change } = self;
        let app = &inbound.app;
        let number = &change.phone_number_id;
        let settings = app.settings.current().await?;
        let zone = match settings.served(number) {
            Served::Here(number) => number.time_zone,
            Served::Elsewhere => return Ok(Outcome::Ignored(Ignored::OtherNumber)),
            Served::Unknown => return Err(Failure::UnknownNumber(number.clone()).into()),
        };
        let (key, first) = (&change.wamid, KnownMessage::IdentityChange);
        let entry = match claim(&app.store, key, first, app.clock.now()).await? {
            Claimed::Ours(entry) => entry,
            Claimed::Settled(_) => return Ok(Outcome::Ignored(Ignored::Duplicate)),
        };
        match move_conversation(inbound, change, &entry.claim, zone).await {
            Ok(outcome) => {
                close(&app.store, key, entry, LedgerEntry::settled).await?;
                Ok(outcome)
            }
            Err(failure) => Err(claim::release(app, key, entry, |entry| entry, failure).await),
        }
    }
}

async fn move_conversation<P: Ports>(
    inbound: &Inbound<P>,
    moved: &IdentityChange,
    claim: &ledger::Claim,
    zone: Tz,
) -> Result<Outcome, Failure> {
    let app = &inbound.app;
    let number = &moved.phone_number_id;
    let what = Happening::IdentityChange;
    let at = moved.changed_at;
    let mut former = known(app, number, &moved.former, at - Duration::seconds(1)).await?;
    let mut new = known(app, number, &moved.new, at).await?;
    new.retain(|other| former.iter().all(|known| known.key != other.key));
    let Some(first) = former.first().or(new.first()) else {
        if claim.was_begun_too_late(what, at) {
            return Ok(Outcome::Ignored(Ignored::UnknownCustomer));
        }
        return begin_with(app, moved).await;
    };
    let is_stale = claim.was_begun_too_late(what, at) && !is_backlog(first, app.clock.now());
    if is_stale
        || former
            .first()
            .is_some_and(|known| is_overtaken(known, moved))
    {
        if let Some(issue) = &first.issue
            && first.identity != moved.new
        {
            let changed_at = at.with_timezone(&zone);
            let note = Note::Stale(StaleNote::IdentityChange { changed_at });
            let about = format!("stale-change:{}", moved.wamid.fingerprint());
            note::leave_together(app, &issue.id, &note, about).await?;
        }
        if !is_stale {
            let goes_on = former.remove(0);
            remember(app, goes_on, moved).await?;
        }
        return Ok(Outcome::Ignored(what.into()));
    }
    let mut others = Vec::new();
    for other in new {
        if is_of_the_same(&other, moved) {
            others.push(other);
        } else {
            change(&app.store, other, |other| dispossessed(other, moved)).await?;
        }
    }
    if let Some(goes_on) = others.first().cloned() {
        let left = former.into_iter().chain(others.into_iter().skip(1));
        let mut outcome = Ignored::UnknownCustomer;
        for left in left {
            give_up(inbound, left, &goes_on.key, moved).await?;
            outcome = Ignored::IdentityConflict;
        }
        remember(app, goes_on, moved).await?;
        return Ok(Outcome::Ignored(outcome));
    }
    let mut former = former.into_iter();
    let Some(goes_on) = former.next() else {
        return begin_with(app, moved).await;
    };
    let key = goes_on.key.clone();
    for left in former {
        give_up(inbound, left, &key, moved).await?;
    }
    let plan = decide_identity_change(goes_on.clone(), moved);
    for identifier in plan.conversation.identity.identifiers() {
        if let Err(free) = lead(&app.store, number, identifier, Some(at)).await? {
            take(&app.store, identifier, &free, &key, true).await?;
        }
    }
    let saved = change(&app.store, goes_on, |current| {
        decide_identity_change(current, moved).conversation
    });
    let saved = saved.await?;
    if let Some(saved) = &saved {
        lead_formerly(app, saved, moved).await?;
    }
    if let Some(issue) = saved.and_then(|saved| saved.issue) {
        let wamid = ConversationKey::new(number, moved.wamid.as_str());
        let about = format!("identity-changed:{}", wamid.fingerprint());
        match note::leave(
            &app.jira,
            &issue.id,
            &plan.note,
            about,
            Attempted::before(claim),
        )
        .await
        {
            // A deleted request has nobody left to tell.
            Err(failure) if fate(&failure) != Fate::Gone => return Err(failure.into()),
            Ok(_) | Err(_) => {}
        }
    }
    Ok(Outcome::Done(Done::IdentityChanged))
}

/// Keeps the change of a customer who is not known yet, for messages that were sent before it.
async fn begin_with<P: Ports>(app: &App<P>, moved: &IdentityChange) -> Result<Outcome, Failure> {
    let number = &moved.phone_number_id;
    let before = Some(moved.changed_at - Duration::seconds(1));
    let mut places = Vec::new();
    for (identity, at) in [
        (&moved.former, before),
        (&moved.new, Some(moved.changed_at)),
    ] {
        for identifier in identity.identifiers() {
            if let Err(free) = lead(&app.store, number, identifier, at).await? {
                places.push((identifier, free));
            }
        }
    }
    let Some((_, first)) = places.first() else {
        return Ok(Outcome::Ignored(Ignored::UnknownCustomer));
    };
    let mut begun = begun_with(first.key.clone(), moved);
    let mut aliases = Vec::new();
    for (identifier, free) in &places {
        if free.is_given_up {
            let has = moved.new.has(identifier);
            take(&app.store, identifier, free, &begun.key, has).await?;
        } else if *identifier != begun.key.customer && !aliases.contains(&(*identifier).to_owned())
        {
            aliases.push((*identifier).to_owned());
        }
    }
    match begin(&app.store, &mut begun, &aliases).await? {
        Saved::Yes => Ok(Outcome::Done(Done::IdentityKept)),
        Saved::Conflict => Err(Failure::NotYet("the conversation has just begun", SOON)),
    }
}

/// Records the change's facts about the past in the conversation that goes on.
async fn remember<P: Ports>(
    app: &App<P>,
    goes_on: Conversation,
    moved: &IdentityChange,
) -> Result<(), Failure> {
    let saved = change(&app.store, goes_on, |current| remembering(current, moved));
    if let Some(saved) = saved.await? {
        lead_formerly(app, &saved, moved).await?;
    }
    Ok(())
}

/// Makes the identifiers that the customer had at a time lead to the conversation, for messages
/// sent at that time.
async fn lead_formerly<P: Ports>(
    app: &App<P>,
    to: &Conversation,
    moved: &IdentityChange,
) -> Result<(), Failure> {
    let before = moved.changed_at - Duration::seconds(1);
    for (identity, at) in [(&moved.former, before), (&moved.new, moved.changed_at)] {
        for identifier in identity.identifiers() {
            let found = lead(&app.store, &moved.phone_number_id, identifier, Some(at));
            if let Err(free) = found.await?
                && to.belongs_to(identifier, Some(at))
            {
                let has = to.identity.has(identifier);
                take(&app.store, identifier, &free, &to.key, has).await?;
            }
        }
    }
    Ok(())
}

/// Gives up the former conversation of a customer who has begun another one with the new
/// identifiers. Comments in the former one's requests go to the new one: the former identifiers are
/// another customer's now.
async fn give_up<P: Ports>(
    inbound: &Inbound<P>,
    former: Conversation,
    to: &ConversationKey,
    moved: &IdentityChange,
) -> Result<(), Failure> {
    let app = &inbound.app;
    let terms = terms_of(app, to).await?;
    for held in app.store.held(&former.key).await? {
        hand_over(app, &former.key, to, &held, terms).await?;
    }
    fields::clear(app, &former).await?;
    release(inbound, to, moved).await?;
    let left = |former: Conversation| {
        let without = |left: Conversation, id: &str| left.without_since(id, moved.changed_at);
        let ids = former.identity.clone();
        let gone = ids.identifiers().filter(|id| !moved.new.has(id));
        given_over(gone.fold(former, without), to)
    };
    change(&app.store, former, left).await?;
    Ok(())
}

/// Asks the sender to release what was handed over, if the customer has opened a window: nothing
/// else would before the next message.
async fn release<P: Ports>(
    inbound: &Inbound<P>,
    key: &ConversationKey,
    moved: &IdentityChange,
) -> Result<(), Failure> {
    let now = inbound.app.clock.now();
    let current = inbound.app.store.load(key).await?;
    let current = current.filter(|current| current.may_release(now));
    let Some(issue) = current.and_then(|current| current.issue) else {
        return Ok(());
    };
    let message = OutboundQueueMessage::ReleaseHeld(ConversationTask {
        conversation: key.clone(),
        issue_id: issue.id,
    });
    let id = format!("release:{}", moved.wamid.fingerprint());
    Ok(inbound.outbound.enqueue(&message, &id).await?)
}

/// Finds the conversations to which the identifiers of a customer led at that time, the BSUID's
/// first.
async fn known<P: Ports>(
    app: &App<P>,
    number: &PhoneNumberId,
    identity: &CustomerIdentity,
    at: DateTime<Utc>,
) -> Result<Vec<Conversation>, Failure> {
    let mut known: Vec<Conversation> = Vec::new();
    for identifier in identity.identifiers() {
        if let Ok(found) = lead(&app.store, number, identifier, Some(at)).await?
            && known.iter().all(|other| other.key != found.key)
        {
            known.push(found);
        }
    }
    Ok(known)
}
