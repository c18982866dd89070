//! How a use case ends.

use casement_core::fate::{CallFailure, Fate, fate};
use chrono::Duration;

use crate::event::Event;

/// The table did not do what it was asked. Carries the error's code and nothing of the item.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the table failed: {0}")]
pub struct StoreFailure(pub String);

/// A queue did not confirm. Carries the error's code and nothing of the message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the queue failed: {0}")]
pub struct QueueFailure(pub String);

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
    /// Somebody else is at the same work, or a proof of its effect may still come.
    #[error("not yet: {0}")]
    NotYet(&'static str, Duration),
}

/// A message was dealt with: it leaves the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It had its effect.
    Done(&'static str),
    /// It needed none. The word says why.
    Ignored(&'static str),
}

impl Outcome {
    /// The word for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done(what) | Self::Ignored(what) => what,
        }
    }
}

/// A message could not be dealt with now: it goes back to the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Later {
    /// How long to wait. `None`: as the queue's backoff says.
    pub after: Option<Duration>,
    /// Whether an operator must act before it can succeed.
    pub needs_operator: bool,
    /// What stood in the way, without personal data.
    pub cause: String,
    /// What operators count it as.
    pub event: Event,
}

impl From<Failure> for Later {
    fn from(failure: Failure) -> Self {
        let fate = match &failure {
            Failure::Call(call) => fate(call),
            Failure::NotYet(_, after) => Fate::Retry(Some(*after)),
            Failure::Settings(SettingsFailure::Missing | SettingsFailure::Invalid(_)) => {
                Fate::Pause
            }
            Failure::Store(_) | Failure::Queue(_) | Failure::Settings(_) => Fate::Retry(None),
        };
        Self {
            after: match fate {
                Fate::Retry(after) => after,
                _ => None,
            },
            needs_operator: !matches!(fate, Fate::Retry(_) | Fate::Resolve),
            cause: failure.to_string(),
            event: Event::of_failure(&failure),
        }
    }
}

/// Lets `?` carry any failure out of a use case.
macro_rules! later_from {
    ($($failure:ty),*) => {$(
        impl From<$failure> for Later {
            fn from(failure: $failure) -> Self {
                Failure::from(failure).into()
            }
        }
    )*};
}

later_from!(CallFailure, StoreFailure, QueueFailure, SettingsFailure);

#[cfg(test)]
mod tests {
    use casement_core::fate::{Side, WhatsappCode};

    use super::*;

    #[test]
    fn operators_are_needed_where_waiting_does_not_help() {
        for (failure, after, needs_operator) in [
            (
                Failure::from(CallFailure::Unreachable(Side::Jira)),
                None,
                false,
            ),
            (CallFailure::Unknown(Side::Jira).into(), None, false),
            (
                CallFailure::Jira {
                    status: 429,
                    retry_after: Some(Duration::seconds(9)),
                }
                .into(),
                Some(9),
                false,
            ),
            (
                CallFailure::Jira {
                    status: 401,
                    retry_after: None,
                }
                .into(),
                None,
                true,
            ),
            (
                CallFailure::Jira {
                    status: 400,
                    retry_after: None,
                }
                .into(),
                None,
                true,
            ),
            (CallFailure::Whatsapp(WhatsappCode(190)).into(), None, true),
            (
                StoreFailure("ThrottlingException".to_owned()).into(),
                None,
                false,
            ),
            (SettingsFailure::Missing.into(), None, true),
            (
                Failure::NotYet("claimed", Duration::seconds(4)),
                Some(4),
                false,
            ),
        ] {
            let later = Later::from(failure.clone());
            assert_eq!(later.after, after.map(Duration::seconds), "{failure}");
            assert_eq!(later.needs_operator, needs_operator, "{failure}");
            assert!(!later.cause.is_empty());
        }
    }
}
