//! How old a report may be and still be acted on.
//!
//! Anyone who has a signed webhook can post it again, years later. The ledger knows what was done
//! until its entry expires. Whatever happened longer ago than that is not acted on. Each kind of
//! report has a time of its own:
//!
//! | kind | its time | not acted on after |
//! |---|---|---|
//! | a customer's message, and the wish in it | when it was sent | [`KEPT_BY_WAMID`] |
//! | a change of a number or a BSUID | when it changed | [`KEPT_BY_WAMID`] |
//! | a delivery report | when the status was reached | [`KEPT_OUTBOUND`] |
//! | a change of a template | when it changed | [`KEPT_TEMPLATE_CHANGE`] |
//! | a report about a business account | when it happened | [`KEPT_ACCOUNT_EVENT`] |
//! | a comment, and the command in it | when it was written | [`KEPT_OUTBOUND`] |
//! | an edit of a comment | when the comment was written | [`KEPT_OUTBOUND`] |
//!
//! A report that waited in Casement's queues was begun in time, so it is acted on however long it
//! took (see [`Claim::was_begun_too_late`]).

use chrono::{DateTime, Duration, Utc};

use crate::model::conversation::Conversation;
use crate::model::ledger::{Claim, KEPT_BY_WAMID, KEPT_OUTBOUND};

/// How long a template change is kept: longer than any worker keeps a list of templates.
pub const KEPT_TEMPLATE_CHANGE: Duration = Duration::days(1);

/// How long a report about a business account is news: longer than Meta repeats a webhook (7 days).
pub const KEPT_ACCOUNT_EVENT: Duration = Duration::days(8);

/// A kind of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happening {
    /// A customer's message, with any wish in it.
    CustomerMessage,
    /// A customer's number or BSUID has changed.
    IdentityChange,
    /// A delivery report.
    Status,
    /// A template has changed.
    TemplateChange,
    /// Something has happened to a business account.
    AccountEvent,
    /// A comment, new or edited, with any command in it.
    Comment,
}

impl Happening {
    /// Returns how long the ledger remembers a report of this kind.
    #[must_use]
    pub fn kept(self) -> Duration {
        match self {
            Self::CustomerMessage | Self::IdentityChange => KEPT_BY_WAMID,
            Self::Status | Self::Comment => KEPT_OUTBOUND,
            Self::TemplateChange => KEPT_TEMPLATE_CHANGE,
            Self::AccountEvent => KEPT_ACCOUNT_EVENT,
        }
    }

    /// Returns whether a report from `at` is too old to act on at `now`.
    #[must_use]
    pub fn is_stale(self, at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        now - at >= self.kept()
    }

    /// Returns the word for logs and metrics.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::CustomerMessage => "stale_message",
            Self::IdentityChange => "stale_identity_change",
            Self::Status => "stale_status",
            Self::TemplateChange => "stale_template_change",
            Self::AccountEvent => "stale_account_event",
            Self::Comment => "stale_comment",
        }
    }
}

impl Claim {
    /// Returns whether a report of kind `what` from `at` was already too old when work on it began.
    #[must_use]
    pub fn was_begun_too_late(&self, what: Happening, at: DateTime<Utc>) -> bool {
        what.is_stale(at, self.begun_at)
    }
}

/// Returns whether a message that is too old belongs to a backlog, and is accepted all the same.
///
/// The conversation must be so young that the ledger knows all of it, so that nothing is repeated.
/// It must have nothing newer in it.
#[must_use]
pub fn is_backlog(conversation: &Conversation, now: DateTime<Utc>) -> bool {
    let is_stale = |at: DateTime<Utc>| Happening::CustomerMessage.is_stale(at, now);
    let is_new = conversation.version == 0;
    let all_known = conversation.begun_at.is_some_and(|begun| !is_stale(begun));
    is_new || (all_known && conversation.last_inbound_at.is_none_or(is_stale))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::identity::{ConversationKey, CustomerIdentity, PhoneNumber, PhoneNumberId};
    use crate::model::ledger::LedgerEntry;

    fn at(days: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap() + Duration::days(days)
    }

    #[test]
    fn each_kind_is_carried_out_for_as_long_as_the_ledger_knows_it() {
        let second = Duration::seconds(1);
        for (what, days) in [
            (Happening::CustomerMessage, 30),
            (Happening::IdentityChange, 30),
            (Happening::Status, 90),
            (Happening::TemplateChange, 1),
            (Happening::AccountEvent, 8),
            (Happening::Comment, 90),
        ] {
            assert!(!what.is_stale(at(0), at(days) - second), "{what:?}");
            assert!(what.is_stale(at(0), at(days)), "{what:?}");
            assert!(!what.is_stale(at(1), at(0)), "{what:?}");
            let begun = LedgerEntry::claimed((), at(days - 1));
            let late = begun.clone().released(at(days)).reclaimed(at(days * 3));
            assert!(!late.claim.was_begun_too_late(what, at(0)), "{what:?}");
            let begun = LedgerEntry::claimed((), at(days));
            assert!(begun.claim.was_begun_too_late(what, at(0)), "{what:?}");
        }
    }

    #[test]
    fn a_backlog_is_all_that_there_is() {
        let key = ConversationKey::new(&PhoneNumberId::new("1065"), "49151");
        let identity = CustomerIdentity::new(None, Some(PhoneNumber::new("49151"))).unwrap();
        let new = Conversation::new(key, identity);
        assert!(is_backlog(&new, at(0)));
        for (begun, latest, expected) in [
            (Some(-1), Some(-60), true),
            (Some(-1), None, true),
            (Some(-1), Some(-1), false),
            (Some(-1), Some(0), false),
            (Some(-40), Some(-60), false),
            (Some(-40), Some(-40), false),
            (None, Some(-60), false),
        ] {
            let known = Conversation {
                version: 3,
                begun_at: begun.map(at),
                last_inbound_at: latest.map(at),
                ..new.clone()
            };
            assert_eq!(is_backlog(&known, at(0)), expected, "{begun:?} {latest:?}");
        }
    }
}
