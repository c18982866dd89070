//! Actions on issues and comments, by Casement and by agents alike.
//!
//! Each action changes the state and sends the webhooks that follow from it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use serde_json::Value;
use tokio::sync::oneshot;

use super::attaching;
use super::events::{Change, Events, Flow};
use crate::jira::JiraSimulator;
use crate::jira::account::Account;
use crate::jira::errors::JiraError;
use crate::jira::options::Judged;
use crate::jira::state::attachment::File;
use crate::jira::state::workflow::Status;
use crate::jira::state::{Comment, Issue, NewIssue, Visibility};
use crate::lock;
use crate::webhook::{Outcome, Parcel};

/// The outcome of the first attempt to deliver an action's webhook.
pub(crate) type FirstOutcome = oneshot::Receiver<Outcome>;

/// The ids of the first issue and comment. Later ids count up from them.
pub(crate) const FIRST_ISSUE: u64 = 10_001;
pub(crate) const FIRST_COMMENT: u64 = 20_001;

/// The key of the property that marks a comment as internal.
pub(crate) const PUBLIC_COMMENT: &str = "sd.public.comment";

/// The initial content of a comment.
#[derive(Clone, Debug)]
pub(crate) struct NewComment {
    pub author: Account,
    pub body: Value,
    pub public: bool,
    pub visibility: Option<Visibility>,
    pub properties: BTreeMap<String, Value>,
    /// Files that become attachments. Those that the body does not name are appended to it.
    pub files: Vec<File>,
}

/// The changes to a comment. Whatever is `None` stays.
#[derive(Clone, Debug)]
pub(crate) struct CommentEdit {
    pub editor: Account,
    pub body: Option<Value>,
    pub public: Option<bool>,
    pub visibility: Option<Visibility>,
    /// Files, treated as those of a new comment.
    pub files: Vec<File>,
}

impl CommentEdit {
    /// Creates an edit that changes nothing but the time.
    pub(crate) fn of_nothing(editor: Account) -> Self {
        Self {
            editor,
            body: None,
            public: None,
            visibility: None,
            files: Vec::new(),
        }
    }
}

impl JiraSimulator {
    pub(crate) fn create_issue(&self, new: NewIssue) -> (Issue, FirstOutcome) {
        let count = self.shared.issues.fetch_add(1, Ordering::SeqCst);
        let key = format!("{}-{}", self.shared.config.project_key, count + 1);
        let issue = Issue::new(FIRST_ISSUE + count, key, new, self.now());
        let mut state = lock(&self.shared.state);
        let parcel = self.events(&state.options).issue_created(&issue);
        state.issues.insert(issue.id, issue.clone());
        (issue, self.shared.outbox.send(parcel))
    }

    /// # Errors
    /// There is no such issue.
    pub(crate) fn delete_issue(&self, key: &str) -> Result<FirstOutcome, JiraError> {
        let mut state = lock(&self.shared.state);
        let id = state.issue(key).ok_or_else(JiraError::no_issue)?.id;
        let issue = state.issues.remove(&id).ok_or_else(JiraError::no_issue)?;
        let parcels = self
            .events(&state.options)
            .issue_deleted(&issue, Account::Agent);
        Ok(self.send_all(parcels))
    }

    /// Returns the issue's id and the comment.
    ///
    /// # Errors
    /// There is no such issue, or it is full.
    pub(crate) fn add_comment(
        &self,
        key: &str,
        new: NewComment,
    ) -> Result<(u64, Comment, FirstOutcome), JiraError> {
        self.on_issue(key, |issue, events| {
            let (comment, outcome) = self.comment(issue, events, new)?;
            self.preset_rules(issue, events, &comment);
            if let Some(reaction) = events.options.automation.reaction(issue, &comment)
                && let Ok((_, told)) = self.comment(issue, events, reaction)
            {
                // Nobody waits for Casement's answer.
                drop(told);
            }
            Ok((issue.id, comment, outcome))
        })
    }

    /// Stops the SLA and carries out the preset rules of a service project. Source: Atlassian
    /// Support, "Preset automation rules": a customer's comment leads to *Waiting for support*, the
    /// team's to *Waiting for customer*.
    fn preset_rules(&self, issue: &mut Issue, events: &Events<'_>, comment: &Comment) {
        let judged = events.options.judges_us_as;
        let side = judged.and_then(|judged| judged.side_of(comment.author));
        let Some(side) = side.filter(|_| comment.public && issue.request_type.is_some()) else {
            return;
        };
        let status = match side {
            Judged::Customer => Status::WaitingForSupport,
            Judged::Agent => {
                issue.responded.get_or_insert(events.now);
                Status::WaitingForCustomer
            }
        };
        if issue.status != status {
            drop(self.move_to(issue, events, status, Account::Automation));
        }
    }

    fn comment(
        &self,
        issue: &mut Issue,
        events: &Events<'_>,
        new: NewComment,
    ) -> Result<(Comment, FirstOutcome), JiraError> {
        if issue.comments.len() >= events.options.comments_per_issue {
            return Err(JiraError::full("comments"));
        }
        let linked = events.now + attaching::delay(events.options);
        let added = self.keep_files(issue, new.files, new.author, linked);
        let mut body = new.body;
        attaching::show_files(issue, &added, &mut body);
        let comment = Comment {
            id: FIRST_COMMENT + self.shared.comments.fetch_add(1, Ordering::SeqCst),
            author: new.author,
            update_author: new.author,
            body,
            public: new.public,
            visibility: new.visibility,
            properties: new.properties,
            files: added.iter().map(|attachment| attachment.id).collect(),
            files_linked: linked,
            created: events.now,
            updated: events.now,
        };
        issue.comments.push(comment.clone());
        issue.touch(events.now);
        let parcel = events.comment("comment_created", issue, &comment, Flow::Primary);
        let outcome = self.shared.outbox.send(parcel);
        self.tell_of_files(events, &added);
        Ok((comment, outcome))
    }

    /// Returns the issue's id and the comment.
    ///
    /// # Errors
    /// There is no such issue or comment.
    pub(crate) fn edit_comment(
        &self,
        key: &str,
        id: &str,
        edit: CommentEdit,
    ) -> Result<(u64, Comment, FirstOutcome), JiraError> {
        self.on_issue(key, |issue, events| {
            let (known, current) = issue
                .comment(id)
                .map(|comment| (comment.id, comment.body.clone()))
                .ok_or_else(|| JiraError::no_comment(id))?;
            let listed_from = events.now + attaching::delay(events.options);
            let added = self.keep_files(issue, edit.files, edit.editor, listed_from);
            if edit.body.is_some() || !added.is_empty() {
                let mut body = edit.body.unwrap_or(current);
                attaching::show_files(issue, &added, &mut body);
                attaching::replace_body(issue, known, body);
            }
            let comment = issue
                .comment_mut(known)
                .ok_or_else(|| JiraError::no_comment(id))?;
            comment
                .files
                .extend(added.iter().map(|attachment| attachment.id));
            if let Some(public) = edit.public {
                comment.public = public;
            }
            if edit.visibility.is_some() {
                comment.visibility = edit.visibility;
            }
            comment.update_author = edit.editor;
            comment.updated = events.now;
            let comment = comment.clone();
            issue.touch(events.now);
            let parcel = events.comment("comment_updated", issue, &comment, Flow::Primary);
            let outcome = self.shared.outbox.send(parcel);
            self.tell_of_files(events, &added);
            Ok((issue.id, comment, outcome))
        })
    }

    /// # Errors
    /// There is no such issue or comment.
    pub(crate) fn delete_comment(&self, key: &str, id: &str) -> Result<FirstOutcome, JiraError> {
        self.on_issue(key, |issue, events| {
            let comment = issue
                .comment(id)
                .cloned()
                .ok_or_else(|| JiraError::no_comment(id))?;
            let files: BTreeSet<u64> = issue
                .comment_attachments(&comment)
                .iter()
                .map(|attachment| attachment.id)
                .collect();
            issue.comments.retain(|other| other.id != comment.id);
            issue.delete_orphans(&files);
            issue.touch(events.now);
            let parcel = events.comment("comment_deleted", issue, &comment, Flow::Primary);
            Ok(self.shared.outbox.send(parcel))
        })
    }

    /// Moves an issue to `status`, whether or not the workflow allows the transition.
    ///
    /// # Errors
    /// There is no such issue.
    pub(crate) fn set_status(
        &self,
        key: &str,
        status: Status,
        user: Account,
    ) -> Result<FirstOutcome, JiraError> {
        self.on_issue(key, |issue, events| {
            Ok(self.move_to(issue, events, status, user))
        })
    }

    fn move_to(
        &self,
        issue: &mut Issue,
        events: &Events<'_>,
        status: Status,
        user: Account,
    ) -> FirstOutcome {
        let before = issue.status;
        let mut changes = vec![Change {
            field: "status".to_owned(),
            from: Some(before.id().to_owned()),
            from_text: Some(before.name().to_owned()),
            to: Some(status.id().to_owned()),
            to_text: Some(status.name().to_owned()),
        }];
        changes.extend(resolution_change(before, status));
        issue.status = status;
        issue.status_since = events.now;
        issue.statuses.push((status, events.now));
        issue.touch(events.now);
        let parcel = events.issue_updated("issue_generic", issue, user, &changes);
        self.shared.outbox.send(parcel)
    }

    /// Assigns an issue to somebody, or to nobody.
    ///
    /// # Errors
    /// There is no such issue.
    pub(crate) fn assign(
        &self,
        key: &str,
        to: Option<Account>,
        user: Account,
    ) -> Result<FirstOutcome, JiraError> {
        self.on_issue(key, |issue, events| {
            let before = std::mem::replace(&mut issue.assignee, to);
            let id = |who: Option<Account>| who.map(|who| who.account_id().to_owned());
            let name = |who: Option<Account>| who.map(|who| who.display_name().to_owned());
            let change = Change {
                field: "assignee".to_owned(),
                from: id(before),
                from_text: name(before),
                to: id(to),
                to_text: name(to),
            };
            issue.touch(events.now);
            let parcel = events.issue_updated("issue_assigned", issue, user, &[change]);
            Ok(self.shared.outbox.send(parcel))
        })
    }

    /// Lets `edit` change an issue and return its changes.
    ///
    /// # Errors
    /// There is no such issue, or `edit` fails.
    pub(crate) fn edit_issue(
        &self,
        key: &str,
        user: Account,
        edit: impl FnOnce(&mut Issue) -> Result<Vec<Change>, JiraError>,
    ) -> Result<(), JiraError> {
        self.on_issue(key, |issue, events| {
            let changes = edit(issue)?;
            if changes.is_empty() {
                return Ok(());
            }
            issue.touch(events.now);
            let parcel = events.issue_updated("issue_updated", issue, user, &changes);
            // Nobody waits for Casement's answer.
            drop(self.shared.outbox.send(parcel));
            Ok(())
        })
    }

    /// Counts a write through the REST API.
    ///
    /// # Errors
    /// There is no such issue, or it was written to too often.
    pub(crate) fn count_write(&self, key: &str) -> Result<(), JiraError> {
        let now = self.now();
        let mut state = lock(&self.shared.state);
        let issue = state.issue_mut(key).ok_or_else(JiraError::no_issue)?;
        let counted = issue.writes.count(now);
        counted.map_err(|free_at| JiraError::too_many_writes(now, free_at))
    }

    /// Sends all parcels. The receiver gets the outcome of the first one.
    fn send_all(&self, parcels: Vec<Parcel>) -> FirstOutcome {
        let mut sent = parcels
            .into_iter()
            .map(|parcel| self.shared.outbox.send(parcel));
        let first = sent.next();
        sent.for_each(drop);
        first.unwrap_or_else(|| oneshot::channel().1)
    }
}

/// Returns the change of resolution, which Jira sets together with a done status.
fn resolution_change(before: Status, after: Status) -> Option<Change> {
    let resolution = |status| (status == Status::Resolved).then_some(("10000", "Done"));
    let (from, to) = (resolution(before), resolution(after));
    (from != to).then(|| Change {
        field: "resolution".to_owned(),
        from: from.map(|(id, _)| id.to_owned()),
        from_text: from.map(|(_, name)| name.to_owned()),
        to: to.map(|(id, _)| id.to_owned()),
        to_text: to.map(|(_, name)| name.to_owned()),
    })
}
