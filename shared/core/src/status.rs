//! What a delivery report of WhatsApp changes.
//!
//! Reports come out of order, twice, and `read` may come without `delivered`. So they are
//! ranked, and a lower one never undoes a higher one.

use chrono::serde::ts_seconds;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::fate::WhatsappCode;
use crate::identity::{PhoneNumberId, Wamid};

/// A report about one of our messages, as the status queue carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusReport {
    /// The business number that the message was sent from, if the report says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number_id: Option<PhoneNumberId>,
    /// Which message.
    pub wamid: Wamid,
    /// The ledger key that we sent along (`biz_opaque_callback_data`), if it came back.
    pub callback: Option<String>,
    /// What happened.
    pub delivery: Delivery,
    /// When, by WhatsApp's clock.
    #[serde(with = "ts_seconds")]
    pub at: DateTime<Utc>,
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
}
