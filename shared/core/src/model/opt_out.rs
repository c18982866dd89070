//! The wishes of customers about automatic messages.

use serde::{Deserialize, Serialize};

/// A customer's wish about automatic messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptOut {
    /// The opt-out.
    Stop,
    /// The opt-out, or the end of something else: a contract, a subscription.
    AmbiguousStop,
    /// The end of the opt-out.
    Start,
    /// The end of the opt-out, or the beginning of something else.
    AmbiguousStart,
}

impl OptOut {
    /// Returns whether automatic messages end.
    #[must_use]
    pub fn is_stop(self) -> bool {
        matches!(self, Self::Stop | Self::AmbiguousStop)
    }

    /// Returns whether an agent should find out what the customer means.
    #[must_use]
    pub fn is_ambiguous(self) -> bool {
        matches!(self, Self::AmbiguousStop | Self::AmbiguousStart)
    }
}
