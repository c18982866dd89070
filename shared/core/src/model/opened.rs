//! The last request that Casement opened for a conversation, and when it may count as deleted.
//!
//! A new request replaces a deleted one. If Casement took Jira's "not found" at its word, anything
//! that hides new requests (a security level, a rule that moves them, a lagging replica) would make
//! it open one after another.

use chrono::serde::ts_seconds;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::model::fate::Absence;
use crate::model::identity::{IssueId, IssueRef, Wamid};

/// How long a request counts as new while nothing of ours is in it: nobody deletes it so soon, and
/// Jira may not show it everywhere yet.
pub const NEW_FOR: Duration = Duration::minutes(15);

/// How long after its opening a later message may replace a request on trial.
const TRIAL: Duration = Duration::days(1);

/// A request that Casement opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenedRequest {
    pub issue_id: IssueId,
    /// The time at which it was opened, or found after a lost answer.
    #[serde(with = "ts_seconds")]
    pub at: DateTime<Utc>,
    /// The customer's message that it was opened for ([`Wamid::fingerprint`]).
    pub by: String,
    /// Whether it replaces a deleted or full request and no message has got into it yet.
    #[serde(default)]
    pub on_trial: bool,
    /// The request that it follows, until Jira has linked the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<IssueRef>,
}

impl OpenedRequest {
    /// Decides what `absence` of the request `issue` means for a customer's message. Only
    /// [`Absence::Deleted`] may lead to another request: once for each message, and not again
    /// before a message got through.
    ///
    /// A customer's messages are handled one after the other. So if a message other than the one it
    /// was opened for finds the request deleted, the original message is either in it or was parked
    /// hours later.
    #[must_use]
    pub fn judged(
        &self,
        issue: &IssueId,
        absence: Absence,
        message: &Wamid,
        now: DateTime<Utc>,
    ) -> Absence {
        if self.issue_id != *issue {
            return absence;
        }
        let is_its_own = self.by == message.fingerprint();
        let is_empty = self.is_empty(issue, message);
        let may_replace = !self.on_trial || (!is_its_own && now >= self.at + TRIAL);
        match absence {
            Absence::Deleted | Absence::Hidden if is_empty && now < self.at + NEW_FOR => {
                Absence::Unclear
            }
            Absence::Deleted if !may_replace => Absence::Hidden,
            other => other,
        }
    }
}

impl OpenedRequest {
    /// Returns whether the request `issue` is this one and, as far as is known, empty when
    /// `message` is to be written: then it cannot be full.
    #[must_use]
    pub fn is_empty(&self, issue: &IssueId, message: &Wamid) -> bool {
        self.issue_id == *issue && (self.on_trial || self.by == message.fingerprint())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000, 0).unwrap() + Duration::minutes(minutes)
    }

    #[test]
    fn a_request_is_replaced_when_it_is_old_enough_and_each_message_replaces_one() {
        use Absence::{Deleted, Hidden, NoRequest, Unclear};
        const DAY: i64 = 24 * 60;
        let (own, other) = (Wamid::new("wamid.own"), Wamid::new("wamid.other"));
        for (on_trial, absence, message, now, expected) in [
            (false, Deleted, &own, 0, Unclear),
            (false, Deleted, &own, 14, Unclear),
            (false, Hidden, &own, 14, Unclear),
            (false, Unclear, &own, 14, Unclear),
            (false, NoRequest, &own, 14, NoRequest),
            (false, Deleted, &own, 15, Deleted),
            (false, Hidden, &own, 15, Hidden),
            // The message it was opened for is in it.
            (false, Deleted, &other, 1, Deleted),
            (false, Hidden, &other, 1, Hidden),
            (true, Deleted, &own, 14, Unclear),
            (true, Deleted, &other, 14, Unclear),
            (true, Deleted, &own, 15, Hidden),
            (true, Deleted, &other, 15, Hidden),
            (true, Deleted, &own, 3 * DAY, Hidden),
            (true, Deleted, &other, DAY - 1, Hidden),
            (true, Deleted, &other, DAY, Deleted),
            (true, Hidden, &other, DAY, Hidden),
            // The clock went back.
            (false, Deleted, &own, -600, Unclear),
        ] {
            let opened = OpenedRequest {
                issue_id: IssueId::new("1"),
                at: at(0),
                by: own.fingerprint(),
                on_trial,
                follows: None,
            };
            let case = (on_trial, absence, message == &own, now);
            let judged =
                |issue: &str| opened.judged(&IssueId::new(issue), absence, message, at(now));
            assert_eq!(judged("1"), expected, "{case:?}");
            let is_empty = on_trial || message == &own;
            assert_eq!(opened.is_empty(&IssueId::new("1"), message), is_empty);
            assert!(!opened.is_empty(&IssueId::new("2"), message));
            assert_eq!(judged("2"), absence, "{case:?}");
        }
    }
}
