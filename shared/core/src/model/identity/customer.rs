//! A customer, by the identifiers that are known.

use serde::{Deserialize, Serialize};

use super::{Bsuid, PhoneNumber, Recipient};

/// The known identifiers of a customer. At least one is set, unless the customer gave up all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerIdentity {
    bsuid: Option<Bsuid>,
    phone: Option<PhoneNumber>,
    /// The phone number as an agent wrote it, if WhatsApp spells it differently.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    spelled: Option<PhoneNumber>,
    /// The phone number that the customer has shared, until a message comes from it. It leads to
    /// the customer, but nothing is sent there: the BSUID reaches whoever wrote, whatever was
    /// shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shared: Option<PhoneNumber>,
}

impl CustomerIdentity {
    /// Returns `None` if neither is known: such a message has no sender to reply to.
    #[must_use]
    pub fn new(bsuid: Option<Bsuid>, phone: Option<PhoneNumber>) -> Option<Self> {
        (bsuid.is_some() || phone.is_some()).then_some(Self {
            bsuid,
            phone,
            spelled: None,
            shared: None,
        })
    }

    /// Creates the identity of a customer who has no known identifier left.
    #[must_use]
    pub fn gone() -> Self {
        Self {
            bsuid: None,
            phone: None,
            spelled: None,
            shared: None,
        }
    }

    /// Creates the identity of a customer known only by a phone number.
    #[must_use]
    pub fn of_phone(phone: PhoneNumber) -> Self {
        Self {
            bsuid: None,
            phone: Some(phone),
            spelled: None,
            shared: None,
        }
    }

    /// Sets the spelling of the number that WhatsApp uses. The former spelling still leads to the
    /// customer.
    #[must_use]
    pub fn written_as(self, phone: PhoneNumber) -> Self {
        let former = self.phone.filter(|former| *former != phone);
        Self {
            bsuid: self.bsuid,
            phone: Some(phone),
            spelled: former.or(self.spelled),
            shared: self.shared,
        }
        .tidied()
    }

    /// Adds the number that the customer has shared, in place of one shared before.
    #[must_use]
    pub fn sharing(self, number: PhoneNumber) -> Self {
        Self {
            shared: Some(number),
            ..self
        }
        .tidied()
    }

    /// Drops a shared number that messages have come from since.
    fn tidied(mut self) -> Self {
        let known = [&self.phone, &self.spelled];
        if known.contains(&&self.shared) {
            self.shared = None;
        }
        self
    }

    /// Replaces the customer's number by `phone`.
    #[must_use]
    pub fn now_at(&self, phone: &PhoneNumber) -> Self {
        if self.phone.as_ref() == Some(phone) {
            return self.clone();
        }
        if self.spelled.as_ref() == Some(phone) {
            return self.clone().written_as(phone.clone());
        }
        Self {
            bsuid: self.bsuid.clone(),
            phone: Some(phone.clone()),
            spelled: None,
            shared: None,
        }
    }

    /// Returns whether `identifier` is one of this customer's.
    #[must_use]
    pub fn has(&self, identifier: &str) -> bool {
        self.identifiers().any(|own| own == identifier)
    }

    #[must_use]
    pub fn phone(&self) -> Option<&PhoneNumber> {
        self.phone.as_ref()
    }

    /// Returns the customer's number for the agents' eyes: the one that messages come from, else
    /// the one that the customer has shared.
    #[must_use]
    pub fn number(&self) -> Option<&PhoneNumber> {
        self.phone.as_ref().or(self.shared.as_ref())
    }

    /// Returns the business-scoped user id, if known.
    #[must_use]
    pub fn bsuid(&self) -> Option<&Bsuid> {
        self.bsuid.as_ref()
    }

    /// Returns every identifier that the customer may be filed under, the preferred one first.
    pub fn identifiers(&self) -> impl Iterator<Item = &str> {
        let bsuid = self.bsuid.as_ref().map(Bsuid::as_str);
        let phone = self.phone.as_ref().map(PhoneNumber::as_str);
        let spelled = self.spelled.as_ref().map(PhoneNumber::as_str);
        let shared = self.shared.as_ref().map(PhoneNumber::as_str);
        bsuid.into_iter().chain(phone).chain(spelled).chain(shared)
    }

    /// Returns the address for messages to this customer: the phone number if known, else the
    /// BSUID. Never both, since `to` would override `recipient`. Returns `None` if Meta would
    /// accept neither.
    #[must_use]
    pub fn recipient(&self) -> Option<Recipient> {
        self.phone.clone().map(Recipient::Phone).or_else(|| {
            let bsuid = self.bsuid.as_ref().filter(|bsuid| bsuid.is_well_formed());
            bsuid.cloned().map(Recipient::Bsuid)
        })
    }

    /// Fills the gaps in this identity from a newer one. Known identifiers stay: conflicting
    /// identities are not merged.
    #[must_use]
    pub fn completed_by(&self, newer: &Self) -> Self {
        Self {
            bsuid: self.bsuid.clone().or_else(|| newer.bsuid.clone()),
            phone: self.phone.clone().or_else(|| newer.phone.clone()),
            spelled: self.spelled.clone().or_else(|| newer.spelled.clone()),
            shared: self.shared.clone().or_else(|| newer.shared.clone()),
        }
        .tidied()
    }

    /// Returns whether the two have different BSUIDs and so are two customers, even with one phone
    /// number: numbers are reassigned, BSUIDs are not.
    #[must_use]
    pub fn contradicts(&self, other: &Self) -> bool {
        matches!((&self.bsuid, &other.bsuid), (Some(one), Some(other)) if one != other)
    }

    /// Removes these identifiers. Returns `None` if nothing is left.
    #[must_use]
    pub fn without(&self, identifiers: &[String]) -> Option<Self> {
        let stays = |identifier: &str| identifiers.iter().all(|other| other != identifier);
        let bsuid = self.bsuid.clone().filter(|bsuid| stays(bsuid.as_str()));
        let phone = self.phone.clone().filter(|phone| stays(phone.as_str()));
        let spelled = self.spelled.clone();
        let spelled = spelled.filter(|spelled| stays(spelled.as_str()));
        let shared = self.shared.clone();
        let shared = shared.filter(|shared| stays(shared.as_str()));
        Some(Self {
            spelled,
            shared,
            ..Self::new(bsuid, phone)?
        })
    }

    /// Returns the number with `+`, else the BSUID. For the agent's eyes only.
    #[must_use]
    pub fn display(&self) -> String {
        self.phone.as_ref().map_or_else(
            || self.identifiers().next().unwrap_or_default().to_owned(),
            PhoneNumber::e164,
        )
    }
}
