//! The ownership of conversations: which customer each belongs to.

use chrono::serde::ts_seconds_option;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::Conversation;
use crate::model::identity::{ConversationKey, CustomerIdentity};
use crate::model::ledger::KEPT_BY_WAMID;

/// How long before a change the customer may already have written from the new number, by
/// WhatsApp's clock. A former owner of that number has not written for months.
pub const WRITTEN_BEFORE: Duration = Duration::minutes(15);

/// The time in which an identifier belonged to the customer. A current identifier has a tenure only
/// if its beginning is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tenure {
    /// A fingerprint of the identifier, which does not reveal it.
    pub stands_for: String,
    /// The beginning. `None` if it is unknown.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub since: Option<DateTime<Utc>>,
    /// The end. `None` if the identifier still belongs to the customer.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub until: Option<DateTime<Utc>>,
}

impl Tenure {
    fn covers(&self, at: DateTime<Utc>) -> bool {
        self.since.is_none_or(|since| since <= at) && self.until.is_none_or(|until| at < until)
    }
}

impl Conversation {
    /// Gives the customer the identifiers `new` from `at` on.
    #[must_use]
    pub fn moved(self, new: &CustomerIdentity, at: DateTime<Utc>) -> Self {
        let gained = new.identifiers().filter(|id| !self.identity.has(id));
        let gained: Vec<_> = gained.collect();
        let since = Some(at - WRITTEN_BEFORE);
        let moved = gained
            .into_iter()
            .fold(self, |moved, id| moved.having(id, since));
        moved.known_as(new.clone(), at)
    }

    /// Sets the customer's identity to `identity`. Identifiers that are not in it were given up
    /// `at` this time.
    #[must_use]
    pub fn known_as(mut self, identity: CustomerIdentity, at: DateTime<Utc>) -> Self {
        let former = std::mem::replace(&mut self.identity, identity);
        let lost: Vec<_> = former
            .identifiers()
            .filter(|id| !self.identity.has(id))
            .collect();
        lost.into_iter()
            .fold(self, |left, id| left.without_since(id, at))
    }

    /// Records that the customer has `identifier`, since the given time if it is known.
    #[must_use]
    pub fn having(mut self, identifier: &str, since: Option<DateTime<Utc>>) -> Self {
        let stands_for = self.stands_for(identifier);
        let is_open = |one: &Tenure| one.stands_for == stands_for && one.until.is_none();
        if since.is_some() && !self.tenures.iter().any(is_open) {
            self.tenures.push(Tenure {
                stands_for,
                since,
                until: None,
            });
        }
        self
    }

    /// Records that the customer gave up `identifier` at `until` at the latest.
    #[must_use]
    pub fn without_since(mut self, identifier: &str, until: DateTime<Utc>) -> Self {
        let stands_for = self.stands_for(identifier);
        let mut is_known = false;
        for one in &mut self.tenures {
            if one.stands_for != stands_for || one.since.is_some_and(|since| since > until) {
                continue;
            }
            match one.until {
                Some(earlier) if earlier < until => continue,
                _ => one.until = Some(until),
            }
            is_known = true;
        }
        let since = self.gave_up(identifier, Some(until));
        if !is_known && since != Some(until) {
            self.tenures.push(Tenure {
                stands_for,
                since,
                until: Some(until),
            });
        }
        // Messages sent before such an old tenure ended are no longer carried out.
        let latest = self.tenures.iter().filter_map(|one| one.until).max();
        let is_of_use = |one: &Tenure| match (one.until, latest) {
            (Some(until), Some(latest)) => latest - until < KEPT_BY_WAMID * 2,
            _ => true,
        };
        self.tenures.retain(is_of_use);
        self
    }

    /// Records that the customer had `identifier` until then.
    #[must_use]
    pub fn having_had_until(self, identifier: &str, until: DateTime<Utc>) -> Self {
        if self
            .tenures_of(identifier)
            .any(|one| one.until.is_some_and(|end| end <= until))
        {
            return self;
        }
        self.without_since(identifier, until)
    }

    /// Records that the customer had `identifier` for a while.
    #[must_use]
    pub fn having_had(
        mut self,
        identifier: &str,
        since: Option<DateTime<Utc>>,
        until: DateTime<Utc>,
    ) -> Self {
        let one = Tenure {
            stands_for: self.stands_for(identifier),
            since,
            until: Some(until),
        };
        let says_it = |known: &Tenure| {
            known.stands_for == one.stands_for
                && known.until >= one.until
                && (known.since.is_none() || known.since <= one.since && one.since.is_some())
        };
        if !self.tenures.iter().any(says_it) {
            self.tenures.push(one);
        }
        self
    }

    /// Returns whether `identifier` is the customer's, or was when something was sent at `sent_at`.
    #[must_use]
    pub fn belongs_to(&self, identifier: &str, sent_at: Option<DateTime<Utc>>) -> bool {
        let has = self.identity.has(identifier);
        let belongs = match sent_at {
            None => has,
            Some(at) => (has && self.has_since(identifier, at)) || self.had(identifier, at),
        };
        self.joined.is_none() && belongs
    }

    /// Returns whether something sent from `identifier` at `at` predates the time when the customer
    /// gave it up. A BSUID is never given to anybody else.
    #[must_use]
    pub fn had(&self, identifier: &str, at: DateTime<Utc>) -> bool {
        let mut closed = self
            .tenures_of(identifier)
            .filter(|one| one.until.is_some());
        closed.any(|one| identifier.contains('.') || one.covers(at))
    }

    /// Decides whether a message from `customer`, which led here by `identifier`, is from this
    /// customer. A number that the customer has now may come with somebody else's BSUID. For a
    /// number that the customer had then, the BSUID of today says nothing.
    #[must_use]
    pub fn is_of(&self, identifier: &str, customer: &CustomerIdentity) -> bool {
        let leads_by_bsuid = customer.bsuid().is_some_and(|id| id.as_str() == identifier);
        !self.identity.contradicts(customer) || !self.identity.has(identifier) || leads_by_bsuid
    }

    /// Decides whether a message of `sent_at` from `customer` shows that `identifier` no longer
    /// belongs to this customer: the message is the newest known, and carries another BSUID.
    #[must_use]
    pub fn has_lost(
        &self,
        identifier: &str,
        customer: &CustomerIdentity,
        sent_at: DateTime<Utc>,
    ) -> bool {
        let is_newer = |at: Option<DateTime<Utc>>| at.is_none_or(|at| at < sent_at);
        self.identity.has(identifier)
            && self.identity.contradicts(customer)
            && is_newer(self.last_inbound_at)
            && is_newer(self.moved_at)
            && is_newer(self.has_had_since(identifier))
    }

    /// Records that the customer turns out to have lost `identifier` by `at`.
    #[must_use]
    pub fn without(self, identifier: &str, at: DateTime<Utc>) -> Self {
        let left = self.identity.without(&[identifier.to_owned()]);
        self.known_as(left.unwrap_or_else(CustomerIdentity::gone), at)
    }

    /// Returns the last time up to `at` when the customer gave up `identifier`.
    #[must_use]
    pub fn gave_up(&self, identifier: &str, at: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        let ends = self.tenures_of(identifier).filter_map(|one| one.until);
        ends.filter(|until| at.is_none_or(|at| *until <= at)).max()
    }

    /// Returns since when the customer has had `identifier`, if that is known.
    #[must_use]
    pub fn has_had_since(&self, identifier: &str) -> Option<DateTime<Utc>> {
        let mut open = self
            .tenures_of(identifier)
            .filter(|one| one.until.is_none());
        open.next().and_then(|one| one.since)
    }

    fn has_since(&self, identifier: &str, at: DateTime<Utc>) -> bool {
        identifier.contains('.')
            || self
                .has_had_since(identifier)
                .is_none_or(|since| since <= at)
    }

    fn tenures_of(&self, identifier: &str) -> impl Iterator<Item = &Tenure> {
        let stands_for = self.stands_for(identifier);
        self.tenures
            .iter()
            .filter(move |one| one.stands_for == stands_for)
    }

    fn stands_for(&self, identifier: &str) -> String {
        ConversationKey::new(&self.key.phone_number_id, identifier).fingerprint()
    }

    /// Returns the customer's identity after a message of `sent_at` from `from`. A BSUID stays with
    /// its owner, and the phone number in the newest message is the one to reply to.
    #[must_use]
    pub fn identity_after(
        &self,
        from: &CustomerIdentity,
        sent_at: DateTime<Utc>,
    ) -> CustomerIdentity {
        let known = &self.identity;
        if self.moved_at.is_some_and(|since| sent_at < since) {
            return known.clone();
        }
        let is_newest = self.last_inbound_at.is_none_or(|last| last <= sent_at);
        let is_the_same = known.bsuid().is_some() && known.bsuid() == from.bsuid();
        match from.phone() {
            Some(phone) if is_newest && is_the_same => known.now_at(phone),
            _ => known.completed_by(from),
        }
    }

    /// Records the sender's identifiers after a message of `sent_at` from `from`.
    #[must_use]
    pub fn heard_from(self, from: &CustomerIdentity, sent_at: DateTime<Utc>) -> Self {
        let identity = self.identity_after(from, sent_at);
        let moved_at = self.moved_at;
        let known = self.known_as(identity, sent_at);
        let former = from
            .identifiers()
            .filter(|id| !known.belongs_to(id, Some(sent_at)));
        let former: Vec<_> = former.collect();
        match moved_at.filter(|moved| sent_at < *moved) {
            Some(moved) => {
                (former.into_iter()).fold(known, |known, id| known.having_had(id, None, moved))
            }
            None => known,
        }
    }
}
