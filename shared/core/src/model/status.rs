//! What a delivery report of WhatsApp changes.
//!
//! Reports come out of order, twice, and `read` may come without `delivered`. So they are
//! ranked, and a lower one never undoes a higher one.

use chrono::serde::ts_seconds;
use chrono::serde::ts_seconds_option;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::fate::WhatsappCode;
use crate::model::identity::{
    BusinessAccountId, CustomerIdentity, PhoneNumber, PhoneNumberId, Wamid,
};

/// A report about one of our messages, as the status queue carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusReport {
    /// The business number that the message was sent from, if the report says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number_id: Option<PhoneNumberId>,
    /// Which message.
    pub wamid: Wamid,
    /// To whom the message was sent, if the report says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<CustomerIdentity>,
    /// The ledger key that we sent along (`biz_opaque_callback_data`), if it came back.
    pub callback: Option<String>,
    /// What happened.
    pub delivery: Delivery,
    /// When, by WhatsApp's clock.
    #[serde(with = "ts_seconds")]
    pub at: DateTime<Utc>,
}

/// How many digits at the end of a number are the same however WhatsApp writes it: in some
/// countries it adds or drops one in front of them.
const SAME_DIGITS: usize = 7;

impl StatusReport {
    /// Whether it says itself that it is about a message of another number than `number`.
    #[must_use]
    pub fn is_of_another_number(&self, number: &PhoneNumberId) -> bool {
        let own = self.phone_number_id.as_ref();
        own.is_some_and(|own| own != number)
    }

    /// Whether it says itself that it is about a message to somebody else than `customer`.
    #[must_use]
    pub fn is_to_another_customer(&self, customer: &CustomerIdentity) -> bool {
        let Some(recipient) = &self.recipient else {
            return false;
        };
        if let (Some(one), Some(other)) = (recipient.bsuid(), customer.bsuid()) {
            return one != other;
        }
        match (recipient.phone(), customer.phone()) {
            (Some(one), Some(other)) => last_digits(one) != last_digits(other),
            _ => false,
        }
    }
}

fn last_digits(phone: &PhoneNumber) -> &str {
    let digits = phone.as_str();
    let from = digits.len().saturating_sub(SAME_DIGITS);
    digits.get(from..).unwrap_or(digits)
}

/// How far a message of ours has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// WhatsApp took it over.
    Sent,
    /// It will not arrive. `None`: Meta gave no code.
    Failed(Option<WhatsappCode>),
    /// It is on the customer's phone.
    Delivered,
    /// The customer has seen it.
    Read,
}

impl Delivery {
    /// The word for the ledger and for logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed(_) => "failed",
            Self::Delivered => "delivered",
            Self::Read => "read",
        }
    }

    /// `failed` stands above `sent`, but a later `delivered` or `read` is proof to the contrary.
    fn rank(self) -> u8 {
        match self {
            Self::Sent => 1,
            Self::Failed(_) => 2,
            Self::Delivered => 3,
            Self::Read => 4,
        }
    }
}

/// What a report changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusDecision {
    /// Nothing new.
    Ignore,
    /// Note it in the ledger.
    Record,
    /// Note it and hold the message: Meta says that the window is closed.
    Hold,
    /// Note it and tell the agent why it failed.
    TellAgent(Option<WhatsappCode>),
    /// Note it and tell the agent that it arrived, although it was said to have failed.
    TellArrived,
}

/// Decides what `report` changes when `known` was the last that we knew.
#[must_use]
pub fn decide_status(known: Option<Delivery>, report: Delivery) -> StatusDecision {
    if known.is_some_and(|known| known.rank() >= report.rank()) {
        return StatusDecision::Ignore;
    }
    match report {
        Delivery::Failed(Some(code)) if code.is_window_closed() => StatusDecision::Hold,
        Delivery::Failed(code) => StatusDecision::TellAgent(code),
        Delivery::Delivered | Delivery::Read if matches!(known, Some(Delivery::Failed(_))) => {
            StatusDecision::TellArrived
        }
        Delivery::Sent | Delivery::Delivered | Delivery::Read => StatusDecision::Record,
    }
}

/// Why a template message that WhatsApp has accepted is not on its way yet (Cloud API, "Template
/// messages": `message_status`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplateHold {
    /// Meta looks at the quality of the template first, and then sends the message or drops it.
    QualityCheck,
    /// Meta has paused the template.
    Paused,
}

/// Meta's word that a template has another status, or another text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateChange {
    /// The WhatsApp Business Account that it belongs to.
    pub business_account_id: BusinessAccountId,
    /// The template.
    pub name: String,
    /// Its language, as the webhook writes it.
    pub language: String,
    /// What happened, such as `PAUSED`. `None`: its text or its category changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// When, by WhatsApp's clock, if the webhook says so.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub changed_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use Delivery::{Delivered, Failed, Read, Sent};

    #[test]
    fn reports_only_move_forward() {
        let undeliverable = Failed(Some(WhatsappCode(131_026)));
        let closed = Failed(Some(WhatsappCode(131_047)));
        for (known, report, expected) in [
            (None, Sent, StatusDecision::Record),
            (None, Read, StatusDecision::Record),
            (Some(Sent), Sent, StatusDecision::Ignore),
            (Some(Read), Delivered, StatusDecision::Ignore),
            (
                Some(Sent),
                undeliverable,
                StatusDecision::TellAgent(Some(WhatsappCode(131_026))),
            ),
            (Some(Sent), Failed(None), StatusDecision::TellAgent(None)),
            (Some(Sent), closed, StatusDecision::Hold),
            (Some(closed), closed, StatusDecision::Ignore),
            (Some(undeliverable), Sent, StatusDecision::Ignore),
            (Some(undeliverable), Delivered, StatusDecision::TellArrived),
            (Some(undeliverable), Read, StatusDecision::TellArrived),
            (Some(undeliverable), Failed(None), StatusDecision::Ignore),
            (Some(Delivered), Read, StatusDecision::Record),
            (Some(Read), undeliverable, StatusDecision::Ignore),
            (Some(Delivered), undeliverable, StatusDecision::Ignore),
        ] {
            assert_eq!(
                decide_status(known, report),
                expected,
                "{known:?} {report:?}"
            );
        }
    }

    #[test]
    fn a_report_says_whose_message_it_is_about() {
        use crate::model::identity::Bsuid;

        let identity = |bsuid: Option<&str>, phone: Option<&str>| {
            CustomerIdentity::new(bsuid.map(Bsuid::new), phone.map(PhoneNumber::new))
        };
        let (ana, ben) = (Some("4915112345678"), Some("4915199999999"));
        for (recipient, customer, foreign) in [
            ((None, None), (None, ana), false),
            ((None, ana), (None, ana), false),
            ((None, ben), (None, ana), true),
            (
                (None, Some("551112345678")),
                (None, Some("5511912345678")),
                false,
            ),
            ((Some("DE.1"), None), (None, ana), false),
            ((Some("DE.1"), ben), (Some("DE.1"), ana), false),
            ((Some("DE.2"), ana), (Some("DE.1"), ana), true),
            ((Some("DE.2"), None), (Some("DE.1"), None), true),
        ] {
            let report = StatusReport {
                phone_number_id: Some(PhoneNumberId::new("1065")),
                wamid: Wamid::new("wamid.1"),
                recipient: identity(recipient.0, recipient.1),
                callback: None,
                delivery: Sent,
                at: DateTime::UNIX_EPOCH,
            };
            let customer = identity(customer.0, customer.1).unwrap();
            let seen = report.is_to_another_customer(&customer);
            assert_eq!(seen, foreign, "{recipient:?}");
            assert!(!report.is_of_another_number(&PhoneNumberId::new("1065")));
            assert!(report.is_of_another_number(&PhoneNumberId::new("1066")));
        }
    }
}
