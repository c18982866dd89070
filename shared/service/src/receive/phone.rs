//! Takes up the phone number that a customer shares when asked for it.

use casement_core::decide::fields::with_fields_armed;
use casement_core::decide::joining::{given_over, joined};
use casement_core::decide::sharing::{
    Sharing, decide_sharing, may_be_asked_for, shared_in, with_number,
};
use casement_core::model::conversation::Conversation;
use casement_core::model::fate::{Fate, fate};
use casement_core::model::identity::{ConversationKey, IssueId, IssueRef, PhoneNumber};
use casement_core::model::queue::{ConversationTask, OutboundQueueMessage};
use casement_core::say::notes::{InField, Meets, Note, PhoneNote};

use super::link::patience;
use super::{PATIENCE, Receiving};
use crate::app::Ports;
use crate::event::Event;
use crate::failure::Failure;
use crate::held::{hand_over, terms_of};
use crate::leads::{lead, take};
use crate::note;
use crate::phone_field;
use crate::ports::*;
use crate::saving::{SOON, change, load_joined};
use crate::timers::fields;

/// The other conversation has begun or got a request meanwhile: decide again.
const MOVED_ON: Failure = Failure::NotYet("the other conversation has moved on", SOON);

/// Tells the agents of a new customer without a phone number, once, that they may ask for it.
pub(super) async fn tell_of_unknown<P: Ports>(
    receiving: &Receiving<'_, P>,
    conversation: &Conversation,
    issue: &IssueRef,
) -> Result<(), Failure> {
    if !may_be_asked_for(conversation, receiving.message) {
        return Ok(());
    }
    let app = &receiving.inbound.app;
    let about = format!("phone-unknown:{}", conversation.key.fingerprint());
    let note = Note::Phone(PhoneNote::Unknown);
    note::leave_together(app, &issue.id, &note, about).await
}

/// Takes up the number that the message shares, if it answers our question. Idempotent, also after
/// a crash: the agents are told before anything leads elsewhere.
pub(super) async fn take_up<P: Ports>(
    receiving: &Receiving<'_, P>,
    key: &ConversationKey,
    issue: &IssueRef,
) -> Result<(), Failure> {
    let message = receiving.message;
    if message.content.own_number().is_none() {
        return Ok(());
    }
    let app = &receiving.inbound.app;
    let Some(conversation) = load_joined(&app.store, key).await? else {
        return Ok(());
    };
    let answered = match &message.context.reply_to {
        Some(wamid) => app.store.entry(wamid).await?,
        None => None,
    };
    let answered = answered.as_ref().map(|entry| &entry.about);
    let Some(number) = shared_in(message, &conversation, answered) else {
        return Ok(());
    };
    let taking = Taking {
        receiving,
        number,
        issue,
    };
    taking.run(conversation).await
}

/// A shared number, with the context that the steps need.
struct Taking<'a, P: Ports> {
    receiving: &'a Receiving<'a, P>,
    number: &'a PhoneNumber,
    issue: &'a IssueRef,
}

impl<P: Ports> Taking<'_, P> {
    async fn run(&self, conversation: Conversation) -> Result<(), Failure> {
        let app = &self.receiving.inbound.app;
        let id = &conversation.key.phone_number_id;
        let found = lead(&app.store, id, self.number.as_str(), None).await?;
        let other = found.as_ref().ok();
        let other = other.filter(|other| other.key != conversation.key);
        let other = match other {
            Some(other) => Some((other, self.has_another_open(other).await?)),
            None => None,
        };
        let sharing = decide_sharing(&conversation, self.number, other);
        let other = other.map(|(other, _)| other.clone());
        match (sharing, other) {
            (Sharing::Foreign, other) => {
                let request = other.and_then(|other| other.issue);
                let request = request.map(|issue| issue.key);
                let number = self.number.masked().into();
                self.tell(PhoneNote::Foreign { number, request }).await
            }
            (Sharing::Differs, _) => {
                let number = self.number.masked().into();
                self.tell(PhoneNote::Differs { number }).await
            }
            (Sharing::Apart, Some(other)) => self.keep_apart(&conversation, &other).await,
            (Sharing::Join, Some(other)) => self.join(conversation, other).await,
            (Sharing::Lead | Sharing::Join | Sharing::Apart, _) => {
                self.tell_of_number(&conversation, Meets::Nobody).await?;
                if let Err(free) = found {
                    let (number, key) = (self.number.as_str(), &conversation.key);
                    take(&app.store, number, &free, key, true).await?;
                }
                let at = self.receiving.message.sent_at;
                let shared = |current: Conversation| with_number(current, self.number, at);
                change(&app.store, conversation, shared).await?;
                Ok(())
            }
        }
    }

    /// Returns whether `other` goes on in an open request of its own. One that is just being opened
    /// counts.
    async fn has_another_open(&self, other: &Conversation) -> Result<bool, Failure> {
        if other.opening.is_some() {
            return Ok(true);
        }
        let Some(issue) = other.issue.as_ref().filter(|own| own.id != self.issue.id) else {
            return Ok(false);
        };
        let app = &self.receiving.inbound.app;
        match app.jira.state(&issue.id).await {
            Ok(state) => Ok(!state.is_done()),
            Err(failure) if fate(&failure) == Fate::Gone => Ok(false),
            Err(failure) => Err(failure.into()),
        }
    }

    /// Shows the number in the request, and tells its agents what became of it.
    async fn tell_of_number(
        &self,
        conversation: &Conversation,
        meets: Meets,
    ) -> Result<(), Failure> {
        let field = self.shown(conversation).await?;
        let number = self.number.masked().into();
        self.tell(PhoneNote::Shared {
            number,
            field,
            meets,
        })
        .await
    }

    async fn shown(&self, conversation: &Conversation) -> Result<InField, Failure> {
        let Receiving {
            inbound,
            number: settings,
            claim,
            ..
        } = self.receiving;
        let (issue, number) = (&self.issue.id, self.number);
        let last = claim.attempts >= PATIENCE;
        let before = &conversation.identity;
        phone_field::show(&inbound.app, settings, issue, number, before, last).await
    }

    async fn tell(&self, note: PhoneNote) -> Result<(), Failure> {
        self.tell_in(&self.issue.id, note).await
    }

    /// Tells the agents of a request, once for each message.
    async fn tell_in(&self, issue: &IssueId, note: PhoneNote) -> Result<(), Failure> {
        let app = &self.receiving.inbound.app;
        let message = self.receiving.message.wamid.fingerprint();
        let about = format!("phone-shared:{message}");
        note::tell(app, issue, &Note::Phone(note), about).await
    }

    /// Links the open requests of two conversations that the number belongs to, and tells the
    /// agents of both. Each goes on.
    async fn keep_apart(
        &self,
        conversation: &Conversation,
        other: &Conversation,
    ) -> Result<(), Failure> {
        let others = other.issue.as_ref();
        let linked = match others {
            Some(others) => self.link(others).await?,
            None => false,
        };
        if let Some(others) = others {
            let other = self.issue.key.clone();
            let note = PhoneNote::HasAnother { other, linked };
            self.tell_in(&others.id, note).await?;
        }
        let meets = Meets::Apart {
            other: others.map(|others| others.key.clone()),
            linked,
        };
        self.tell_of_number(conversation, meets).await
    }

    /// Links the requests. Returns whether Jira has taken the link.
    async fn link(&self, others: &IssueRef) -> Result<bool, Failure> {
        let app = &self.receiving.inbound.app;
        match app.jira.relate(&self.issue.id, &others.id).await {
            Ok(()) => Ok(true),
            Err(failure) if self.receiving.claim.attempts < patience(&failure) => {
                Err(failure.into())
            }
            Err(failure) => {
                let (one, other) = (self.issue.id.as_str(), others.id.as_str());
                tracing::warn!(%failure, one, other, "two requests of a customer have no link");
                Event::NotShown("link").count();
                Ok(false)
            }
        }
    }

    /// Goes on with both conversations in this one, which the customer writes in. Nothing is taken
    /// from the other one before this one has it.
    async fn join(&self, conversation: Conversation, other: Conversation) -> Result<(), Failure> {
        let inbound = self.receiving.inbound;
        let app = &inbound.app;
        let key = conversation.key.clone();
        let former = other.issue.clone();
        let former = former.filter(|former| former.id != self.issue.id);
        if let Some(former) = &former {
            let to = self.issue.key.clone();
            self.tell_in(&former.id, PhoneNote::GoesOn { to }).await?;
        }
        let meets = Meets::Joined {
            former: former.map(|former| former.key),
        };
        self.tell_of_number(&conversation, meets).await?;
        let now = app.clock.now();
        let is_the_same =
            |left: &Conversation| (&left.issue, &left.opening) == (&other.issue, &other.opening);
        let newest = app.store.load(&other.key).await?;
        let Some(newest) = newest.filter(is_the_same) else {
            return Err(MOVED_ON);
        };
        let kept = change(&app.store, conversation, |kept| {
            with_fields_armed(joined(kept, &newest, self.issue), now)
        });
        if kept.await?.is_none() {
            return Err(Failure::NotYet("the conversation is gone", SOON));
        }
        for held in app.store.held(&other.key).await? {
            let terms = terms_of(app, &key).await?;
            hand_over(app, &other.key, &key, &held, terms).await?;
        }
        fields::clear(app, &other).await?;
        let left = change(&app.store, other.clone(), |left| {
            if is_the_same(&left) {
                given_over(left, &key)
            } else {
                left
            }
        });
        if left.await?.is_some_and(|left| left.joined.is_none()) {
            return Err(MOVED_ON);
        }
        let kept = app.store.load(&key).await?;
        if kept.is_some_and(|kept| kept.may_release(now)) {
            let release = OutboundQueueMessage::ReleaseHeld(ConversationTask {
                conversation: key,
                issue_id: self.issue.id.clone(),
            });
            let message = self.receiving.message.wamid.fingerprint();
            let id = format!("release-shared:{message}");
            inbound.outbound.enqueue(&release, &id).await?;
        }
        Ok(())
    }
}
