//! Comments that never arrived by webhook.
//!
//! Jira gives up on a webhook after five retries (Jira Cloud platform, "Webhooks"). So Casement
//! searches the latest updates again and again. A comment that the ledger does not know is handled
//! as if its webhook had arrived.

use chrono::serde::ts_milliseconds;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::decide::command::Command;
use crate::model::comment::{AccountType, ListedComment};
use crate::model::identity::{AccountId, IssueId};
use crate::model::ledger::SentEntry;
use crate::model::queue::{CommentEvent, OutboundQueueMessage, id_of_created, id_of_edited};

/// How often Jira is searched.
pub const EVERY: Duration = Duration::minutes(5);

/// How far a search reaches back behind the previous one: Jira's search lags behind its writes.
pub const OVERLAP: Duration = Duration::minutes(5);

/// How long an issue that Jira does not show holds back the cursor for all issues.
pub const WAITED_FOR: Duration = Duration::days(1);

/// The point up to which Jira was searched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// Everything updated before this is known.
    #[serde(with = "ts_milliseconds")]
    pub since: DateTime<Utc>,
    /// The time of the last search.
    #[serde(with = "ts_milliseconds")]
    pub looked_at: DateTime<Utc>,
    /// Incremented with every write; 0 if never written.
    #[serde(default)]
    pub version: u64,
}

impl Cursor {
    /// Starts at `now`: earlier comments predate Casement.
    #[must_use]
    pub fn beginning(now: DateTime<Utc>) -> Self {
        Self {
            since: now - OVERLAP,
            looked_at: now,
            version: 0,
        }
    }

    /// Returns whether the next search is due.
    #[must_use]
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        now - self.looked_at >= EVERY
    }

    /// Returns the cursor after a complete search that began at `started`.
    #[must_use]
    pub fn completed(self, started: DateTime<Utc>) -> Self {
        Self {
            since: self.since.max(started - OVERLAP),
            looked_at: started,
            ..self
        }
    }

    /// Returns the cursor after a search that was complete except for an issue that Jira does not
    /// show for now. The next search begins where this one did, but at most [`WAITED_FOR`] back.
    #[must_use]
    pub fn held_back(self, started: DateTime<Utc>) -> Self {
        Self {
            since: self.since.max(started - WAITED_FOR),
            looked_at: started,
            ..self
        }
    }

    /// Returns the cursor after a search that found too much, and stopped at `reached`. Jira's
    /// search knows whole minutes only, so each search advances by at least one. A minute with more
    /// changes than one search takes must not hold up everything after it.
    #[must_use]
    pub fn interrupted(self, started: DateTime<Utc>, reached: DateTime<Utc>) -> Self {
        Self {
            since: reached.max(self.since + Duration::minutes(1)).min(started),
            looked_at: started,
            ..self
        }
    }
}

impl ListedComment {
    /// Returns whether the comment may be for the customer and was written or edited since `since`.
    #[must_use]
    pub fn is_candidate(&self, own_account: &AccountId, since: DateTime<Utc>) -> bool {
        let ours = self.author == *own_account || self.written_by_us;
        !ours && !self.inside && self.updated >= since
    }

    /// Returns the command that the comment may be, if it was written or edited since `since` by
    /// somebody who may give one.
    #[must_use]
    pub fn command(&self, own_account: &AccountId, since: DateTime<Utc>) -> Option<Command> {
        let ours = self.author == *own_account || self.written_by_us;
        let may_command = !ours && self.account_type != AccountType::Customer;
        Command::listed(self).filter(|_| may_command && self.updated >= since)
    }

    /// Returns the outbound queue message for a candidate ([`Self::found`]). Returns `None` if the
    /// ledger's `entry` knows the comment, which includes one that is in progress or was taken
    /// back.
    #[must_use]
    pub fn missed(
        &self,
        issue_id: &IssueId,
        entry: Option<&SentEntry>,
    ) -> Option<(OutboundQueueMessage, String)> {
        let is_known = entry.is_some_and(|entry| {
            let read = entry.about.read.as_ref();
            let is_outdated = read.is_some_and(|read| self.updated > read.updated);
            !(entry.reached_the_customer() && is_outdated)
        });
        (!is_known).then(|| self.found(issue_id))
    }

    /// Returns the outbound queue message for the comment, with its deduplication id. The id is
    /// that of the webhook, so that both count as one for five minutes.
    #[must_use]
    pub fn found(&self, issue_id: &IssueId) -> (OutboundQueueMessage, String) {
        let (issue_id, comment_id) = (issue_id.clone(), self.id.clone());
        let author = Some(self.author.clone());
        if self.updated > self.created {
            let id = id_of_edited(&comment_id, self.updated.timestamp_millis());
            let message = OutboundQueueMessage::CommentEdited(CommentEvent {
                issue_id,
                comment_id,
                author,
                door: None,
            });
            (message, id)
        } else {
            let id = id_of_created(&comment_id);
            let message = OutboundQueueMessage::CommentCreated(CommentEvent {
                issue_id,
                comment_id,
                author,
                door: None,
            });
            (message, id)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::digest::Digest;
    use crate::model::identity::CommentId;
    use crate::model::ledger::tests::unsent;
    use crate::model::ledger::{CommentVersion, LedgerEntry, SentMessage};

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    fn comment() -> ListedComment {
        ListedComment {
            id: CommentId::new("10100"),
            author: AccountId::new("agent"),
            account_type: crate::model::comment::AccountType::Person,
            inside: false,
            written_by_us: false,
            about: None,
            created: at(0),
            updated: at(0),
            body: serde_json::Value::Null.into(),
        }
    }

    #[test]
    fn a_cursor_moves_on_and_never_back() {
        let cursor = Cursor::beginning(at(0));
        assert_eq!(cursor.since, at(-300));
        for (now, due) in [(0, false), (299, false), (300, true), (90_000, true)] {
            assert_eq!(cursor.is_due(at(now)), due, "{now}");
        }
        assert_eq!(cursor.clone().completed(at(600)).since, at(300));
        // A clock that went back.
        assert_eq!(cursor.clone().completed(at(-600)).since, at(-300));
        assert_eq!(cursor.clone().held_back(at(600)).since, at(-300));
        assert_eq!(cursor.clone().held_back(at(90_000)).since, at(3_600));
        for (reached, since) in [(100, 100), (-290, -240), (-300, -240), (9_000, 600)] {
            let after = cursor.clone().interrupted(at(600), at(reached));
            assert_eq!(after.since, at(since), "{reached}");
            assert_eq!(after.looked_at, at(600));
        }
    }

    #[test]
    fn what_is_inside_ours_or_old_is_no_candidate() {
        let own = AccountId::new("bridge");
        for (change, expected) in [
            ((|_| ()) as fn(&mut ListedComment), true),
            (|c| c.inside = true, false),
            (|c| c.written_by_us = true, false),
            (|c| c.author = AccountId::new("bridge"), false),
            (|c| c.updated = at(-1), false),
            (|c| c.created = at(-90_000), true),
        ] {
            let mut comment = comment();
            change(&mut comment);
            assert_eq!(comment.is_candidate(&own, at(0)), expected, "{comment:?}");
        }
    }

    #[test]
    fn only_what_the_ledger_does_not_know_was_missed() {
        let read_at = |seconds| {
            let read = Some(CommentVersion {
                updated: at(seconds),
                digest: Digest::of("10100", []),
            });
            LedgerEntry::claimed(SentMessage { read, ..unsent() }, at(0))
        };
        let sent = read_at(0).settled();
        for (updated, entry, expected) in [
            (0, None, Some("comment:10100")),
            (60, None, Some("comment-edited:10100:1790000060000")),
            (0, Some(sent.clone()), None),
            (
                60,
                Some(sent.clone()),
                Some("comment-edited:10100:1790000060000"),
            ),
            (60, Some(read_at(60).settled()), None),
            (60, Some(sent.cancelled()), None),
            (60, Some(read_at(0)), None),
            (
                60,
                Some(LedgerEntry::claimed(unsent(), at(0)).settled()),
                None,
            ),
        ] {
            let mut comment = comment();
            comment.updated = at(updated);
            let missed = comment.missed(&IssueId::new("1"), entry.as_ref());
            let id = missed.map(|(_, id)| id);
            assert_eq!(id.as_deref(), expected, "{updated} {entry:?}");
        }
    }
}
