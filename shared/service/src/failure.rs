//! The failures of use cases.

use casement_core::model::fate::{CallFailure, Fate, Pace, fate};
use casement_core::model::identity::PhoneNumberId;
use chrono::Duration;

/// A failure of the table or a queue. Carries the error's code and nothing of the request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackendFailure {
    /// The backend asks us to slow down.
    #[error("it asks to slow down ({0})")]
    Throttled(String),
    /// The backend gave no answer or an internal error. The call may have had its effect.
    #[error("it does not answer ({0})")]
    Unreachable(String),
    /// The backend refuses until an operator acts: a permission, a key, a name.
    #[error("it refuses ({0})")]
    Refused(String),
    /// The stored data, or the data to be stored, cannot be read or written.
    #[error("{0}")]
    Unreadable(&'static str),
}

impl BackendFailure {
    /// Returns the error's code, or a word for it.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Throttled(code) | Self::Unreachable(code) | Self::Refused(code) => code,
            Self::Unreadable(what) => what,
        }
    }

    /// Decides whether an operator must act, since waiting alone does not help.
    #[must_use]
    pub fn needs_operator(&self) -> bool {
        matches!(self, Self::Refused(_) | Self::Unreadable(_))
    }

    pub(crate) fn fate(&self) -> Fate {
        if self.needs_operator() {
            Fate::Pause
        } else {
            Fate::Retry(Pace::Usual)
        }
    }
}

/// A failure of the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the table failed: {0}")]
pub struct StoreFailure(pub BackendFailure);

/// A queue's failure to confirm.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the queue failed: {0}")]
pub struct QueueFailure(pub BackendFailure);

/// A lack of usable settings.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsFailure {
    /// No settings are stored.
    #[error("no settings are stored; apply a settings file")]
    Missing,
    /// The stored settings are not valid.
    #[error("the stored settings are not valid: {0}")]
    Invalid(String),
    /// The settings cannot be read.
    #[error(transparent)]
    Store(#[from] StoreFailure),
}

/// Any failure of a use case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// A call to WhatsApp or Jira failed.
    #[error(transparent)]
    Call(#[from] CallFailure),
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreFailure),
    /// A queue failed.
    #[error(transparent)]
    Queue(#[from] QueueFailure),
    /// There are no usable settings.
    #[error(transparent)]
    Settings(#[from] SettingsFailure),
    /// The settings do not know this business number.
    #[error(
        "the WhatsApp number {} is neither in a [[number]] table of the settings nor in other_numbers",
        .0.as_str()
    )]
    UnknownNumber(PhoneNumberId),
    /// Another worker is at the same work, or proof of its effect may still come.
    #[error("not yet: {0}")]
    NotYet(&'static str, Duration),
}

/// Decides whether asking Jira again for the context of a message is useless. Such a failure is not
/// worth an operator's time.
pub(crate) fn is_unreadable(failure: &CallFailure) -> bool {
    matches!(
        failure,
        CallFailure::Jira { status: 403, .. } | CallFailure::Absent(_)
    ) || failure.is_not_found()
        || matches!(fate(failure), Fate::Gone | Fate::GiveUp)
}
