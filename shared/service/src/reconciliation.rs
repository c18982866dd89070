//! The safety net for Jira's webhooks: every few minutes, searches Jira for replies and commands that
//! no webhook reported, and puts each on the outbound queue as if one had.

use casement_core::decide::command::Command;
use casement_core::decide::reconciliation::Cursor;
use casement_core::model::fate::{CallFailure, Fate, fate};
use casement_core::model::identity::AccountId;
use casement_core::model::ledger::OutboundKey;
use chrono::{DateTime, Utc};
use futures_util::future::try_join_all;

use crate::answers;
use crate::app::{App, Ports};
use crate::failure::Failure;
use crate::outcome::Later;
use crate::ports::*;

/// The most pages of updated issues that one run reads. The next run reads the remaining ones.
const PAGES: usize = 10;

/// The number of issues read at the same time, far below Jira's limit for a site.
const AT_ONCE: usize = 8;

/// The use case of `timer-sweep` that finds lost comments.
pub struct Reconciliation<P: Ports> {
    /// The ports.
    pub app: App<P>,
    /// The queue to the only sender.
    pub outbound: P::Outbound,
}

/// The result of a search through Jira.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reconciled {
    /// Comments that were put on the outbound queue.
    pub found: usize,
    /// Whether there was more than one run reads; the next run goes on from there.
    pub unfinished: bool,
    /// Whether Jira does not show an issue that its search has found; the next run looks again.
    pub unread: bool,
}

impl<P: Ports> Reconciliation<P> {
    /// Searches Jira, if that is due. One search if nothing was updated.
    ///
    /// # Errors
    /// A step failed. The cursor stays where it was, and the next run begins again. Comments found
    /// before are found once more, which does no harm.
    pub async fn run(&self) -> Result<Reconciled, Later> {
        let now = self.app.clock.now();
        let Some(cursor) = self.app.store.cursor().await? else {
            self.app.store.keep_cursor(&Cursor::beginning(now)).await?;
            return Ok(Reconciled::default());
        };
        if !cursor.is_due(now) {
            return Ok(Reconciled::default());
        }
        let (reconciled, reached) = self.look_through(cursor.since, now).await?;
        let cursor = match reached {
            None if reconciled.unread => cursor.held_back(now),
            None => cursor.completed(now),
            Some(reached) => cursor.interrupted(now, reached),
        };
        // A conflict means another run in the same minute, which saw the same comments.
        self.app.store.keep_cursor(&cursor).await?;
        Ok(reconciled)
    }

    /// Searches Jira, and returns the position it reached. `None`: it reached the end.
    async fn look_through(
        &self,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(Reconciled, Option<DateTime<Utc>>), Failure> {
        let own_account = self.app.jira.own_account().await?;
        let settings = self.app.settings.current().await?;
        let numbers = || settings.numbers().iter();
        let desks = numbers().map(|number| &*number.service_desk_id).collect();
        let phones = numbers().filter_map(|number| number.phone_field.as_deref());
        let phones = phones.collect();
        let mut reconciled = Reconciled::default();
        let mut next: Option<String> = None;
        let mut reached = since;
        for _ in 0..PAGES {
            let within = now - since;
            let page = self
                .app
                .jira
                .updated(&desks, &phones, within, next.as_deref())
                .await?;
            for issues in page.issues.chunks(AT_ONCE) {
                let looks = issues
                    .iter()
                    .map(|issue| self.look_at(issue, &own_account, since));
                for found in try_join_all(looks).await? {
                    reconciled.found += found.unwrap_or_default();
                    reconciled.unread |= found.is_none();
                }
            }
            reached = latest(&page.issues).unwrap_or(reached);
            next = page.next;
            if next.is_none() {
                return Ok((reconciled, None));
            }
        }
        reconciled.unfinished = true;
        Ok((reconciled, Some(reached)))
    }

    /// Puts the missed comments of an issue on the queue, in order, and returns their number.
    /// `None`: Jira does not show the issue for now.
    async fn look_at(
        &self,
        issue: &UpdatedIssue,
        own_account: &AccountId,
        since: DateTime<Utc>,
    ) -> Result<Option<usize>, Failure> {
        let conversation = self.app.store.of_issue(&issue.id).await?;
        // An agent or a rule may begin a conversation by a template.
        if conversation.is_none() && !issue.has_phone {
            return Ok(Some(0));
        }
        let issue = &issue.id;
        let mut comments = match self.app.jira.latest_comments(issue).await {
            Ok(comments) => comments,
            // One unreadable issue must not hold up all others.
            Err(failure) if matches!(fate(&failure), Fate::Gone | Fate::GiveUp) => {
                return Ok(Some(0));
            }
            Err(CallFailure::Absent(_)) => return Ok(None),
            Err(failure) => return Err(failure.into()),
        };
        comments.sort_by_key(|comment| comment.created);
        let mut held = None;
        let mut found = 0;
        for comment in &comments {
            let missed = if let Some(command) = comment.command(own_account, since) {
                let begins = matches!(command, Command::Template(_));
                let may = conversation.is_some() || begins;
                let known = !may || answers::is_answered(&self.app, comment, &command).await?;
                (!known).then(|| comment.found(issue))
            } else if let Some(conversation) = &conversation
                && comment.is_candidate(own_account, since)
            {
                if held.is_none() {
                    held = Some(self.app.store.held(conversation).await?);
                }
                // An edit of a held reply is followed when it is released.
                let mut held = held.iter().flatten();
                if held.any(|held| held.comment_id == comment.id) {
                    continue;
                }
                let key = OutboundKey::comment(&comment.id, 0);
                let entry = self.app.store.entry(&key).await?;
                comment.missed(issue, entry.as_ref())
            } else {
                None
            };
            if let Some((message, id)) = missed {
                self.outbound.enqueue(&message, &id).await?;
                found += 1;
            }
        }
        Ok(Some(found))
    }
}

fn latest(issues: &[UpdatedIssue]) -> Option<DateTime<Utc>> {
    issues.iter().map(|issue| issue.updated).max()
}
