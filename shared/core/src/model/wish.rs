//! What customers want of automatic messages.

use serde::{Deserialize, Serialize};

/// What a customer wants of automatic messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// None of them.
    Stop,
    /// None of them, or something else to end: a contract, a subscription.
    AmbiguousStop,
    /// To get them again.
    Start,
    /// To get them again, or something else to begin.
    AmbiguousStart,
}

impl Wish {
    /// Whether automatic messages end.
    #[must_use]
    pub fn is_stop(self) -> bool {
        matches!(self, Self::Stop | Self::AmbiguousStop)
    }

    /// Whether an agent should read what the customer means.
    #[must_use]
    pub fn is_ambiguous(self) -> bool {
        matches!(self, Self::AmbiguousStop | Self::AmbiguousStart)
    }
}
