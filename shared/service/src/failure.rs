//! What can stand in the way of a use case.

use casement_core::model::fate::{CallFailure, Fate, Pace, fate};
use casement_core::model::identity::PhoneNumberId;
use chrono::Duration;

/// Why what keeps our state did not do what it was asked. Carries the error's code and nothing of
/// the request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackendFailure {
    /// It asks us to slow down.
    #[error("it asks to slow down ({0})")]
    Throttled(String),
    /// It gave no answer, or is in trouble itself. What was asked may have been done.
    #[error("it does not answer ({0})")]
    Unreachable(String),
    /// It refuses, and will until an operator acts: a permission, a key, a name.
    #[error("it refuses ({0})")]
    Refused(String),
    /// What it has, or what it was to be given, is not understood.
    #[error("{0}")]
    Unreadable(&'static str),
}

impl BackendFailure {
    /// The error's code, or a word for it.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Throttled(code) | Self::Unreachable(code) | Self::Refused(code) => code,
            Self::Unreadable(what) => what,
        }
    }

    /// Whether waiting alone does not help.
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

/// The table did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the table failed: {0}")]
pub struct StoreFailure(pub BackendFailure);

/// A queue did not confirm.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the queue failed: {0}")]
pub struct QueueFailure(pub BackendFailure);

/// There are no settings to work with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsFailure {
    /// Nobody has stored any.
    #[error("no settings are stored; apply a settings file")]
    Missing,
    /// What is stored is not valid.
    #[error("the stored settings are not valid: {0}")]
    Invalid(String),
    /// They cannot be read.
    #[error(transparent)]
    Store(#[from] StoreFailure),
}

/// Anything that can stand in the way of a use case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// WhatsApp or Jira.
    #[error(transparent)]
    Call(#[from] CallFailure),
    /// The table.
    #[error(transparent)]
    Store(#[from] StoreFailure),
    /// A queue.
    #[error(transparent)]
    Queue(#[from] QueueFailure),
    /// The settings.
    #[error(transparent)]
    Settings(#[from] SettingsFailure),
    /// The settings do not say whose a business number is.
    #[error(
        "the WhatsApp number {} is neither in a [[number]] table of the settings nor in other_numbers",
        .0.as_str()
    )]
    UnknownNumber(PhoneNumberId),
    /// Somebody else is at the same work, or a proof of its effect may still come.
    #[error("not yet: {0}")]
    NotYet(&'static str, Duration),
}

/// Whether asking Jira again for what a message is shown under cannot help. It is not worth an
/// operator's time.
pub(crate) fn is_unreadable(failure: &CallFailure) -> bool {
    matches!(
        failure,
        CallFailure::Jira { status: 403, .. } | CallFailure::Absent(_)
    ) || failure.is_not_found()
        || matches!(fate(failure), Fate::Gone | Fate::GiveUp)
}
