//! The effects of WhatsApp's delivery reports.
//!
//! Reports come out of order and twice, and `read` may come without `delivered`. So they are
//! ranked, and a lower one never undoes a higher one.

use chrono::serde::ts_seconds;
use chrono::serde::ts_seconds_option;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::model::fate::WhatsappCode;
use crate::model::identity::{
    BusinessAccountId, CustomerIdentity, PhoneNumber, PhoneNumberId, Wamid,
};
use crate::model::price::Price;

/// A delivery report about one of our messages, as the status queue carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusReport {
    /// The business number that the message was sent from, if the report says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number_id: Option<PhoneNumberId>,
    pub wamid: Wamid,
    /// The recipient of the message, if the report names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipient: Option<CustomerIdentity>,
    /// The ledger key that we sent along (`biz_opaque_callback_data`), if it came back.
    pub callback: Option<String>,
    pub delivery: Delivery,
    /// What the message costs, if the report says so. Meta says it in one or two of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Price>,
    /// The time by WhatsApp's clock.
    #[serde(with = "ts_seconds")]
    pub at: DateTime<Utc>,
}

/// The number of final digits that are the same however WhatsApp spells a number: in some countries
/// WhatsApp adds or drops a digit in front of them.
const SAME_DIGITS: usize = 7;

impl StatusReport {
    /// Returns whether the report itself names a business number other than `number`.
    #[must_use]
    pub fn is_of_another_number(&self, number: &PhoneNumberId) -> bool {
        let own = self.phone_number_id.as_ref();
        own.is_some_and(|own| own != number)
    }

    /// Returns whether the report itself names a recipient other than `customer`.
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

/// The delivery state of a message of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// WhatsApp accepted it.
    Sent,
    /// It will not arrive. `None` if Meta gave no code.
    Failed(Option<WhatsappCode>),
    /// It is on the customer's phone.
    Delivered,
    /// The customer has read it.
    Read,
}

impl Delivery {
    /// Returns the word for the ledger and for logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed(_) => "failed",
            Self::Delivered => "delivered",
            Self::Read => "read",
        }
    }

    /// Ranks the state. `failed` ranks above `sent`, but a later `delivered` or `read` proves the
    /// contrary.
    fn rank(self) -> u8 {
        match self {
            Self::Sent => 1,
            Self::Failed(_) => 2,
            Self::Delivered => 3,
            Self::Read => 4,
        }
    }
}

/// The effect of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusDecision {
    /// Nothing new.
    Ignore,
    /// Record it in the ledger.
    Record,
    /// Record it and hold the message: Meta says that the window is closed.
    Hold,
    /// Record it and tell the agent why the message failed.
    TellAgent(Option<WhatsappCode>),
    /// Record it and tell the agent that the message arrived after all, although WhatsApp reported
    /// a failure.
    TellArrived,
}

/// Decides the effect of `report`, given the last known state.
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

/// The reason why a template message that WhatsApp has accepted is not on its way yet (Cloud API,
/// "Template messages": `message_status`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TemplateHold {
    /// Meta first checks the quality of the template, and then sends the message or drops it.
    QualityCheck,
    /// Meta has paused the template.
    Paused,
}

/// Meta's report that a template has another status, or another text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateChange {
    /// The WhatsApp Business Account that owns it.
    pub business_account_id: BusinessAccountId,
    pub name: String,
    /// The language, as the webhook writes it.
    pub language: String,
    /// The event, such as `PAUSED`. `None` if the text or the category changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// The time by WhatsApp's clock, if the webhook gives it.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub changed_at: Option<DateTime<Utc>>,
    /// The category that the template has or gets, if it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryChange>,
}

/// A change of a template's category, which decides what the template costs and who gets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryChange {
    /// The category after the change.
    pub to: TemplateCategory,
    /// The time of a change that Meta only announces, by WhatsApp's clock. `None`: it has happened.
    #[serde(
        default,
        with = "ts_seconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub announced_for: Option<DateTime<Utc>>,
}

/// The category of a template (Cloud API, "Template categorization").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TemplateCategory {
    /// About something that the customer has asked for.
    Utility,
    /// Advertising. Not delivered to everybody.
    Marketing,
    /// A code that proves who somebody is.
    Authentication,
    /// A category that Casement does not know.
    #[serde(other)]
    Other,
}

impl TemplateCategory {
    /// Reads Meta's word.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word.to_ascii_uppercase().as_str() {
            "UTILITY" => Self::Utility,
            "MARKETING" => Self::Marketing,
            "AUTHENTICATION" => Self::Authentication,
            _ => Self::Other,
        }
    }
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
                price: None,
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
