//! How a use case ends.

use casement_core::model::fate::{CallFailure, Fate, Pace, fate};
use casement_core::model::identity::PhoneNumberId;
use casement_core::settings::Served;
use chrono::Duration;

use crate::event::Event;
use crate::failure::{Failure, QueueFailure, SettingsFailure, StoreFailure};

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

impl Outcome {
    /// What becomes of an automatic message from a number that is not served here. It is not
    /// kept: when the number is served again its time has passed, and an agent's reply must not
    /// wait behind it.
    pub(crate) fn not_served(served: Served<'_>, number: &PhoneNumberId) -> Self {
        if served == Served::Elsewhere {
            return Self::Ignored("other_number");
        }
        Event::UnknownNumber(number.clone()).count();
        Self::Ignored("unknown_number")
    }
}

/// A message could not be dealt with now: it goes back to the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Later {
    /// Wait for just so long. `None`: as `pace` says.
    pub after: Option<Duration>,
    /// How it stays away from one attempt to the next.
    pub pace: Pace,
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
            Failure::Settings(SettingsFailure::Missing | SettingsFailure::Invalid(_))
            | Failure::UnknownNumber(_) => Fate::Pause,
            Failure::Store(StoreFailure(failure))
            | Failure::Settings(SettingsFailure::Store(StoreFailure(failure)))
            | Failure::Queue(QueueFailure(failure)) => failure.fate(),
            Failure::NotYet(..) => Fate::Retry(Pace::Usual),
        };
        Self {
            after: match failure {
                Failure::NotYet(_, after) => Some(after),
                _ => None,
            },
            pace: match fate {
                Fate::Retry(pace) => pace,
                Fate::Pause => Pace::Paused,
                Fate::Resolve | Fate::Hold | Fate::GiveUp | Fate::Gone => Pace::Usual,
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
    use casement_core::model::fate::{Side, WhatsappCode};

    use super::*;
    use crate::failure::BackendFailure;

    #[test]
    fn operators_are_needed_where_waiting_does_not_help() {
        let refused = |status, retry_after| CallFailure::Jira {
            status,
            retry_after,
        };
        let denied = || BackendFailure::Refused("AccessDeniedException".to_owned());
        let seconds = Duration::seconds(9);
        for (failure, pace, needs_operator) in [
            (
                Failure::from(CallFailure::Unreachable(Side::Jira)),
                Pace::Usual,
                false,
            ),
            (CallFailure::Unknown(Side::Jira).into(), Pace::Usual, false),
            (
                refused(429, Some(seconds)).into(),
                Pace::NotBefore(seconds),
                false,
            ),
            (refused(401, None).into(), Pace::Paused, true),
            (refused(400, None).into(), Pace::Usual, true),
            (
                CallFailure::whatsapp(WhatsappCode(190)).into(),
                Pace::Paused,
                true,
            ),
            (
                CallFailure::whatsapp(WhatsappCode(131_056)).into(),
                Pace::Steep,
                false,
            ),
            (
                StoreFailure(BackendFailure::Throttled("ThrottlingException".to_owned())).into(),
                Pace::Usual,
                false,
            ),
            (
                QueueFailure(BackendFailure::Unreachable("timeout".to_owned())).into(),
                Pace::Usual,
                false,
            ),
            (StoreFailure(denied()).into(), Pace::Paused, true),
            (QueueFailure(denied()).into(), Pace::Paused, true),
            (
                SettingsFailure::Store(StoreFailure(denied())).into(),
                Pace::Paused,
                true,
            ),
            (
                StoreFailure(BackendFailure::Unreadable(
                    "the stored item is not understood",
                ))
                .into(),
                Pace::Paused,
                true,
            ),
            (
                CallFailure::NoCredentials(Side::Jira).into(),
                Pace::Paused,
                true,
            ),
            (
                CallFailure::CredentialsLate(Side::Whatsapp).into(),
                Pace::Usual,
                false,
            ),
            (SettingsFailure::Missing.into(), Pace::Paused, true),
            (
                Failure::UnknownNumber(PhoneNumberId::new("1066")),
                Pace::Paused,
                true,
            ),
            (Failure::NotYet("claimed", seconds), Pace::Usual, false),
        ] {
            let later = Later::from(failure.clone());
            let exactly = matches!(failure, Failure::NotYet(..)).then_some(seconds);
            assert_eq!(later.after, exactly, "{failure}");
            assert_eq!(later.pace, pace, "{failure}");
            assert_eq!(later.needs_operator, needs_operator, "{failure}");
            assert!(!later.cause.is_empty());
        }
    }
}
