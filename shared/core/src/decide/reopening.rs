//! Whether a held reply is announced to the customer by the reopening template.
//!
//! The template costs money and the customer's patience, so it is sent once per closed period,
//! whatever becomes of it.

use chrono::{DateTime, Utc};

use crate::model::conversation::Conversation;
use crate::model::identity::{CustomerIdentity, Recipient};
use crate::say::template::TemplateCall;
use crate::settings::NumberSettings;

/// The decision about announcing a held reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReopeningDecision {
    /// Send nothing.
    Skip(SkipReason),
    /// Send the template.
    Send {
        recipient: Recipient,
        /// The closed period that it is sent in ([`Conversation::closed_period`]).
        period: DateTime<Utc>,
    },
}

/// The reason why nothing is announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// No reply is held.
    NothingHeld,
    /// The window is open, so the held replies are on their way.
    WindowOpen,
    /// The customer asked for no automatic messages.
    OptedOut,
    /// The customer was already told in this closed period.
    Announced,
    /// Meta accepts none of the customer's identifiers.
    NoRecipient,
}

impl SkipReason {
    /// Returns the word for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NothingHeld => "nothing_held",
            Self::WindowOpen => "window_open",
            Self::OptedOut => "opted_out",
            Self::Announced => "announced",
            Self::NoRecipient => "no_recipient",
        }
    }
}

/// Decides whether to announce the held replies of `conversation`.
#[must_use]
pub fn decide_reopening(conversation: &Conversation, now: DateTime<Utc>) -> ReopeningDecision {
    let period = conversation.closed_period();
    let reason = if conversation.held_count == 0 {
        SkipReason::NothingHeld
    } else if conversation.window_is_open(now) {
        SkipReason::WindowOpen
    } else if conversation.opted_out {
        SkipReason::OptedOut
    } else if conversation.announced_in == Some(period) {
        SkipReason::Announced
    } else if let Some(recipient) = conversation.identity.recipient() {
        return ReopeningDecision::Send { recipient, period };
    } else {
        SkipReason::NoRecipient
    };
    ReopeningDecision::Skip(reason)
}

/// Returns the reopening template in the customer's language, if the settings name one.
#[must_use]
pub fn reopening_call(
    settings: &NumberSettings,
    customer: &CustomerIdentity,
) -> Option<TemplateCall> {
    let template = settings.reopening_template.as_ref()?;
    let language = template.code(settings.languages.of(customer));
    Some(TemplateCall {
        name: template.name.clone(),
        language: Some(language.to_owned()),
        arguments: Vec::new(),
    })
}

/// Returns the conversation after the held replies of `period` were announced.
#[must_use]
pub fn announced(mut conversation: Conversation, period: DateTime<Utc>) -> Conversation {
    conversation.announced_in = conversation.announced_in.max(Some(period));
    conversation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::identity::{ConversationKey, PhoneNumber, PhoneNumberId};

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    fn holding() -> Conversation {
        let phone = PhoneNumber::new("4915112345678");
        let mut conversation = Conversation::new(
            ConversationKey::new(&PhoneNumberId::new("1065"), phone.as_str()),
            CustomerIdentity::new(None, Some(phone)).unwrap(),
        );
        conversation.window_expires_at = Some(at(0));
        conversation.held_count = 1;
        conversation
    }

    #[test]
    fn held_replies_are_announced_once_in_a_closed_period() {
        let skip = |reason| Err(reason);
        for (change, expected) in [
            ((|_| ()) as fn(&mut Conversation), Ok(at(0))),
            (|c| c.held_count = 0, skip(SkipReason::NothingHeld)),
            (
                |c| c.window_expires_at = Some(at(90_000)),
                skip(SkipReason::WindowOpen),
            ),
            (|c| c.opted_out = true, skip(SkipReason::OptedOut)),
            (
                |c| c.announced_in = Some(at(0)),
                skip(SkipReason::Announced),
            ),
            (|c| c.announced_in = Some(at(-90_000)), Ok(at(0))),
            (|c| c.window_expires_at = None, Ok(DateTime::UNIX_EPOCH)),
        ] {
            let mut conversation = holding();
            change(&mut conversation);
            let decided = match decide_reopening(&conversation, at(3600)) {
                ReopeningDecision::Send { period, .. } => Ok(period),
                ReopeningDecision::Skip(reason) => Err(reason),
            };
            assert_eq!(decided, expected);
        }
    }

    #[test]
    fn an_announcement_is_remembered() {
        let after = announced(holding(), at(0));
        assert_eq!(
            decide_reopening(&after, at(3600)),
            ReopeningDecision::Skip(SkipReason::Announced)
        );
        assert_eq!(announced(after, at(-5)).announced_in, Some(at(0)));
    }
}
