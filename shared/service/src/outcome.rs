//! The outcomes of use cases.

use casement_core::decide::freshness::Happening;
use casement_core::decide::reopening;
use casement_core::decide::reply::IgnoreReason;
use casement_core::decide::skip::SkipReason;
use casement_core::model::fate::{CallFailure, Fate, Pace, fate};
use casement_core::model::status::Delivery;
use casement_core::model::timer::Timer;
use chrono::Duration;

use crate::event::Event;
use crate::failure::{Failure, QueueFailure, SettingsFailure, StoreFailure};

/// The outcome of a message that was dealt with and leaves the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The message had its effect.
    Done(Done),
    /// The message needed no effect.
    Ignored(Ignored),
}

/// Whether a message comes back if this attempt fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The message comes back to the queue.
    Another,
    /// The message goes to the dead-letter queue, so whoever waits for it is told.
    Last,
}

/// Defines an enum with a word for logs and metrics for each variant.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident: $($variant:ident $word:literal)* $(, $with:ident($type:ty))*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each is its word")]
        pub enum $name {
            $($variant,)*
            $($with($type),)*
        }

        impl $name {
            fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                    $(Self::$with(what) => what.as_str(),)*
                }
            }
        }
    };
}

words! {
    /// The effect of a message.
    Done:
    AccountNoted "account_noted"
    AgentsAlerted "agents_alerted"
    Announced "announced"
    ArrivedAfterAll "arrived_after_all"
    AskedForPhone "asked_for_phone"
    AskedToKeepOpen "asked_to_keep_open"
    Cancelled "cancelled"
    CommandInPublic "command_in_public"
    DeletedAfterSending "deleted_after_sending"
    EditedAfterSending "edited_after_sending"
    EditedTooLate "edited_too_late"
    Failed "failed"
    Held "held"
    HoldExpired "hold_expired"
    IdentityChanged "identity_changed"
    IdentityKept "identity_kept"
    LostFileTold "lost_file_told"
    NothingToSend "nothing_to_send"
    NoticeSent "notice_sent"
    PhoneNotAsked "phone_not_asked"
    Received "received"
    Released "released"
    Sent "sent"
    TemplateChanged "template_changed"
    TemplateKeptBack "template_kept_back"
    TemplateRefused "template_refused"
    TemplateSent "template_sent"
    UnknownCommand "unknown_command"
    WindowReported "window_reported"
    FieldsShown "fields_shown"
    OptOutConfirmed "opt_out_confirmed"
    OptOutNoted "opt_out_noted"
    Withdrawn "withdrawn"
    , Rang(Timer)
    , Reported(Delivery)
}

words! {
    /// Why a message had no effect.
    Ignored:
    AlreadySent "already_sent"
    Announced "announced"
    AnotherMessage "another_message"
    Answered "answered"
    AskedOften "asked_often"
    Duplicate "duplicate"
    Gone "gone"
    HeldByAnother "held_by_another"
    IdentityConflict "identity_conflict"
    Known "known"
    NoConversation "no_conversation"
    NoRecipient "no_recipient"
    NoRequest "no_request"
    NotConfigured "not_configured"
    NotDue "not_due"
    NotExpired "not_expired"
    NotNow "not_now"
    NotOurs "not_ours"
    NotPublic "not_public"
    NothingHeld "nothing_held"
    OptedOut "opted_out"
    OtherAccount "other_account"
    OtherNumber "other_number"
    Own "own"
    PortalCustomer "portal_customer"
    PutOff "put_off"
    Quiet "quiet"
    QuietHours "quiet_hours"
    Refused "refused"
    RequestDone "request_done"
    Restricted "restricted"
    RuleKeptBack "rule_kept_back"
    Shown "shown"
    ShownLater "shown_later"
    StaleAccountEvent "stale_account_event"
    StaleComment "stale_comment"
    StaleIdentityChange "stale_identity_change"
    StaleMessage "stale_message"
    StaleStatus "stale_status"
    StaleTemplateChange "stale_template_change"
    StillThere "still_there"
    Superseded "superseded"
    UnknownConversation "unknown_conversation"
    UnknownCustomer "unknown_customer"
    UnknownMessage "unknown_message"
    UnknownNumber "unknown_number"
    Unwanted "unwanted"
    WindowClosed "window_closed"
    WindowOpen "window_open"
}

impl Outcome {
    /// Returns the word for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done(done) => done.as_str(),
            Self::Ignored(why) => why.as_str(),
        }
    }
}

/// The outcome of a message that could not be dealt with now and goes back to the queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Later {
    /// The exact delay before the next attempt. `None`: as `pace` says.
    pub after: Option<Duration>,
    /// The backoff between attempts.
    pub pace: Pace,
    /// Whether an operator must act before it can succeed.
    pub needs_operator: bool,
    /// The cause, without personal data.
    pub cause: String,
    /// The event that operators count.
    pub event: Event,
}

impl From<SkipReason> for Ignored {
    fn from(reason: SkipReason) -> Self {
        match reason {
            SkipReason::Superseded => Self::Superseded,
            SkipReason::Answered => Self::Answered,
            SkipReason::AlreadySent => Self::AlreadySent,
            SkipReason::OptedOut => Self::OptedOut,
            SkipReason::WindowClosed => Self::WindowClosed,
            SkipReason::RequestDone => Self::RequestDone,
            SkipReason::AskedOften => Self::AskedOften,
            SkipReason::QuietHours => Self::QuietHours,
            SkipReason::HeldByAnother => Self::HeldByAnother,
            SkipReason::Refused => Self::Refused,
        }
    }
}

impl From<reopening::SkipReason> for Ignored {
    fn from(reason: reopening::SkipReason) -> Self {
        match reason {
            reopening::SkipReason::NothingHeld => Self::NothingHeld,
            reopening::SkipReason::WindowOpen => Self::WindowOpen,
            reopening::SkipReason::OptedOut => Self::OptedOut,
            reopening::SkipReason::Announced => Self::Announced,
            reopening::SkipReason::NoRecipient => Self::NoRecipient,
        }
    }
}

impl From<IgnoreReason> for Ignored {
    fn from(reason: IgnoreReason) -> Self {
        match reason {
            IgnoreReason::NotPublic => Self::NotPublic,
            IgnoreReason::Restricted => Self::Restricted,
            IgnoreReason::PortalCustomer => Self::PortalCustomer,
            IgnoreReason::Own => Self::Own,
        }
    }
}

impl From<Happening> for Ignored {
    fn from(late: Happening) -> Self {
        match late {
            Happening::CustomerMessage => Self::StaleMessage,
            Happening::IdentityChange => Self::StaleIdentityChange,
            Happening::Status => Self::StaleStatus,
            Happening::TemplateChange => Self::StaleTemplateChange,
            Happening::AccountEvent => Self::StaleAccountEvent,
            Happening::Comment => Self::StaleComment,
        }
    }
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
    use casement_core::model::identity::PhoneNumberId;

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
